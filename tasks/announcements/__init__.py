"""An announcement from its preview to its reach: who is told what, when, and what is said afterwards."""
