from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ledger.receipts import Receipt
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, NOON

KEY = "acme/acme v2.4.0 9f2c9f2c"


def receipt(**changes: Any) -> Receipt:
    said = {
        "release_key": KEY,
        "source": "github",
        "delivery_id": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "event": "release",
        "payload": {"repository": "acme/acme", "tag": "v2.4.0", "notes": "Faster \u0000 search \u26a1", "draft": False},
        "received_at": NOON,
    }
    return Receipt.model_validate(said | changes)


def later(minutes: int) -> Any:
    return NOON + timedelta(minutes=minutes)


def test_a_receipt_is_kept_as_it_came(ledger: Ledger) -> None:
    assert ledger.receipts.keep(receipt())
    assert ledger.receipts.waiting(later(1)) == (receipt(),)


def test_the_events_and_redeliveries_of_one_release_are_one_receipt(ledger: Ledger) -> None:
    events = [
        receipt(delivery_id=f"delivery-{number}", event=("release", "create", "push")[number % 3])
        for number in range(100)
    ]
    with ThreadPoolExecutor(8) as threads:
        firsts = list(threads.map(ledger.receipts.keep, events))
    assert firsts.count(True) == 1
    (kept,) = ledger.receipts.waiting(later(1))
    assert kept.deliveries == 100
    assert kept.delivery_id == events[firsts.index(True)].delivery_id


def test_a_later_event_adds_what_it_knows_more_until_the_launch_has_begun(ledger: Ledger) -> None:
    ledger.receipts.keep(receipt(payload={"tag": "v2.4.0", "commit": None, "notes": "first words"}))
    assert not ledger.receipts.keep(receipt(payload={"tag": "v2.4.0", "commit": "9f2c", "notes": "other words"}))
    assert ledger.receipts.settle(KEY, "started", launch_id=LAUNCH)
    ledger.receipts.keep(receipt(payload={"tag": "v2.4.0", "url": "https://example.com"}))
    found = ledger.receipts.find(KEY)
    assert found is not None
    assert (found.payload, found.deliveries) == ({"tag": "v2.4.0", "commit": "9f2c", "notes": "first words"}, 3)


def test_what_was_ignored_is_news_once_it_starts_something(ledger: Ledger) -> None:
    ledger.receipts.keep(receipt(state="ignored", reason="no product has this repository", payload={}))
    assert not ledger.receipts.keep(receipt(state="ignored", reason="still none", payload={}))
    assert ledger.receipts.keep(receipt())
    assert not ledger.receipts.keep(receipt())
    assert ledger.receipts.unclaimed() == ()
    found = ledger.receipts.find(KEY)
    assert found is not None
    assert (found.state, found.payload, found.deliveries) == ("new", receipt().payload, 4)


def test_a_moved_tag_is_another_release(ledger: Ledger) -> None:
    assert ledger.receipts.keep(receipt())
    assert ledger.receipts.keep(receipt(release_key=f"{KEY}-other-commit"))
    assert len(ledger.receipts.waiting(later(1))) == 2


def test_receipts_wait_in_the_order_they_came_until_they_are_settled(ledger: Ledger) -> None:
    for minute in (3, 1, 2):
        ledger.receipts.keep(receipt(release_key=f"release {minute}", received_at=later(minute)))
    assert [one.release_key for one in ledger.receipts.waiting(later(3))] == ["release 1", "release 2"]
    assert ledger.receipts.settle("release 1", "started", launch_id=LAUNCH)
    assert [one.release_key for one in ledger.receipts.waiting(later(3))] == ["release 2"]


def test_a_release_nobody_knows_is_kept_with_its_reason(ledger: Ledger) -> None:
    ledger.receipts.keep(receipt())
    assert ledger.receipts.settle(KEY, "ignored", reason="no product has the repository acme/acme")
    assert ledger.receipts.waiting(later(1)) == ()
    (kept,) = ledger.receipts.unclaimed()
    assert kept.reason == "no product has the repository acme/acme"
    assert not ledger.receipts.keep(receipt(state="ignored", reason="still none"))
    assert ledger.receipts.unclaimed()[0].deliveries == 2


def test_what_was_ignored_may_start_when_the_organisation_learns_of_it(ledger: Ledger) -> None:
    ledger.receipts.keep(receipt())
    ledger.receipts.settle(KEY, "ignored", reason="unknown")
    assert ledger.receipts.settle(KEY, "started", launch_id=LAUNCH)
    assert ledger.receipts.unclaimed() == ()


def test_what_has_started_a_launch_stays_so(ledger: Ledger) -> None:
    ledger.receipts.keep(receipt())
    assert ledger.receipts.settle(KEY, "started", launch_id=LAUNCH)
    assert not ledger.receipts.settle(KEY, "ignored", reason="too late")
    assert not ledger.receipts.settle(KEY, "new")
    assert ledger.receipts.waiting(later(1)) == ledger.receipts.unclaimed() == ()


def test_a_receipt_nobody_kept_cannot_be_settled(ledger: Ledger) -> None:
    assert not ledger.receipts.settle("no such release", "started", launch_id=LAUNCH)


@pytest.mark.parametrize(
    "wrong",
    [
        {"release_key": ""},
        {"release_key": "a\0b"},
        {"delivery_id": "a\nb"},
        {"event": "e" * 61},
        {"release_key": "k" * 1001},
    ],
)
def test_a_receipt_the_database_could_not_keep_cannot_be_made(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        receipt(**wrong)
