"""Thousands of suspended flow runs, written straight into Prefect's database as copies of real ones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, MetaData, Table, create_engine, insert, make_url, select, update
from sqlalchemy.engine import Engine

from checklists.launch import Launch
from tasks.boards import wording

AT_ONCE = 1_000


def database() -> Engine:
    """That of the server this process's environment is set for."""
    url = os.environ.get("PREFECT_API_DATABASE_CONNECTION_URL")
    if not url:
        return create_engine(f"sqlite:///{Path(os.environ['PREFECT_HOME']) / 'prefect.db'}")
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"))


def fill(like: Launch, launches: Iterable[Launch]) -> None:
    """Give these launches the flow runs that their ledger names, each a copy of one of a launch that really runs."""
    engine = database()
    tables = MetaData()
    tables.reflect(engine, only=["flow_run", "flow_run_state"])
    runs, states = tables.tables["flow_run"], tables.tables["flow_run_state"]
    gate = next(state.run.run_id for state in like.items.values() if state.run)
    assert like.run
    with engine.begin() as connection:
        originals = {kind: _original(connection, runs, states, id_) for kind, id_ in _kinds(like.run.run_id, gate)}
        rows = [_copied(originals[kind], said) for launch in launches for kind, said in _wanted(launch)]
        for start in range(0, len(rows), AT_ONCE):
            page = rows[start : start + AT_ONCE]
            connection.execute(insert(runs), [{**run, "state_id": None} for run, _ in page])
            connection.execute(insert(states), [state for _, state in page])
        found = select(states.c.id).where(states.c.flow_run_id == runs.c.id).scalar_subquery()
        connection.execute(update(runs).where(runs.c.state_id.is_(None)).values(state_id=found))
    engine.dispose()


def _kinds(launch: str, gate: str) -> tuple[tuple[str, str], ...]:
    return ("launch", launch), ("gate", gate)


def _wanted(launch: Launch) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if launch.run:
        tags = wording.launch_tags(launch)
        yield "launch", {"id": launch.run.run_id, "key": f"{launch.id}/run/1", "name": launch.name, "tags": tags}
    for state in launch.items.values():
        if state.run:
            about = {
                "id": state.run.run_id,
                "key": f"{launch.id}/{state.key}/1/1",
                "name": f"{launch.name} {state.key}",
            }
            yield "gate", {**about, "tags": wording.item_tags(launch, state, "sign")}


Original = tuple[Mapping[str, Any], Mapping[str, Any]]


def _original(connection: Connection, runs: Table, states: Table, run_id: str) -> Original:
    is_native = connection.dialect.name == "postgresql"
    run = connection.execute(select(runs).where(runs.c.id == (UUID(run_id) if is_native else run_id))).mappings().one()
    state = connection.execute(select(states).where(states.c.id == run["state_id"])).mappings().one()
    return dict(run), dict(state)


def _copied(original: Original, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    run, state = original
    native = type(run["id"])  # text in SQLite
    ids = {"id": native(said["id"]), "parent_task_run_id": None}
    about = {"name": said["name"], "tags": said["tags"], "idempotency_key": said["key"]}
    return {**run, **ids, **about}, {**state, "id": native(str(uuid4())), "flow_run_id": ids["id"]}
