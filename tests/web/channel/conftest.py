from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tasks.world import World
from tests.tasks.channel import channel_world
from tests.web.room import serving


@pytest.fixture
def channel(tmp_path: Path) -> World:
    return channel_world(tmp_path / "home")


@pytest.fixture
def reading(channel: World) -> Iterator[httpx.Client]:
    with serving(channel) as client:
        yield client
