"""What the world says of a launch it cannot make sense of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import delete

from ledger import schema
from ledger.store import Unreadable
from tasks.loopback import NotHere
from tasks.world import world
from tests.tasks.worlds import place


def test_a_damaged_record_is_named_with_what_to_do(tmp_path: Path) -> None:
    at = place(tmp_path)
    launch = at.begun()
    with at.ledger.database.writing() as connection:
        connection.execute(delete(schema.entries).where(schema.entries.c.seq == 2))
    with pytest.raises(Unreadable, match=r"^acme-2.4.0: its record is damaged .* entry 2 is missing.*`tminus verify`"):
        at.world.launch(launch.id)
    at.ledger.dispose()


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A process that has no world yet, beside a Prefect server others reach."""
    monkeypatch.chdir(tmp_path)
    world.cache_clear()
    with temporary_settings({PREFECT_API_URL: "http://192.0.2.1:4200/api"}):
        yield monkeypatch
    world.cache_clear()


def test_names_are_not_trusted_beside_a_prefect_server_others_reach(fresh: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(NotHere, match="set TMINUS_IDENTITY=verified"):
        world()
    assert list(tmp_path.iterdir()) == []


def test_beside_such_a_server_people_are_verified(fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv("TMINUS_IDENTITY", "verified")
    assert world().settings.identity == "verified"
