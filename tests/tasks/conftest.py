from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.senders.sendgrid import SendGrid
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import newsroom

SPEC = Path(__file__).parents[3] / "shared/fixtures/sendgrid/tsg_mail_v3.json"


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


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every receiver has a call of their own, as where a batch has one receiver."""
    monkeypatch.setattr(SendGrid, "most", 1)


def _resolved(node: Any, spec: dict[str, Any]) -> Any:
    """OpenAPI 3.1 schemas are JSON Schemas once their references are followed."""
    if isinstance(node, list):
        return [_resolved(inner, spec) for inner in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target: Any = spec
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _resolved(target, spec)
    return {key: _resolved(inner, spec) for key, inner in node.items()}


@pytest.fixture(scope="session")
def schema() -> Any:
    if not SPEC.exists():
        pytest.skip("SendGrid's OpenAPI description is not here (../shared/fixtures/sendgrid)")
    spec = json.loads(SPEC.read_text())
    body = _resolved(spec["paths"]["/v3/mail/send"]["post"]["requestBody"], spec)
    return body["content"]["application/json"]["schema"]
