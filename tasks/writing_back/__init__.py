"""Approved notes, written back to where a release is told of: its page on GitHub, and the changelog."""
