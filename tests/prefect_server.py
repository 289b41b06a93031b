"""A real Prefect server and a real inline worker, once a test session, and a world that reaches them: `house`.

The server keeps its runs in PostgreSQL where one answers: on SQLite it says 503 at times, and clients wait for seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psycopg
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import make_url

from checklists.commands import TMINUS, Abandon
from checklists.decide import Refusal
from checklists.launch import Launch
from checklists.organisation_file import OrganisationFile
from checklists.request import LaunchRequest
from deployments.environment import POOL, prefect_environment
from deployments.parts import Part, inline_worker, prefect_server
from ledger.store import Ledger
from tasks.act import act
from tasks.advance import advance
from tasks.opening import open_launch
from tasks.prefect_api import forget
from tasks.prefect_board import PrefectBoard
from tasks.settings import Settings
from tasks.world import World
from tests.databases import POSTGRES
from tests.peers.sendgrid import KEY, SendGridPeer

HOST = "127.0.0.1"
PATIENCE = 40.0  # seconds until a test gives up on what has to happen
CHECKLISTS = Path(__file__).parent / "flows" / "checklists"
QUICK = {
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "1",  # how soon a silent worker is called offline
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}
Found = TypeVar("Found")


def clean_environment() -> dict[str, str]:
    """The environment without anything that would lead to the developer's own Prefect, ledger or keys."""
    ours = ("PREFECT_", "TMINUS_", "SENDGRID_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def until(look: Callable[[], Found | None], seconds: float = PATIENCE) -> Found:
    """What `look` finds, as soon as it is something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"nothing after {seconds} s; the last look found {found!r}"
        time.sleep(0.1)
    return found


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
class House:
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
        return prefect_server(self.environment, HOST, self.port, self.folder / "logs")

    @cached_property
    def worker(self) -> Part:
        return self.a_worker("inline")

    def a_worker(self, name: str, **environment: str) -> Part:
        return inline_worker({**self.environment, **environment}, POOL, name, self.folder / "logs")

    @cached_property
    def world(self) -> World:
        organisation = OrganisationFile(self.settings.organisation)
        return World(self.settings, Ledger(self.settings.ledger_url), organisation, PrefectBoard())

    @cached_property
    def api(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

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
            self.worker.stop()
            self.server.stop()
            self.api.close()
            self.world.ledger.dispose()

    def deploy(self) -> None:
        from deployments.deploy import deploy

        deploy(POOL)
        patrol = self.get("/deployments/name/patrol/patrol")
        for schedule in patrol["schedules"]:
            self.call("PATCH", f"/deployments/{patrol['id']}/schedules/{schedule['id']}", {"active": False})

    @contextmanager
    def reached(self, url: str = "") -> Iterator[None]:
        """This process talks to the server, or to whatever is at that address."""
        forget()
        with temporary_settings({PREFECT_API_URL: url or self.url}):
            yield
        forget()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The server's answer, as the UI gets it; SQLite is asked again where it is busy."""
        for _ in range(20):
            answer = self.api.request(method, path, json=body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(0.2)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def runs(self, **filters: Any) -> list[dict[str, Any]]:
        """Flow runs that carry these tags or have this name, the oldest first."""
        chosen = {name: {"all_": value} if name == "tags" else {"any_": [value]} for name, value in filters.items()}
        found: list[dict[str, Any]] = self.call("POST", "/flow_runs/filter", {"flow_runs": chosen, "limit": 200})
        return sorted(found, key=lambda run: str(run["created"]))

    def run(self, run_id: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/flow_runs/{run_id}")
        return found

    def resume(self, run_id: str, answer: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The Resume button with its form filled in."""
        body = {} if answer is None else {"run_input": answer}
        try:
            given: dict[str, Any] = self.call("POST", f"/flow_runs/{run_id}/resume", body)
        except httpx.HTTPStatusError as error:
            assert error.response.status_code == httpx.codes.CONFLICT, error.response.text
            return {"status": "CONFLICT"}  # somebody else was a moment earlier
        return given

    def states(self, run_id: str) -> list[str]:
        """The names of all states a run has been in."""
        return [state["name"] for state in self.get(f"/flow_run_states/?flow_run_id={run_id}")]

    def set_state(self, run_id: str, type_: str) -> None:
        """The "change state" dialog of a run, with the box that forces it."""
        due = {"state_details": {"scheduled_time": datetime.now(UTC).isoformat()}} if type_ == "SCHEDULED" else {}
        self.call("POST", f"/flow_runs/{run_id}/set_state", {"state": {"type": type_, **due}, "force": True})

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
        until(lambda: self.launch(launch_id).items[item].run)
        run = self.launch(launch_id).items[item].run
        assert run is not None, item
        return run.run_id

    def input(self, run_id: str, key: str) -> Any:
        """What stands with a run's form: its schema, description or response."""
        for found in self.call("POST", f"/flow_runs/{run_id}/input/filter", {"prefix": "", "limit": 50}):
            if str(found["key"]).endswith(key):
                return found["value"] if isinstance(found["value"], dict) else json.loads(found["value"])
        return None

    def artifacts(self, run_id: str) -> dict[str, Any]:
        """What hangs on a run, by kind."""
        chosen = {"artifacts": {"flow_run_id": {"any_": [run_id]}}}
        return {found["type"]: _data(found["data"]) for found in self.call("POST", "/artifacts/filter", chosen)}

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
        return until(lambda: _over(self.run(self.run_of(launch_id))))

    def go_round(self) -> None:
        """One round of the patrol, through the worker, as its schedule does it."""
        patrol = self.get("/deployments/name/patrol/patrol")
        run = self.call("POST", f"/deployments/{patrol['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})
        assert until(lambda: _over(self.run(run["id"])))["state"]["type"] == "COMPLETED"

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


def _over(run: dict[str, Any]) -> dict[str, Any] | None:
    return run if run["state"]["type"] in ("COMPLETED", "CANCELLED", "FAILED", "CRASHED") else None


def _data(value: Any) -> Any:
    """Tables are kept as text."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value
