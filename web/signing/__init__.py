"""The page on which people sign: what it shows, what its form means, and what it answers."""
