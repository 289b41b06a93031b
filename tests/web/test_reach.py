"""The page with what became of a launch's announcements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.batches import Of
from ledger.delivery_events import Event
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
    assert "2 left out: 2 not told in time" in page
    assert "opted out" not in page


def test_where_nobody_reports_it_does_not_look_as_if_nothing_arrived(here: Scene) -> None:
    of, ledger, now = Of(here.launch_id, "tell", "email", "announcement"), here.world.ledger, here.world.now()
    ledger.planning.plan(of, 1, [Recipient("ada@example.net"), Recipient("zoe@example.net")], now)
    batch = ledger.batches.claim(of, "one", now, timedelta(minutes=2))
    assert batch is not None
    assert ledger.batches.writing(batch.id, "one", now)
    ledger.batches.settle(batch.id, "one", "accepted", now)
    page = text(here.client.get(f"/reach/{here.launch_id}"))
    assert ("Nobody has reported yet what arrived" in page, "Delivered" in page) == (True, False)
    ada = next(one.id for one in ledger.deliveries.of(here.launch_id) if one.recipient == "ada@example.net")
    ledger.delivery_events.keep([Event(ada, "delivered", now)], now)
    page = text(here.client.get(f"/reach/{here.launch_id}"))
    assert ("Nobody has reported yet what arrived" in page, "Delivered 1 50.0" in page) == (False, True)


def test_strangers_see_no_numbers(tmp_path: Path) -> None:
    with scene(tmp_path, identity="verified") as made:
        for path in ("", "/numbers.json", "/numbers.csv"):
            assert made.client.get(f"/reach/{made.launch_id}{path}").status_code == 403
