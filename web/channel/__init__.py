"""The change channel: its pages, its feeds and the snippet."""
