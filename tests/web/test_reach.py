"""The page with what became of a launch's announcements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.batches import Of
from ledger.planning import Recipient
from tests.web.signing.scene import Scene, scene, text


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path, identity="asserted") as made:
        yield made


def test_it_shows_each_announcement_without_a_script(here: Scene) -> None:
    page = here.client.get(f"/reach/{here.launch_id}")
    assert page.status_code == 200
    assert "What became of its announcements" in text(page)
    assert "Announce to customers waiting" in text(page)
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert here.client.get(f"/reach/{here.launch_id}/numbers.json").json()["launch"] == here.launch_id
    assert here.client.get(f"/reach/{here.launch_id}/numbers.csv").headers["content-type"].startswith("text/csv")
    assert here.client.get("/reach/nothing").status_code == 404


def test_it_says_in_words_that_it_was_too_late_for_somebody(here: Scene) -> None:
    of, ledger, now = Of(here.launch_id, "tell", "email", "announcement"), here.world.ledger, here.world.now()
    ledger.planning.plan(of, 1, [Recipient("ada@example.net"), Recipient("zoe@example.net")], now)
    ledger.batches.give_up(of, "not after noon", now)
    page = text(here.client.get(f"/reach/{here.launch_id}"))
    assert "2 left out: 2 for whom it was too late" in page
    assert "opted out" not in page


def test_strangers_see_no_numbers(tmp_path: Path) -> None:
    with scene(tmp_path, identity="verified") as made:
        for path in ("", "/numbers.json", "/numbers.csv"):
            assert made.client.get(f"/reach/{made.launch_id}{path}").status_code == 403
