"""What tminus writes to the people who work on a launch: asks, reminders, news. They never hold a gate up."""
