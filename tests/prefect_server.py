"""A real Prefect server and a real inline worker, once a test session, and a world that reaches them: `house`.

The server keeps its runs in PostgreSQL where one answers: on SQLite it says 503 at times, and clients wait for seconds.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import make_url

from checklists.commands import TMINUS, Abandon
from checklists.decide import Refusal
from checklists.files.organisation_file import OrganisationFile
from checklists.launch import Launch
from checklists.request import LaunchRequest
from deployments.environment import POOL, prefect_environment
from deployments.parts import Part, inline_worker, prefect_server
from ledger.store import Ledger
from tasks.act import act
from tasks.advance import advance
from tasks.boards.prefect_api import forget
from tasks.boards.prefect_board import PrefectBoard
from tasks.opening import open_launch
from tasks.settings import Settings
from tasks.world import World
from tests.databases import POSTGRES
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.prefect_ui import PrefectUI, over, until

__all__ = ["HOST", "House", "clean_environment", "prefect_database", "until"]

HOST = "127.0.0.1"
CHECKLISTS = Path(__file__).parent / "flows" / "checklists"
QUICK = {
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "2",  # how soon a silent worker is called offline
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}


def clean_environment() -> dict[str, str]:
    """The environment without anything that would lead to the developer's own Prefect, ledger or keys."""
    ours = ("PREFECT_", "TMINUS_", "SENDGRID_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@contextmanager
def prefect_database() -> Iterator[str]:
    """The address of an empty PostgreSQL database, or nothing where none answers."""
    server, name = make_url(POSTGRES), f"tminus_prefect_{uuid4().hex[:12]}"
    try:
        address = server.set(drivername="postgresql").render_as_string(hide_password=False)
        admin = psycopg.connect(address, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield ""
        return
    with admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        yield server.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@dataclass
class House(PrefectUI):
    """The server, the worker, a SendGrid peer, and the world of this process that reaches all of them."""

    folder: Path
    port: int
    sendgrid: SendGridPeer
    database: str = ""
    started: list[str] = field(default_factory=list)
    last: int = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/api"

    @cached_property
    def settings(self) -> Settings:
        return Settings(
            _env_file=None,
            home=self.folder / "home",
            organisation=self.folder / "checklists" / "organisation.yaml",
            checklists=(self.folder / "checklists",),
            SENDGRID_API_KEY=KEY,
            sendgrid_host=self.sendgrid.host,
            postal_address="Example Org, 1 Example Street",
        )

    @cached_property
    def environment(self) -> dict[str, str]:
        """What the server, the worker and commands are told."""
        theirs = prefect_environment(self.settings, HOST, self.port)
        ours = {
            "TMINUS_ORGANISATION": str(self.settings.organisation),
            "TMINUS_CHECKLISTS": str(self.folder / "checklists"),
            "TMINUS_SENDGRID_HOST": self.sendgrid.host,
            "TMINUS_POSTAL_ADDRESS": self.settings.postal_address,
            "SENDGRID_API_KEY": KEY,
        }
        runs = {"PREFECT_API_DATABASE_CONNECTION_URL": self.database} if self.database else {}
        return {**theirs, **clean_environment(), **QUICK, **ours, **runs}

    @cached_property
    def server(self) -> Part:
        part = prefect_server(self.environment, HOST, self.port, self.folder / "logs")
        part.orphaned = signal.SIGKILL  # asleep, it would hear of nothing else
        return part

    @cached_property
    def worker(self) -> Part:
        return self.a_worker("inline")

    def a_worker(self, name: str, **environment: str) -> Part:
        return inline_worker({**self.environment, **environment}, POOL, name, self.folder / "logs")

    @cached_property
    def world(self) -> World:
        organisation = OrganisationFile(self.settings.organisation)
        return World(self.settings, Ledger(self.settings.ledger_url), organisation, PrefectBoard())

    @contextmanager
    def running(self) -> Iterator[None]:
        """Everything started and deployed; the patrol goes its rounds when a test says so, not by the clock."""
        shutil.copytree(CHECKLISTS, self.folder / "checklists")
        self.settings.make_home()
        self.world.ledger.migrate()
        try:
            self.server.start()
            self.server.wait()
            with self.reached():
                self.deploy()
            self.worker.start()
            yield
        finally:
            self.wake()
            self.worker.stop()
            self.server.stop()
            self.api.close()
            self.world.ledger.dispose()

    def sleep(self) -> None:
        """Let the server and the worker stand still, so that they cost nothing while nobody needs them."""
        self._tell(signal.SIGSTOP)

    def wake(self) -> None:
        self._tell(signal.SIGCONT)

    def _tell(self, what: signal.Signals) -> None:
        for part in (self.worker, self.server):
            if part.process is not None and part.is_alive:
                part.process.send_signal(what)

    def deploy(self) -> None:
        from deployments.deploy import deploy

        deploy(POOL)
        for name in ("patrol", "watch", "digest"):
            made = self.get(f"/deployments/name/{name}/{name}")
            for schedule in made["schedules"]:
                self.call("PATCH", f"/deployments/{made['id']}/schedules/{schedule['id']}", {"active": False})

    @contextmanager
    def reached(self, url: str = "") -> Iterator[None]:
        """This process talks to the server, or to whatever is at that address."""
        forget()
        try:
            with temporary_settings({PREFECT_API_URL: url or self.url}):
                yield
        finally:
            forget()

    def launch(self, launch_id: str) -> Launch:
        found = self.world.launch(launch_id)
        assert found is not None, launch_id
        return found

    def new_version(self) -> str:
        """A version of acme that nobody else has; its launch is ended after the test."""
        self.last += 1
        self.started.append(f"acme-{self.last}.0.0")
        return f"{self.last}.0.0"

    def start(self, checklist: str, version: str = "") -> Launch:
        """A launch of a version nobody else has, with all open that may be."""
        asked = LaunchRequest(product="acme", version=version or self.new_version(), checklist=checklist)
        launch = open_launch(self.world, asked)
        assert not isinstance(launch, Refusal), launch
        return advance(self.world, launch.id)

    def run_of(self, launch_id: str) -> str:
        run = self.launch(launch_id).run
        assert run is not None, launch_id
        return run.run_id

    def form(self, launch_id: str, item: str) -> str:
        """The flow run whose form asks people about an item, as soon as there is one."""
        return until(lambda: self.launch(launch_id).items[item].run).run_id

    def answer(self, launch_id: str, item: str, by: str, decision: str = "approve", comment: str = "") -> str:
        """Fill in the form of an item in the UI, and wait until its run has taken the answer. Returns the run's id."""
        run_id = self.form(launch_id, item)
        given = self.resume(run_id, {"decision": decision, "signed_by": by, "comment": comment})
        assert given["status"] == "ACCEPT", given
        until(lambda: self.run(run_id)["state"]["type"] == "COMPLETED")
        return run_id

    def ended(self, launch_id: str) -> dict[str, Any]:
        """The launch's run once it has come to its end."""
        until(lambda: self.launch(launch_id).has_ended)
        return until(lambda: over(self.run(self.run_of(launch_id))))

    def go_round(self) -> None:
        """One round of the patrol, through the worker, as its schedule does it."""
        patrol = self.get("/deployments/name/patrol/patrol")
        run = self.call("POST", f"/deployments/{patrol['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})
        assert until(lambda: over(self.run(run["id"])))["state"]["type"] == "COMPLETED"

    def tminus(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The `tminus` command, as people type it."""
        command = [sys.executable, "-m", "deployments.command", *words]
        told = {**self.environment, **environment}
        return subprocess.run(command, env=told, capture_output=True, text=True, timeout=90, check=False)

    def leave(self) -> None:
        """End what a test left open."""
        while self.started:
            launch_id = self.started.pop()
            if (launch := self.world.launch(launch_id)) and not launch.has_ended:
                act(self.world, launch_id, Abandon(by=TMINUS, reason="the test is over"))
                advance(self.world, launch_id)
