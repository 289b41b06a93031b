"""How it is started: the `tminus` command, the worker, prefect.yaml."""
