"""What we say: one folder a message; `render()` is pure."""
