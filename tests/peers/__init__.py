"""Peers on loopback that behave like the vendors, down to their failures."""
