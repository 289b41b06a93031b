"""The ways out: one file a channel, each behind the same small protocol."""
