"""The page that shows an announcement before it leaves: what is shown, and how it was asked for."""
