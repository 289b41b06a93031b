"""From what a host says of a release to the launch it asks for: one file for each host, the same values for all."""
