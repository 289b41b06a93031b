"""The doors for releases: each makes sure of the sender first, then all keep, answer, and only then tell Prefect."""
