"""Digests: planned for those who read them, and written when they leave."""
