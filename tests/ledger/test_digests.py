from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ledger.batches import Of
from ledger.deliveries import ANNOUNCEMENT, Address
from ledger.digests import Digest
from ledger.notices import Planned
from ledger.planning import Recipient
from ledger.store import Ledger

NOW = datetime(2026, 12, 1, 9, 5, tzinfo=UTC)
READER = "reader@example.net"


def planned(day: int = 1, person: str = "1" * 32) -> tuple[Digest, Planned]:
    purpose = f"digest/1/daily-2026-12-{day:02}"
    address = Address(launch_id="digest", item="daily", channel="email", recipient=READER, purpose=purpose)
    return Digest(address.id, person, NOW + timedelta(days=day), ("a", "b")), Planned(address, 1)


def test_a_digest_and_its_mail_are_there_together_and_once(ledger: Ledger) -> None:
    digest, notice = planned()
    assert ledger.digests.plan([(digest, notice)], NOW) == 1
    changed = replace(digest, publications=("c",))
    assert ledger.digests.plan([(changed, notice)], NOW) == 0
    assert ledger.digests.find(digest.delivery_id) == digest
    (row,) = ledger.notices.of("digest")
    assert (row.id, row.state) == (digest.delivery_id, "planned")


def test_no_digest_is_written_while_all_sending_is_stopped_and_what_people_are_asked_is(ledger: Ledger) -> None:
    digest, notice = planned()
    ask = Planned(notice.address.model_copy(update={"purpose": "ask/1/1"}), 1)
    ledger.digests.plan([(digest, notice)], NOW)
    ledger.notices.plan([ask], NOW)
    ids = [row.id for row in ledger.notices.claim("one", NOW, timedelta(minutes=2))]
    assert set(ids) == {digest.delivery_id, ask.address.id}
    ledger.switches.turn("ada@example.com", "command", "an incident", NOW, is_on=False)
    assert ledger.notices.writing(ids, "one", NOW) == {ask.address.id}
    ledger.switches.turn("ada@example.com", "command", "", NOW, is_on=True)
    assert ledger.notices.writing(ids, "one", NOW) == {digest.delivery_id}


def test_the_latest_of_each_person_is_known(ledger: Ledger) -> None:
    ledger.digests.plan([planned(1), planned(3), planned(2)], NOW)
    assert ledger.digests.latest(["1" * 32, "2" * 32]) == {"1" * 32: NOW + timedelta(days=3)}


def test_what_is_on_its_way_to_somebody_counts_as_told(ledger: Ledger) -> None:
    ledger.planning.plan(Of("acme-1", "tell", "email", ANNOUNCEMENT), 1, [Recipient(READER)], NOW)
    both = [("acme-1", "tell"), ("acme-2", "tell")]
    assert ledger.digests.told(READER, both) == {("acme-1", "tell")}
    assert ledger.digests.told(READER.title(), both) == {("acme-1", "tell")}
    assert ledger.digests.told("other@example.net", both) == frozenset()
    assert ledger.digests.told(READER, []) == frozenset()


def test_whatever_case_an_address_was_mailed_in_its_reader_was_told(ledger: Ledger) -> None:
    ledger.planning.plan(Of("acme-1", "tell", "email", ANNOUNCEMENT), 1, [Recipient("Reader@Example.NET")], NOW)
    assert ledger.digests.told(READER, [("acme-1", "tell")]) == {("acme-1", "tell")}
