"""Where people see and answer a launch: one protocol, Prefect behind it, an in-memory twin, and what stands on both."""
