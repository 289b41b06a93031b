"""What is unknown: counted wherever it stands, settled by a person up to when they said so, planned again by one,
looked up one batch after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from ledger import schema
from ledger.batches import Of
from ledger.deliveries import Address
from ledger.in_doubt import Lost
from ledger.notices import Planned
from ledger.planning import Recipient
from ledger.store import Ledger
from tests.ledger.plans import plans, reads_all
from tests.ledger.test_batches import ADA, AFTER, LEASE, NOON, OF, being_written, claimed, counts

HOUR, MOMENT = timedelta(hours=1), timedelta(seconds=1)
BOB, CEM = "bob@example.com", "cem@example.com"


@pytest.fixture
def doubtful(ledger: Ledger) -> Ledger:
    """Bob's is unknown by itself, the others are with their batch."""
    found = being_written(ledger, ADA, BOB, CEM)
    (bob,) = [one.id for one in ledger.batches.letters(found.id) if one.recipient == BOB]
    ledger.batches.single_out(found.id, "one", {bob: ("unknown", "lost")}, NOON)
    ledger.batches.settle(found.id, "one", "unknown", NOON, detail="the line broke")
    return ledger


def test_all_of_it_is_counted_and_the_first_are_named(doubtful: Ledger) -> None:
    ledger = doubtful
    assert ledger.in_doubt.count(OF.launch_id, OF.item) == 3
    assert ledger.in_doubt.some(OF.launch_id, OF.item, 2) == [(ADA, "email"), (BOB, "email")]
    assert ledger.in_doubt.count(OF.launch_id, "another") == 0


def test_a_word_counts_up_to_when_it_was_said(doubtful: Ledger) -> None:
    ledger = doubtful
    ledger.in_doubt.arrived(OF.launch_id, OF.item, "says ada", NOON - timedelta(seconds=1))
    assert counts(ledger) == {"unknown": 3}
    for _ in range(2):
        ledger.in_doubt.arrived(OF.launch_id, OF.item, "says ada", NOON)
    assert counts(ledger) == {"accepted": 3}


def test_a_batch_that_all_were_taken_out_of_is_in_doubt_no_more(ledger: Ledger) -> None:
    batch = of_a_correction(ledger, ADA, BOB)
    ledger.planning.plan_unknown_again(AGAIN, 2, AFTER, NOON - MOMENT)
    assert said_of(ledger, batch) == ("unknown", ""), "it is not meant"
    for _ in range(2):
        ledger.planning.plan_unknown_again(AGAIN, 2, AFTER)
        assert said_of(ledger, batch) == ("suppressed", "nobody is left in it")
    assert ledger.deliveries.counts(AGAIN.launch_id, AGAIN.item, AGAIN.purpose) == {"planned": 2}


def said_of(ledger: Ledger, batch: str) -> tuple[str, str]:
    query = select(schema.batches.c.state, schema.batches.c.detail).where(schema.batches.c.id == batch)
    with ledger.database.reading() as connection:
        state, detail = connection.execute(query).one()
    return str(state), str(detail)


def test_two_who_plan_it_again_at_once_plan_it_once(doubtful: Ledger) -> None:
    ledger = doubtful
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(ledger.planning.plan_unknown_again, OF, 2, AFTER) for _ in range(4)]:
            done.result()
    assert counts(ledger) == {"planned": 3}
    taken = list(iter(lambda: ledger.batches.claim(OF, "two", AFTER, LEASE), None))
    assert [one.size for one in taken] == [3]
    ledger.planning.plan_unknown_again(OF, 2, AFTER)
    assert counts(ledger) == {"claimed": 3}


def test_another_channel_and_what_is_known_stay_as_they_are(doubtful: Ledger) -> None:
    ledger = doubtful
    ledger.planning.plan(OF._replace(channel="board"), 1, [Recipient("board")], NOON)
    ledger.planning.plan_unknown_again(OF._replace(channel="board"), 2, AFTER)
    assert counts(ledger) == {"planned": 1, "unknown": 3}


def looked_for(ledger: Ledger, now: datetime = AFTER, **changes: Any) -> Lost | None:
    asked = {"channels": ["email"], "within": (NOON - HOUR, NOON), "now": now}
    return ledger.in_doubt.lost(**{**asked, **changes})


def test_any_delivery_that_is_what_its_batch_is_stands_for_the_batch(doubtful: Ledger) -> None:
    found = {one for _ in range(30) if (one := looked_for(doubtful))}
    assert {(one.recipient, one.item, one.planned_at, one.lost_at) for one in found} == {
        (ADA, OF.item, NOON, NOON),
        (CEM, OF.item, NOON, NOON),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"channels": ["board"]},
        {"within": (NOON - HOUR, NOON - MOMENT)},
        {"within": (NOON + MOMENT, NOON + HOUR)},
    ],
)
def test_what_is_anothers_too_young_or_too_old_is_not_looked_up(doubtful: Ledger, changes: dict[str, Any]) -> None:
    assert looked_for(doubtful, **changes) is None


def test_what_is_put_off_is_looked_up_later(doubtful: Ledger) -> None:
    found = looked_for(doubtful)
    assert found is not None
    doubtful.in_doubt.put_off(AFTER + MOMENT, found.batch)
    assert (looked_for(doubtful), looked_for(doubtful, AFTER + MOMENT) is None) == (None, False)
    doubtful.in_doubt.put_off(AFTER + HOUR)
    assert looked_for(doubtful, AFTER + MOMENT) is None
    doubtful.in_doubt.put_off(AFTER)
    assert looked_for(doubtful, AFTER + MOMENT) is None, "what is put off for all makes nothing earlier"


def test_what_is_found_settles_its_batch_and_nobody_who_is_something_by_themselves(doubtful: Ledger) -> None:
    found = looked_for(doubtful)
    assert found is not None
    doubtful.in_doubt.found(found.batch, "call-1", "found", AFTER)
    assert (counts(doubtful), looked_for(doubtful)) == ({"accepted": 2, "unknown": 1}, None)
    handed = [one for one in doubtful.deliveries.of(OF.launch_id) if one.state == "accepted"]
    assert {(one.provider_id, one.detail) for one in handed} == {("call-1", "found")}


def test_a_batch_that_everybody_has_left_for_another_is_not_looked_up(doubtful: Ledger) -> None:
    found = looked_for(doubtful)
    assert found is not None
    doubtful.planning.plan_unknown_again(OF, 2, AFTER)
    assert looked_for(doubtful) is None
    doubtful.in_doubt.found(found.batch, "call-1", "found", AFTER)
    assert counts(doubtful) == {"planned": 3}, "who is written to again is not what their old batch is"


def test_an_empty_batch_keeps_no_other_from_its_turn(doubtful: Ledger) -> None:
    doubtful.planning.plan_unknown_again(OF, 2, AFTER)
    again = claimed(doubtful, "two", AFTER)
    assert doubtful.batches.writing(again.id, "two", AFTER)
    doubtful.batches.settle(again.id, "two", "unknown", AFTER)
    found = looked_for(doubtful, within=(NOON - HOUR, AFTER))
    assert found is not None
    assert (found.batch, found.planned_at) == (again.id, AFTER)


def test_what_a_person_has_said_meanwhile_stands(doubtful: Ledger) -> None:
    found = looked_for(doubtful)
    assert found is not None
    doubtful.in_doubt.arrived(OF.launch_id, OF.item, "says ada", NOON)
    doubtful.in_doubt.found(found.batch, "call-1", "found", AFTER)
    assert {one.detail for one in doubtful.deliveries.of(OF.launch_id)} == {"says ada"}


AGAIN = OF._replace(launch_id="acme-2.3.0", purpose="correction/1")


def of_a_correction(ledger: Ledger, *people: str, of: Of = AGAIN) -> str:
    """The batch of these people, whose answer was lost."""
    ledger.planning.plan(of, 1, [Recipient(one) for one in people], NOON)
    batch = claimed(ledger, of=of)
    assert ledger.batches.writing(batch.id, "one", NOON)
    ledger.batches.settle(batch.id, "one", "unknown", NOON)
    return batch.id


def test_each_is_in_doubt_by_itself_whichever_launch_it_is_of(doubtful: Ledger) -> None:
    of_a_correction(doubtful, ADA, BOB)
    of_a_correction(doubtful, ADA, of=AGAIN._replace(channel="board"))
    recall = AGAIN._replace(launch_id=OF.launch_id, purpose="recall/2")
    of_a_correction(doubtful, ADA, of=recall)
    found = [(one.launch_id, one.item, one.purpose, one.count, one.lost_at) for one in doubtful.in_doubt.each()]
    assert found == [
        ("acme-2.3.0", OF.item, "correction/1", 3, NOON),
        (OF.launch_id, OF.item, "", 3, NOON),
        (OF.launch_id, OF.item, "recall/2", 1, NOON),
    ]
    assert [one.purpose for one in doubtful.in_doubt.each(OF.launch_id)] == ["", "recall/2"]
    assert doubtful.in_doubt.count(OF.launch_id, OF.item) == 3
    assert doubtful.in_doubt.some("acme-2.3.0", OF.item, 2, "correction/1") == [(ADA, "board"), (ADA, "email")]


def test_what_is_said_of_a_correction_is_about_nothing_else(doubtful: Ledger) -> None:
    of_a_correction(doubtful, ADA, of=OF._replace(purpose="correction/1"))
    of_a_correction(doubtful, ADA, of=OF._replace(purpose="correction/2"))
    doubtful.in_doubt.arrived(OF.launch_id, OF.item, "says ada", AFTER, "correction/1")
    doubtful.planning.plan_unknown_again(OF._replace(purpose="correction/1"), 2, AFTER)
    assert [one.purpose for one in doubtful.in_doubt.each()] == ["", "correction/2"]
    assert counts(doubtful) == {"unknown": 3}


@pytest.mark.parametrize(("said", "planned"), [(NOON - MOMENT, 0), (NOON, 2)])
def test_what_became_unknown_after_a_word_is_not_meant_by_it(ledger: Ledger, said: datetime, planned: int) -> None:
    of_a_correction(ledger, ADA, BOB)
    ledger.planning.plan_unknown_again(AGAIN, 2, AFTER, said)
    counts = ledger.deliveries.counts(AGAIN.launch_id, AGAIN.item, AGAIN.purpose)
    assert counts.get("planned", 0) == planned


def test_a_correction_is_looked_up_like_an_announcement(ledger: Ledger) -> None:
    batch = of_a_correction(ledger, ADA)
    found = looked_for(ledger)
    assert found is not None
    assert (found.batch, found.launch_id, found.purpose) == (batch, AGAIN.launch_id, "correction/1")


def test_what_is_in_doubt_is_found_by_an_index_among_all_that_ever_left(ledger: Ledger) -> None:
    for number in range(300):
        of = AGAIN._replace(launch_id=f"acme-1.{number}.0")
        ledger.planning.plan(of, 1, [Recipient(ADA), Recipient(BOB)], NOON)
        batch = claimed(ledger, of=of)
        assert ledger.batches.writing(batch.id, "one", NOON)
        ledger.batches.settle(batch.id, "one", "accepted", NOON)
    of_a_correction(ledger, ADA)
    if ledger.database.engine.dialect.name == "postgresql":
        with ledger.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE batches, deliveries"))
    for ask in (lambda: looked_for(ledger), ledger.in_doubt.each):
        for table in ("batches", "deliveries"):
            for plan in plans(ledger, ask, table):
                assert not reads_all(plan, table) or f"{table}_in_doubt" in plan, plan


def test_digests_in_doubt_are_named(ledger: Ledger) -> None:
    def planned(recipient: str, purpose: str) -> Planned:
        at = Address(launch_id="digests", item="daily", channel="email", recipient=recipient, purpose=purpose)
        return Planned(at, 1)

    ledger.notices.plan([planned(ADA, "digest/1/daily-2026-12-01"), planned(BOB, "remind/1/1d/2026-12-01")], NOON)
    taken = [one.id for one in ledger.notices.claim("one", NOON, LEASE)]
    assert ledger.in_doubt.digests() == ()
    ledger.notices.writing(taken, "one", NOON)
    ledger.notices.settle(taken, "one", "unknown", NOON, detail="the line broke")
    assert ledger.in_doubt.digests() == ((ADA, "daily-2026-12-01"),)
    assert ledger.in_doubt.each() == (), "a digest is no announcement"
