"""What a release consists of, and what became different: commits, evidence, contents."""
