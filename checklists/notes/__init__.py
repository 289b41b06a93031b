"""Release notes: what changed between two releases, and the words for it that each audience understands."""
