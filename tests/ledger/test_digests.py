from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from ledger.batches import Of
from ledger.deliveries import ANNOUNCEMENT, Address, Outcome
from ledger.digests import Digest
from ledger.notices import Planned
from ledger.planning import Recipient
from ledger.store import Ledger
from tests.ledger.plans import plans, reads_all

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


def test_only_the_newest_digest_of_somebody_is_written(ledger: Ledger) -> None:
    (old, _), (new, _) = two = [planned(1), planned(2)]
    ledger.digests.plan([*two, planned(3, "2" * 32)], NOW)
    ids = [row.id for row in ledger.notices.claim("one", NOW, timedelta(minutes=2))]
    assert [ledger.digests.is_newest(one.delivery_id) for one in (old, new)] == [False, True]
    assert ledger.notices.writing(ids, "one", NOW) == {*ids} - {old.delivery_id}


def test_the_latest_of_each_person_is_known(ledger: Ledger) -> None:
    ledger.digests.plan([planned(1), planned(3), planned(2)], NOW)
    assert ledger.digests.latest(["1" * 32, "2" * 32]) == {"1" * 32: NOW + timedelta(days=3)}


@pytest.mark.parametrize(
    ("state", "is_owed"),
    [("suppressed", True), ("rejected", True), ("accepted", False), ("unknown", False), ("planned", True)],
)
def test_what_did_not_reach_somebody_is_owed_to_them(ledger: Ledger, state: Outcome, is_owed: bool) -> None:
    digest, notice = planned()
    ledger.digests.plan([(digest, notice)], NOW)
    ledger.digests.plan([planned(2, "2" * 32)], NOW)
    assert ledger.digests.owed([digest.person], NOW) == {digest.person: {"a", "b"}}
    ledger.notices.claim("one", NOW, timedelta(minutes=2))
    if state != "suppressed":
        ledger.notices.writing([digest.delivery_id], "one", NOW)
        assert ledger.digests.had(digest.person, NOW) == {"a", "b"}
    ledger.notices.settle([digest.delivery_id], "one", state, NOW)
    assert ledger.digests.owed([digest.person], NOW) == ({digest.person: {"a", "b"}} if is_owed else {})
    assert ledger.digests.had(digest.person, NOW) == (frozenset() if is_owed else {"a", "b"})
    later = digest.until + timedelta(seconds=1)
    assert (ledger.digests.owed([digest.person], later), ledger.digests.had(digest.person, later)) == ({}, frozenset())


def test_what_is_on_its_way_to_somebody_counts_as_told(ledger: Ledger) -> None:
    ledger.planning.plan(Of("acme-1", "tell", "email", ANNOUNCEMENT), 1, [Recipient(READER)], NOW)
    both = [("acme-1", "tell"), ("acme-2", "tell")]
    assert ledger.digests.told(READER, both) == {("acme-1", "tell")}
    assert ledger.digests.told(READER.title(), both) == {("acme-1", "tell")}
    assert ledger.digests.told("other@example.net", both) == frozenset()
    assert ledger.digests.told(READER, []) == frozenset()


@pytest.mark.parametrize(
    ("mailed_to", "reader"),
    [
        ("Reader@Example.NET", READER),
        (READER, "READER@example.net"),
        ("\u00c4RGER@example.net", "\u00e4rger@example.net"),
        ("\u00e4rger@example.net", "A\u0308rger@example.net"),
    ],
)
def test_whatever_case_an_address_was_mailed_in_its_reader_was_told(
    ledger: Ledger, mailed_to: str, reader: str
) -> None:
    ledger.planning.plan(Of("acme-1", "tell", "letters", ANNOUNCEMENT), 1, [Recipient(mailed_to)], NOW)
    assert ledger.digests.told(reader, [("acme-1", "tell")]) == {("acme-1", "tell")}


def test_what_never_reached_them_was_not_told(ledger: Ledger) -> None:
    of = Of("acme-1", "tell", "email", ANNOUNCEMENT)
    ledger.planning.plan(of, 1, [Recipient(READER)], NOW)
    ledger.planning.plan(of._replace(item="more", purpose="correction/1"), 1, [Recipient(READER)], NOW)
    batch = ledger.batches.claim(of, "one", NOW, timedelta(minutes=1))
    assert batch is not None
    ledger.batches.settle(batch.id, "one", "suppressed", NOW)
    assert ledger.digests.told(READER, [("acme-1", "tell"), ("acme-1", "more")]) == frozenset()


def test_nobody_elses_delivery_is_read_for_it(ledger: Ledger) -> None:
    people = [Recipient(f"reader-{number}@example.net") for number in range(3_000)]
    ledger.planning.plan(Of("acme-1", "tell", "email", ANNOUNCEMENT), 1, people, NOW)
    if ledger.database.engine.dialect.name == "postgresql":
        with ledger.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE batches, deliveries"))
    found = plans(ledger, lambda: ledger.digests.told("reader-7@example.net", [("acme-1", "tell")]), "deliveries")
    assert found
    for plan in found:
        assert "deliveries_by_state" not in plan, plan
        assert not reads_all(plan, "deliveries"), plan
