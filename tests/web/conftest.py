from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tasks.world import World
from tests.web.room import PrefectPeer, make_world, prefect_at, serving
from tests.web.signing.scene import Scene, scene


@pytest.fixture
def prefect() -> Iterator[PrefectPeer]:
    with PrefectPeer() as peer, prefect_at(f"{peer.host}/api"):
        yield peer


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "home")


@pytest.fixture
def client(world: World, prefect: PrefectPeer) -> Iterator[httpx.Client]:
    with serving(world) as served:
        yield served


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Scene]:
    """A launch people are asked to sign, served on loopback."""
    with scene(tmp_path) as made:
        yield made
