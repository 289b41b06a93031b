"""The pages on which people outside say what they want to hear: sign-up, preferences, leaving."""
