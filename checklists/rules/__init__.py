"""What may happen to a launch, and what it records: one file a group of commands; `decide` asks them."""
