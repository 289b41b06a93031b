from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ledger.newcomers import Newcomer
from ledger.subscribers import Subscriber
from tasks.world import World
from tests.web.people.crowd import ADDRESS, ORGANISATION, person
from tests.web.room import make_world, serving


@pytest.fixture
def world(tmp_path: Path) -> World:
    home = tmp_path / "home"
    home.mkdir()
    (home / "organisation.yaml").write_text(ORGANISATION)
    made = make_world(home)
    topics = frozenset({"acme", "beta-programme"})
    newcomer = Newcomer(ADDRESS, "confirmed", "Ada", attributes={"plan": "secret-plan"}, topics=topics)
    made.ledger.newcomers.add([newcomer], "import", "a.csv", made.now())
    return made


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    with serving(world) as served:
        yield served


@pytest.fixture
def ada(world: World) -> Subscriber:
    return person(world)
