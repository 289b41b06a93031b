"""What people see and do in the Prefect UI, in a real browser."""
