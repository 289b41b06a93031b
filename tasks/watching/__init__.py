"""Looks for release tags where no webhook can tell of them: over REST, or with plain git."""
