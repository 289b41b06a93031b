from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from ledger.store import Ledger
from tasks.world import World
from tests.web.room import PrefectPeer, make_world, prefect_at, serving


def test_a_room_with_everything_is_ready(client: httpx.Client) -> None:
    assert (client.get("/healthz").json(), client.get("/readyz").status_code) == ({"status": "alive"}, 200)
    assert client.get("/readyz").json() == {"ledger": "ready", "prefect": "ready"}


def test_a_room_without_prefect_is_ready_to_keep_receipts_and_says_so(tmp_path: Path) -> None:
    with prefect_at("http://127.0.0.1:9/api"), serving(make_world(tmp_path / "home")) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ledger": "ready", "prefect": "away"})


@pytest.mark.parametrize("file", ["gone/ledger.sqlite3", "never-prepared.sqlite3"])
def test_a_room_without_a_prepared_ledger_is_alive_and_not_ready(
    world: World, prefect: PrefectPeer, tmp_path: Path, file: str
) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / file}")
    with serving(World(world.settings, ledger, world.organisation_file, world.board)) as client:
        alive, ready = client.get("/healthz"), client.get("/readyz")
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert ready.json() == {"ledger": "away", "prefect": "ready"}


def test_head_asks_the_same_without_a_body(client: httpx.Client) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
