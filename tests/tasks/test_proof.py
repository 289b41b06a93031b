"""The daily anchor, its key, and a launch checked against all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import delete

from ledger import schema
from tasks.patrol import patrol
from tasks.proof import anchor, own_key, seed, verify
from tasks.settings import Settings
from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


def checked(at: Place, launch_id: str) -> str:
    verdict = verify(at.ledger, at.world.settings, launch_id)
    return str(verdict.fault) if verdict.fault else "\n".join(verdict.notes)


def test_the_key_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    assert own_key(Settings(home=tmp_path)) is None
    made = seed(Settings(home=tmp_path))
    assert len(made) == 32
    assert seed(Settings(home=tmp_path)) == made
    assert own_key(Settings(home=tmp_path)) is not None
    assert (tmp_path / "anchor-key").stat().st_mode & 0o777 == 0o600


def test_machines_that_share_a_secret_share_the_key(tmp_path: Path) -> None:
    secret = SecretStr("correct horse battery staple, and more of it")
    here, there = (Settings(home=tmp_path / name, secret_key=secret) for name in ("here", "there"))
    assert own_key(here) == own_key(there)
    assert seed(here) != seed(Settings(home=tmp_path))


def test_the_patrol_anchors_once_a_day(at: Place) -> None:
    launch = at.begun()
    for _ in range(3):
        assert patrol(at.world).said == ()
    at.clock.wait(timedelta(days=1))
    patrol(at.world)
    assert [len(one.heads) for one in at.ledger.anchors.history()] == [1, 1]
    assert "anchored on 2026-11-24 up to entry" in checked(at, launch.id)


def test_a_key_that_cannot_be_used_stops_no_patrol(at: Place) -> None:
    at.begun()
    (at.world.settings.home / "anchor-key").write_text("nonsense")
    [said] = patrol(at.world).said
    assert said.startswith("the anchor of today could not be made")


def test_a_launch_is_intact_before_and_after_it_is_anchored(at: Place) -> None:
    launch = at.begun()
    assert "no anchor covers it" in checked(at, launch.id)
    assert anchor(at.ledger, at.world.settings, at.clock())
    assert not anchor(at.ledger, at.world.settings, at.clock())
    assert "anchored on" in checked(at, launch.id)


def test_a_launch_that_was_deleted_is_missed(at: Place) -> None:
    launch = at.begun()
    anchor(at.ledger, at.world.settings, at.clock())
    for table in (schema.entries, schema.launches):
        with at.ledger.database.writing() as connection:
            connection.execute(delete(table).where(table.c.launch_id == launch.id))
    assert "the whole record is gone" in checked(at, launch.id)
    assert checked(at, "acme-0.0.1") == ""


def test_a_broken_chain_is_named_first(at: Place) -> None:
    launch = at.begun()
    with at.ledger.database.writing() as connection:
        connection.execute(delete(schema.entries).where(schema.entries.c.seq == 3))
    assert "entry 3" in checked(at, launch.id)
