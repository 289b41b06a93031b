"""The web room, through a real server on loopback."""
