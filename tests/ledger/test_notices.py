"""Notices: planned once, handed to one sender at a time, many at once; announcements never see them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ledger.batches import Of
from ledger.deliveries import Address, Delivery
from ledger.notices import Notices, Planned
from ledger.planning import Recipient
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, NOON
from tests.ledger.plans import plans, reads_all

ITEM = "qa-signoff"
LEASE = timedelta(minutes=2)
AFTER = NOON + LEASE


def to(who: str, purpose: str = "ask/1/1", *, channel: str = "email", in_: timedelta | None = None) -> Planned:
    address = Address(launch_id=LAUNCH, item=ITEM, channel=channel, recipient=who, purpose=purpose)
    return Planned(address, 1, NOON + in_ if in_ is not None else None)


@pytest.fixture
def notices(ledger: Ledger) -> Notices:
    return ledger.notices


def claimed(notices: Notices, owner: str = "one", most: int = 500) -> list[str]:
    return [one.id for one in notices.claim(owner, NOON, LEASE, most)]


def states(notices: Notices) -> dict[str, int]:
    return {str(state): count for state, count in Counter(one.state for one in notices.of(LAUNCH)).items()}


def test_a_notice_goes_from_planned_to_accepted(notices: Notices) -> None:
    notices.plan([to("ada@example.com"), to("ben@example.com")], NOON)
    ids = claimed(notices)
    assert notices.writing(ids, "one", NOON) == set(ids)
    assert notices.settle(ids, "one", "accepted", NOON, provider_id="sg-1", detail="202") == 2
    assert states(notices) == {"accepted": 2}
    assert {(one.provider_id, one.detail, one.attempt, one.lease_until) for one in notices.of(LAUNCH)} == {
        ("sg-1", "202", 1, None)
    }
    assert claimed(notices) == []


def test_what_waits_is_found_by_an_index_however_many_others_there_are(ledger: Ledger) -> None:
    """The patrol asks every half minute; a million deliveries of announcements are none of its business."""
    if ledger.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by how much there is")
    for ask in (
        lambda: ledger.notices.are_due(NOON),
        lambda: ledger.notices.lapsed(NOON),
        lambda: ledger.notices.claim("one", NOON, LEASE),
    ):
        (plan,) = plans(ledger, ask, "deliveries")
        assert "deliveries_waiting (state=?)" in plan
        assert not reads_all(plan, "deliveries"), plan


def test_what_is_planned_again_stays_as_it_is(notices: Notices) -> None:
    notices.plan([to("ada@example.com")], NOON)
    claimed(notices)
    notices.plan([to("Ada@Example.com", in_=timedelta(days=1)), to("ada@example.com", "ask/1/2")], NOON)
    assert states(notices) == {"claimed": 1, "planned": 1}


def test_nothing_is_claimed_before_its_time(notices: Notices) -> None:
    notices.plan([to("ada@example.com", in_=timedelta(seconds=1)), to("ben@example.com", in_=timedelta())], NOON)
    (found,) = notices.claim("one", NOON, LEASE)
    assert found.recipient == "ben@example.com"
    assert len(notices.claim("one", NOON + timedelta(seconds=1), LEASE)) == 1


def test_those_of_one_person_are_claimed_side_by_side(notices: Notices) -> None:
    people = [f"{name}@example.com" for name in ("ada", "ben", "cat")]
    notices.plan(
        [to(who, f"remind/1/{step}", channel=c) for step in "xyz" for who in people for c in ("email", "slack")], NOON
    )
    first = notices.claim("one", NOON, LEASE, most=4)
    assert [(one.recipient[:3], one.channel) for one in first] == [("ada", "email")] * 3 + [("ada", "slack")] * 3
    assert {one.attempt for one in first} == {1}
    assert {one.recipient for one in notices.claim("two", NOON, LEASE, most=12)} == set(people[1:])


def test_whether_anything_is_due_is_one_look(notices: Notices) -> None:
    assert not notices.are_due(NOON)
    notices.plan([to("ada@example.com", in_=timedelta(seconds=5))], NOON)
    assert not notices.are_due(NOON)
    assert notices.are_due(NOON + timedelta(seconds=5))
    claimed_ = notices.claim("one", NOON + timedelta(seconds=5), LEASE)
    assert not notices.are_due(NOON + timedelta(seconds=6))
    assert notices.are_due(NOON + timedelta(seconds=5) + LEASE)
    assert notices.settle([claimed_[0].id], "one", "suppressed", NOON, detail="over") == 1
    assert not notices.are_due(NOON + timedelta(days=1))


def test_only_its_owner_writes_and_only_within_its_lease(notices: Notices) -> None:
    notices.plan([to("ada@example.com")], NOON)
    ids = claimed(notices)
    assert notices.writing(ids, "other", NOON) == set()
    assert notices.writing(ids, "one", AFTER) == set()
    assert notices.writing(ids, "one", NOON) == set(ids)
    assert notices.writing(ids, "one", NOON) == set()


@pytest.mark.parametrize(("repeatable", "becomes"), [(False, "unknown"), (True, "planned")])
def test_a_dead_sender_leaves_unknown_what_it_was_writing(notices: Notices, repeatable: bool, becomes: str) -> None:
    notices.plan([to("ada@example.com"), to("ben@example.com")], NOON)
    ids = claimed(notices)
    notices.writing(ids[:1], "one", NOON)
    assert notices.lapsed(NOON) == ()
    lapsed = [one.id for one in notices.lapsed(AFTER)]
    notices.expire(lapsed, AFTER, repeatable=repeatable)
    assert states(notices) == dict(Counter([becomes, "planned"]))
    assert notices.settle(ids, "one", "accepted", AFTER) == (0 if repeatable else 1)  # a late answer settles it


def test_an_unknown_notice_is_never_claimed_again(notices: Notices) -> None:
    notices.plan([to("ada@example.com")], NOON)
    ids = claimed(notices)
    notices.writing(ids, "one", NOON)
    notices.settle(ids, "one", "unknown", NOON, detail="the connection broke")
    notices.expire(ids, AFTER, repeatable=True)
    assert notices.claim("two", AFTER + timedelta(days=9), LEASE) == ()


def test_what_did_not_leave_is_claimed_again_later(notices: Notices) -> None:
    notices.plan([to("ada@example.com")], NOON)
    ids = claimed(notices)
    notices.writing(ids, "one", NOON)
    later = NOON + timedelta(seconds=30)
    assert notices.settle(ids, "one", "planned", NOON, detail="429", not_before=later) == 1
    assert notices.claim("two", NOON, LEASE) == ()
    (again,) = notices.claim("two", later, LEASE)
    assert (again.attempt, again.claimed_by) == (2, "two")


def test_many_at_once_are_claimed_by_one_each(notices: Notices) -> None:
    notices.plan([to(f"person-{number}@example.com") for number in range(600)], NOON)
    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(lambda n: claimed(notices, f"owner-{n}", 60), range(12)))
    ids = [id_ for some in taken for id_ in some] + claimed(notices, "last", 600)
    assert (len(ids), len(set(ids))) == (600, 600)


def test_thousands_are_settled_in_one_go(notices: Notices) -> None:
    notices.plan([to(f"person-{number}@example.com") for number in range(2_500)], NOON)
    ids = claimed(notices, most=2_500)
    assert len(notices.writing(ids, "one", NOON)) == 2_500
    assert notices.settle(ids, "one", "accepted", NOON) == 2_500


def test_notices_and_announcements_never_see_each_other(ledger: Ledger) -> None:
    notices, of = ledger.notices, Of(LAUNCH, ITEM, "email", "announcement")
    ledger.planning.plan(of, 1, [Recipient("ada@example.com")], NOON)
    notices.plan([to("ada@example.com")], NOON)
    assert [one.purpose for one in ledger.deliveries.of(LAUNCH)] == ["announcement"]
    assert [one.purpose for one in notices.of(LAUNCH)] == ["ask/1/1"]
    assert ledger.deliveries.counts(LAUNCH, ITEM) == {"planned": 1}
    notice: Delivery = notices.claim("one", NOON, LEASE)[0]
    assert (notice.purpose, notices.claim("one", NOON, LEASE)) == ("ask/1/1", ())
    batch = ledger.batches.claim(of, "one", NOON, LEASE)
    assert batch is not None
    [announced] = ledger.batches.letters(batch.id)
    assert notices.writing([announced.id], "one", NOON) == set()
    assert notices.settle([announced.id], "one", "suppressed", NOON) == 0
    ledger.batches.expire(of, AFTER, repeatable=False)
    assert [one.state for one in notices.of(LAUNCH)] == ["claimed"]
    assert [one.purpose for one in notices.lapsed(AFTER)] == ["ask/1/1"]
    notices.expire([notice.id, announced.id], AFTER, repeatable=False)
    assert not ledger.batches.is_drained(of)
    assert ledger.deliveries.counts(LAUNCH, ITEM) == {"planned": 1}
