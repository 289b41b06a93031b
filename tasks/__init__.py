"""What touches the world: the Prefect API, senders, checks, settings, and the one verb `advance`."""
