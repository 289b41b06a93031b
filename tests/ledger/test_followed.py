"""Who got an announcement, in whatever state its batch is or stands by itself; and what is still to be said."""

from __future__ import annotations

from ledger.batches import Of
from ledger.deliveries import Address
from ledger.planning import Recipient
from ledger.store import Ledger
from tests.ledger.test_batches import LEASE, NOON, OF

AGAIN = OF._replace(purpose="correction/1")


def handed_over(ledger: Ledger, of: Of = OF) -> None:
    """Ada by herself unknown, Bob refused, Cat in an accepted batch, Dan never sent."""
    people = [Recipient(f"{name}@example.com", "de role", {"name": name}) for name in ("ada", "bob", "cat")]
    ledger.planning.plan(of, 1, people, NOON)
    batch = ledger.batches.claim(of, "one", NOON, LEASE)
    assert batch is not None
    assert ledger.batches.writing(batch.id, "one", NOON)
    ada, bob = (_id(of, name) for name in ("ada", "bob"))
    ledger.batches.single_out(batch.id, "one", {ada: ("unknown", "timeout"), bob: ("rejected", "550")}, NOON)
    ledger.batches.settle(batch.id, "one", "accepted", NOON)
    ledger.planning.plan(of, 1, [Recipient("dan@example.com")], NOON)


def _id(of: Of, name: str) -> str:
    address = Address(
        launch_id=of.launch_id,
        item=of.item,
        channel=of.channel,
        recipient=f"{name}@example.com",
        purpose=of.purpose,
    )
    return address.id


def test_those_who_got_it_or_may_have_are_found_as_they_were_told(ledger: Ledger) -> None:
    handed_over(ledger)
    handed_over(ledger, AGAIN)
    found = list(ledger.followed.receivers(OF.launch_id, OF.item, "email"))
    assert sorted((one.address, one.segment, one.facts["name"]) for one in found) == [
        ("ada@example.com", "de role", "ada"),
        ("cat@example.com", "de role", "cat"),
    ]
    assert ledger.followed.heard(OF.launch_id, OF.item) == {"email": 2}
    assert list(ledger.followed.receivers(OF.launch_id, OF.item, "slack")) == []


def test_only_what_is_said_again_and_not_handed_over_yet_is_undone(ledger: Ledger) -> None:
    handed_over(ledger)
    assert ledger.followed.undone() == []
    ledger.planning.plan(AGAIN, 1, [Recipient("ada@example.com")], NOON)
    assert ledger.followed.undone() == [AGAIN]
    batch = ledger.batches.claim(AGAIN, "one", NOON, LEASE)
    assert batch is not None
    assert ledger.batches.writing(batch.id, "one", NOON)
    assert ledger.followed.undone() == [AGAIN], "its writer may have died"
    ledger.batches.settle(batch.id, "one", "accepted", NOON)
    assert ledger.followed.undone() == []
