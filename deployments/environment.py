"""The environment the parts of tminus run in: where Prefect keeps its things, and how it is reached."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from shlex import quote

from tasks.settings import ROOT, Settings

POOL = "tminus"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
NOTES = {"prefect-api-url": "PREFECT_API_URL", "public-url": "TMINUS_PUBLIC_URL", "identity": "TMINUS_IDENTITY"}
"""What `tminus up` notes in home: file -> variable."""
DEFAULT = "http://127.0.0.1:4200/api"


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
    """The wanted port, or one the system gives where that is taken or none is wanted (0)."""
    if wanted and is_free(host, wanted):
        return wanted
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def kept_port(host: str, file: Path) -> int:
    """The port of the run before, where it is free: links in letters of a run that was killed lead on."""
    before = file.read_text("utf-8") if file.exists() else ""
    port = free_port(host, int(before) if before.isdecimal() else 0)
    file.write_text(f"{port}", "utf-8")
    return port


def prefect_environment(settings: Settings, host: str, port: int) -> dict[str, str]:
    """What a Prefect server of ours, and everything that talks to it, is told. What the user set wins."""
    home = settings.home.resolve()
    reached = "127.0.0.1" if host in EVERYWHERE else host
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
        # We end the children of a launch ourselves; looking at every waiting gate each 20 s is not for free.
        "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": "300",
        # The patrol's next rounds; by default the UI would list a hundred of them.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "3",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT30S",
        "TMINUS_HOME": str(home),
        "TMINUS_ROOT": str(ROOT),
        "TMINUS_POOL": POOL,
        "PYTHONUNBUFFERED": "1",
    }
    return {**ours, **os.environ, "PREFECT_API_URL": ours["PREFECT_API_URL"]}


REAL = (
    "TMINUS_DATABASE_URL",
    "TMINUS_CHECKLISTS",
    "TMINUS_SMTP_URL",
    "SENDGRID_API_KEY",
    "TMINUS_PUBLIC_URL",
    "TMINUS_SECRET_KEY",
    "TMINUS_PROXY_HEADER",
    "TMINUS_PROXY_ADDRESSES",
    "TMINUS_TOKEN",
    "TMINUS_MESSAGES",
    "TMINUS_GITHUB_TOKEN",
    "TMINUS_GITLAB_TOKEN",
    "TMINUS_GITHUB_SECRET",
    "TMINUS_GITLAB_SECRET",
    "TMINUS_GITEA_SECRET",
    "TMINUS_RELEASE_SECRET",
)
"""What the user set for real work."""


def only_here(settings: Settings, organisation: Path) -> None:
    """Cut this process, and all it starts, off from anything real: it has its home, this organisation, and loopback.

    What the user set up for real work (a database, another Prefect server, a key that sends mails) must not be met
    by people who are simulated. An empty variable wins over the one in `.env`.
    """
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    os.environ.update(_only_here(settings, organisation))


def _only_here(settings: Settings, organisation: Path) -> dict[str, str]:
    ours = {"TMINUS_HOME": str(settings.home.resolve()), "TMINUS_ORGANISATION": str(organisation)}
    return {**dict.fromkeys(REAL, ""), **ours, "TMINUS_IDENTITY": "asserted"}


def to_source(settings: Settings, organisation: Path, web: str) -> str:
    """The same for a shell that sources this: its commands meet what is simulated, and nothing else."""
    told = {**_only_here(settings, organisation), "TMINUS_PUBLIC_URL": web}
    forget = """for name in $(env | sed -n 's/^\\(PREFECT_[A-Z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done"""
    return "\n".join((forget, *(f"export {name}={quote(value)}" for name, value in told.items()), ""))


def remember(settings: Settings, environment: Mapping[str, str]) -> None:
    """Note in home where the server and the web room answer, so that commands find them without being told."""
    for note, name in NOTES.items():
        (settings.make_home() / note).write_text(environment.get(name, "") + "\n")


def find_prefect(settings: Settings) -> None:
    """Set this process's environment for the Prefect server in use: the user's, or the one `tminus up` started last.

    The same for the web room's address, and for whether people are verified. Has to happen before Prefect is imported,
    which reads it then.
    """
    quiet = {"PREFECT_HOME": str(settings.home.resolve() / "prefect"), "PREFECT_LOGGING_LEVEL": "ERROR"}
    for name, value in {**quiet, "PREFECT_API_URL": DEFAULT, "DO_NOT_TRACK": "1", **_noted(settings)}.items():
        if not os.environ.get(name):
            os.environ[name] = value


def _noted(settings: Settings) -> dict[str, str]:
    """What stands in the notes and the user has not said otherwise. Names are never trusted because of a note."""
    files = {name: settings.make_home() / note for note, name in NOTES.items()}
    said = {name: file.read_text().strip() for name, file in files.items() if file.exists()}
    unsaid = {"TMINUS_PUBLIC_URL": "public_url", "TMINUS_IDENTITY": "identity"}
    return {
        name: value
        for name, value in said.items()
        if value not in ("", "asserted") and unsaid.get(name) not in settings.model_fields_set
    }
