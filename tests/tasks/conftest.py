from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import newsroom


@pytest.fixture
def peer() -> Iterator[SendGridPeer]:
    with SendGridPeer() as peer:
        yield peer


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[World]:
    world = newsroom(tmp_path / "home")
    yield world
    world.ledger.dispose()


@pytest.fixture
def mailing(tmp_path: Path, peer: SendGridPeer) -> Iterator[World]:
    world = newsroom(tmp_path / "home", peer.host)
    yield world
    world.ledger.dispose()
