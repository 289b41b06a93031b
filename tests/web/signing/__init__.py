"""The page on which people sign, through a real server on loopback."""
