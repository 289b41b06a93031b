"""The page on which people edit release notes: what it shows, what its forms mean, and what it answers."""
