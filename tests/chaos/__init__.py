"""What is killed, drops, hangs and comes twice: each message leaves once at most. `make chaos` does it 200 times."""
