"""The environment the parts of tminus run in: where Prefect keeps its things, and how it is reached."""

from __future__ import annotations

import os
import socket
from contextlib import closing

from tasks.settings import ROOT, Settings

POOL = "tminus"


def is_free(host: str, port: int) -> bool:
    """Whether somebody could listen there now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or one the system gives where that is taken."""
    if is_free(host, wanted):
        return wanted
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def prefect_environment(settings: Settings, host: str, port: int) -> dict[str, str]:
    """What a Prefect server of ours, and everything that talks to it, is told. What the user set wins."""
    home = settings.home.resolve()
    reached = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    ours = {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://{reached}:{port}/api",
        "PREFECT_UI_API_URL": f"http://{reached}:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_WORKER_QUERY_SECONDS": "0.25",
        "PREFECT_WORKER_HEARTBEAT_SECONDS": "5",
        "PREFECT_CLI_PROMPT": "false",
        "TMINUS_HOME": str(home),
        "TMINUS_ROOT": str(ROOT),
        "TMINUS_POOL": POOL,
        "PYTHONUNBUFFERED": "1",
    }
    return {**ours, **{name: value for name, value in os.environ.items() if name not in ("PREFECT_API_URL",)}}
