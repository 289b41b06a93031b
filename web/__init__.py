"""The doors: release webhooks, the outbox, health."""
