"""Who hears: settled when it is approved, and how people say that they want to, or not."""
