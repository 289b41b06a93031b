"""Who ended such mail is counted where they did, and once."""

from __future__ import annotations

from datetime import timedelta

from ledger.batches import Of
from ledger.delivery_events import Event
from ledger.newcomers import Newcomer
from ledger.planning import Recipient
from ledger.reached import origin_of
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, NOON

PEOPLE = ("Ada@example.com", "ben@example.com", "cleo@example.com")
CORRECTION = "correction/1"


def left(ledger: Ledger, address: str, purpose: str = "announcement") -> None:
    """By one click on the link in it."""
    who = ledger.subscribers.find(address)
    assert who is not None
    origin = f"{origin_of(LAUNCH, 'tell', purpose)}203.0.113.9"
    assert ledger.wishes.unsubscribe(who.id, "one-click", origin, NOON)


def test_leaving_is_put_to_the_mail_from_which_somebody_left(ledger: Ledger) -> None:
    ledger.newcomers.add([Newcomer(one, "confirmed") for one in PEOPLE], "import", "a.csv", NOON)
    left(ledger, PEOPLE[0], CORRECTION)
    left(ledger, PEOPLE[1])
    left(ledger, PEOPLE[2])
    assert ledger.reached.left(LAUNCH, "tell") == 2
    assert ledger.reached.left(LAUNCH, "tell", CORRECTION) == 1
    assert ledger.reached.left(LAUNCH, "tell", "correction/10") == 0


def test_who_left_here_and_at_the_provider_is_counted_once(ledger: Ledger) -> None:
    ledger.newcomers.add([Newcomer(one, "confirmed") for one in PEOPLE], "import", "a.csv", NOON)
    for purpose in ("announcement", CORRECTION):
        ledger.planning.plan(Of(LAUNCH, "tell", "email", purpose), 1, map(Recipient, PEOPLE), NOON)
    left(ledger, PEOPLE[0])
    left(ledger, PEOPLE[1])
    told = [one.id for one in ledger.deliveries.of(LAUNCH) if one.recipient != PEOPLE[1] and one.purpose != CORRECTION]
    ledger.delivery_events.keep([Event(id_, "unsubscribed", NOON + timedelta(minutes=1)) for id_ in told], NOON)
    assert ledger.reached.told(LAUNCH, "tell")["email"] == {"unsubscribed": 2}
    assert ledger.reached.left(LAUNCH, "tell") == 1, "three left in all"
