"""The Prefect server's connections to SQLite: they wait for each other in short turns."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event

from deployments.environment import prefect_environment
from deployments.parts import prefect_server
from deployments.server import TURN, wait_in_short_turns
from tasks.settings import Settings


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """One that lets its connections wait for a minute, as Prefect's does."""
    made = create_engine(f"sqlite:///{tmp_path / 'prefect.db'}")
    event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 60000"))
    event.listen(made.pool, "checkout", wait_in_short_turns)
    yield made
    made.dispose()


def patience(engine: Engine) -> Any:
    with engine.connect() as connection:
        return connection.exec_driver_sql("PRAGMA busy_timeout").scalar()


def test_a_connection_waits_a_short_turn_whatever_it_was_made_with(engine: Engine) -> None:
    assert patience(engine) == TURN


def test_it_is_told_so_at_its_first_use_only(engine: Engine) -> None:
    patience(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 7")
    assert patience(engine) == 7


def test_other_databases_are_left_alone() -> None:
    class Connection:
        """Has no cursor to ask for."""

    Connection.__module__ = "asyncpg"
    record: Any = type("Record", (), {"info": {}})()
    wait_in_short_turns(Connection(), record, None)
    assert record.info == {}


def test_the_server_of_one_machine_is_started_this_way(tmp_path: Path) -> None:
    environment = prefect_environment(Settings(_env_file=None, home=tmp_path), "127.0.0.1", 4200)
    part = prefect_server(environment, "127.0.0.1", 4200, tmp_path)
    assert part.command[:4] == [sys.executable, "-m", "deployments.server", "server"]
