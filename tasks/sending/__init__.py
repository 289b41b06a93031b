"""How an announcement leaves: in batches, each claimed, written down, handed over and settled."""
