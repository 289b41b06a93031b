"""Everything tminus is made of, on real PostgreSQL where it listens, for as long as a benchmark takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from redis import Redis
from sqlalchemy import URL, make_url

from deployments.environment import POOL, free_port, prefect_environment
from deployments.parts import Part, inline_worker, prefect_server, web_room
from tasks.settings import ROOT, Settings
from tests.databases import POSTGRES

SECRET = "bench"
REDIS = os.environ.get("TMINUS_TEST_REDIS", "redis://127.0.0.1:6379/15")
MIGRATE = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
SERVICES = [sys.executable, "-m", "prefect", "server", "services", "start"]


@dataclass
class Stack:
    """The running parts and where they answer."""

    settings: Settings
    environment: dict[str, str]
    server: Part
    worker: Part
    web: Part
    web_address: str
    database: str
    services: tuple[Part, ...] = ()

    def server_cpu(self) -> float:
        """Processor seconds of all of Prefect's server so far."""
        return sum(cpu_seconds(part) for part in (self.server, *self.services))


@contextmanager
def stack(home: Path, api_processes: int = 1) -> Iterator[Stack]:
    """Server, inline worker and web room with fresh databases; this process's environment is set for them.

    With several API processes they meet over Redis, as in docs/prefect.md, and the background services run apart.
    """
    with ExitStack() as exits:
        if api_processes > 1:
            _meet_over_redis(exits)
        ledger, prefect, kind = _databases(exits)
        port, web_port = free_port("127.0.0.1", 4310), free_port("127.0.0.1", 4390)
        if ledger:
            os.environ |= {"TMINUS_DATABASE_URL": ledger, "PREFECT_API_DATABASE_CONNECTION_URL": prefect}
        os.environ |= {"TMINUS_HOME": str(home), "TMINUS_GITHUB_SECRET": SECRET}
        os.environ["TMINUS_PUBLIC_URL"] = f"http://127.0.0.1:{web_port}"
        settings = Settings()
        settings.make_home()
        environment = prefect_environment(settings, "127.0.0.1", port)
        os.environ.update(environment)
        yield _start(exits, settings, environment, port, web_port, kind, api_processes)


def _meet_over_redis(exits: ExitStack) -> None:
    """Prefect's messages over a Redis database of our own. Raises RedisError where none answers."""
    shared = Redis.from_url(REDIS)
    shared.flushdb()
    exits.callback(shared.flushdb)
    os.environ |= {
        "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_REDIS_MESSAGING_URL": REDIS,
        "PREFECT_SERVER_DOCKET_URL": REDIS,
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    }


def _databases(exits: ExitStack) -> tuple[str, str, str]:
    """Addresses of two new databases, for the ledger and for Prefect; empty where no PostgreSQL answers."""
    server = make_url(POSTGRES)
    try:
        admin = psycopg.connect(
            server.set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
            connect_timeout=3,
        )
    except psycopg.OperationalError:
        return "", "", "SQLite"
    exits.callback(admin.close)
    ledger, prefect = (_database(exits, admin) for _ in range(2))
    return _address(server, "psycopg", ledger), _address(server, "asyncpg", prefect), "PostgreSQL"


def _database(exits: ExitStack, admin: psycopg.Connection[Any]) -> str:
    name = f"tminus_bench_{uuid4().hex[:8]}"
    admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    exits.callback(lambda: admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name))))
    return name


def _address(server: URL, driver: str, database: str) -> str:
    return server.set(drivername=f"postgresql+{driver}", database=database).render_as_string(hide_password=False)


def _start(
    exits: ExitStack,
    settings: Settings,
    environment: dict[str, str],
    port: int,
    web_port: int,
    kind: str,
    api_processes: int,
) -> Stack:
    from ledger.store import Ledger

    ledger = Ledger(settings.ledger_url)
    ledger.migrate()
    ledger.dispose()
    logs = settings.home / "logs"
    server = prefect_server(environment, "127.0.0.1", port, logs)
    services: tuple[Part, ...] = ()
    if api_processes > 1:
        server.command = [*server.command, "--no-services", "--workers", str(api_processes)]
        services = (Part("services", SERVICES, environment, logs / "services.log"),)
        subprocess.run(MIGRATE, env=environment, check=True, capture_output=True)  # several would do it at once
    for part in (server, *services):
        _run(exits, part)
    server.wait()
    from deployments.deploy import deploy

    deploy(POOL)
    worker = inline_worker(environment, POOL, "bench", logs)
    web = web_room(environment, "127.0.0.1", web_port, logs)
    for part in (worker, web):
        _run(exits, part)
    web.wait()
    kind = kind if api_processes == 1 else f"{kind}, {api_processes} API processes, Redis"
    return Stack(settings, environment, server, worker, web, f"http://127.0.0.1:{web_port}", kind, services)


def _run(exits: ExitStack, part: Part) -> None:
    part.start()
    exits.callback(part.stop)


@contextmanager
def folder() -> Iterator[Path]:
    """A home of its own, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="tminus-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def cpu_seconds(part: Part) -> float:
    """Processor time of a part and its children so far."""
    assert part.process
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(_ticks(pid) for pid in _family(part.process.pid)) / ticks


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in children.read_text().split()] if children.exists() else []
    return [pid, *(grandchild for child in found for grandchild in _family(child))]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def wait_until(condition: object, seconds: float = 60.0, step: float = 0.01) -> float:
    """Seconds until the condition (a callable) holds. Raises TimeoutError."""
    assert callable(condition)
    begun = time.perf_counter()
    while not condition():
        if time.perf_counter() - begun > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(step)
    return time.perf_counter() - begun


__all__ = ["ROOT", "Stack", "cpu_seconds", "folder", "stack", "wait_until"]
