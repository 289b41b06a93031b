from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ledger import neighbours, planning
from ledger.batches import Batch, Of
from ledger.deliveries import Address, Outcome
from ledger.notices import Planned
from ledger.planning import Recipient
from ledger.store import Ledger
from tests.ledger.plans import plans, reads_all

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
AFTER = NOON + LEASE
OF = Of("acme-2.4.0", "announce-customers", "email", "announcement")
ADA = "ada@example.com"


def planned(ledger: Ledger, *recipients: str, of: Of = OF) -> int:
    return ledger.planning.plan(of, 1, [Recipient(one) for one in recipients or (ADA,)], NOON)


def claimed(ledger: Ledger, owner: str = "one", now: datetime = NOON, of: Of = OF) -> Batch:
    found = ledger.batches.claim(of, owner, now, LEASE)
    assert found is not None
    return found


def being_written(ledger: Ledger, *recipients: str) -> Batch:
    planned(ledger, *recipients)
    found = claimed(ledger)
    assert ledger.batches.writing(found.id, "one", NOON)
    return found


def counts(ledger: Ledger) -> dict[str, int]:
    return {str(state): count for state, count in ledger.deliveries.counts(OF.launch_id, OF.item).items()}


def people(count: int) -> Iterable[Recipient]:
    return (Recipient(f"person-{number}@example.com") for number in range(count))


def test_a_batch_goes_from_planned_to_accepted_and_its_deliveries_with_it(ledger: Ledger) -> None:
    found = being_written(ledger, ADA, "bob@example.com")
    assert counts(ledger) == {"writing": 2}
    assert ledger.batches.settle(found.id, "one", "accepted", NOON, provider_id="sg-1", detail="202")
    ada, _ = ledger.deliveries.of(OF.launch_id)
    assert (ada.state, ada.provider_id, ada.detail, ada.attempt, ada.round) == ("accepted", "sg-1", "202", 1, 1)
    assert (ada.recipient, ada.channel, ada.updated_at, ada.lease_until) == (ADA, "email", NOON, None)
    assert ledger.batches.claim(OF, "one", AFTER, LEASE) is None


def test_no_batch_is_larger_than_a_provider_takes(ledger: Ledger) -> None:
    assert ledger.planning.plan(OF, 1, people(2_500), NOON) == 2_500
    sizes = [found.size for found in iter(lambda: ledger.batches.claim(OF, "one", NOON, LEASE), None)]
    assert sizes == [1_000, 1_000, 500]


def test_batches_are_made_of_neighbours_and_of_everybody(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few of them fit into memory."""
    monkeypatch.setattr(planning, "MOST", 10)
    monkeypatch.setattr(neighbours, "IN_MEMORY", 50)
    told = [Recipient(f"person-{number}@example.com", "de" if number % 3 else "en") for number in range(137)]
    assert ledger.planning.plan(OF, 1, told, NOON) == 137
    found = list(iter(lambda: ledger.batches.claim(OF, "one", NOON, LEASE), None))
    sizes = {segment: [one.size for one in found if one.segment == segment] for segment in ("en", "de")}
    assert {segment: sorted(some) for segment, some in sizes.items()} == {"en": [6, *[10] * 4], "de": [1, *[10] * 9]}
    letters = {one.id: ledger.batches.letters(one.id) for one in found}
    assert sorted(one.recipient for some in letters.values() for one in some) == sorted(one.address for one in told)
    first, second = [sorted(one.id for one in letters[batch.id]) for batch in found if batch.segment == "de"][:2]
    assert first[-1] < second[0]


def test_who_gets_another_rendering_or_at_another_time_is_in_another_batch(ledger: Ledger) -> None:
    told = [
        Recipient(ADA, "en"),
        Recipient("bob@example.com", "de"),
        Recipient("eve@example.com", "en"),
        Recipient("zoe@example.com", "en", not_before=AFTER),
    ]
    ledger.planning.plan(OF, 1, told, NOON)
    found = list(iter(lambda: ledger.batches.claim(OF, "one", NOON, LEASE), None))
    assert [(one.segment, one.size) for one in found] == [("en", 2), ("de", 1)]
    assert claimed(ledger, now=AFTER).size == 1


def test_planning_again_adds_only_who_is_new(ledger: Ledger) -> None:
    found = being_written(ledger)
    ledger.batches.settle(found.id, "one", "accepted", NOON)
    assert planned(ledger, ADA, "bob@example.com") == 1
    assert ledger.planning.plan(OF, 2, [], NOON) == 0
    assert counts(ledger) == {"accepted": 1, "planned": 1}


def test_one_recipient_in_another_letter_case_is_one_delivery(ledger: Ledger) -> None:
    assert planned(ledger, "Ada@Example.com", ADA, "ADA@EXAMPLE.COM") == 1
    assert planned(ledger, "aDa@example.com") == 0
    assert len(ledger.batches.letters(claimed(ledger).id)) == 1


def test_what_stands_in_one_message_alone_is_kept_with_its_receiver(ledger: Ledger) -> None:
    told = [Recipient(ADA, facts={"name": "Ada ✓ \"'"}), Recipient("bob@example.com")]
    ledger.planning.plan(OF, 1, told, NOON)
    ada, bob = ledger.batches.letters(claimed(ledger).id)
    assert (ada.recipient, ada.facts, bob.facts) == (ADA, {"name": "Ada ✓ \"'"}, {})


def test_nothing_is_claimed_where_nothing_is_planned(ledger: Ledger) -> None:
    planned(ledger)
    for other in (OF._replace(item="announce-team"), OF._replace(channel="slack"), OF._replace(purpose="recall")):
        assert ledger.batches.claim(other, "one", NOON, LEASE) is None


def test_fifty_drainers_claim_each_batch_exactly_once(ledger: Ledger) -> None:
    for number in range(100):
        ledger.planning.plan(OF, 1, [Recipient(f"person-{number}@example.com")], NOON)

    def drain(owner: str) -> list[str]:
        found = iter(lambda: ledger.batches.claim(OF, owner, NOON, LEASE), None)
        return [one.id for one in found if ledger.batches.writing(one.id, owner, NOON)]

    with ThreadPoolExecutor(50) as threads:
        drained = Counter(name for names in threads.map(drain, map(str, range(50))) for name in names)
    assert (len(drained), set(drained.values())) == (100, {1})
    assert counts(ledger) == {"writing": 100}


def test_only_the_owner_of_a_claim_may_write_and_only_once(ledger: Ledger) -> None:
    planned(ledger)
    found = claimed(ledger, "one")
    assert not ledger.batches.writing(found.id, "two", NOON)
    assert ledger.batches.writing(found.id, "one", NOON)
    assert not ledger.batches.writing(found.id, "one", NOON)


def test_a_claim_whose_lease_is_over_may_not_write(ledger: Ledger) -> None:
    planned(ledger)
    assert not ledger.batches.writing(claimed(ledger).id, "one", NOON + LEASE)


def test_nothing_is_written_while_all_sending_is_stopped(ledger: Ledger) -> None:
    planned(ledger)
    found = claimed(ledger)
    ledger.switches.turn("ada@example.com", "command", "a wrong price", NOON, is_on=False)
    assert not ledger.batches.writing(found.id, "one", NOON)
    ledger.switches.turn("ada@example.com", "command", "it was right", NOON, is_on=True)
    assert ledger.batches.writing(found.id, "one", NOON)
    assert [(turn.is_on, turn.reason) for turn in ledger.switches.turns()] == [
        (True, "it was right"),
        (False, "a wrong price"),
    ]


def test_a_claim_whose_owner_died_is_planned_again_and_lost_to_the_first_owner(ledger: Ledger) -> None:
    planned(ledger)
    found = claimed(ledger, "one")
    ledger.batches.expire(OF, AFTER, repeatable=False)
    again = claimed(ledger, "two", AFTER)
    assert (again.id, again.attempt, again.claimed_by) == (found.id, 2, "two")
    assert not ledger.batches.writing(found.id, "one", NOON)
    outcomes: tuple[Outcome, ...] = ("planned", "suppressed", "rejected")
    for outcome in outcomes:
        assert not ledger.batches.settle(found.id, "one", outcome, AFTER)
    ledger.batches.split(found.id, "one", 1, AFTER)
    ledger.batches.single_out(found.id, "one", {again.id: ("rejected", "no")}, AFTER)
    assert ledger.batches.writing(found.id, "two", AFTER)


@pytest.mark.parametrize(("repeatable", "becomes"), [(False, "unknown"), (True, "planned")])
def test_what_was_being_written_when_its_owner_died(ledger: Ledger, repeatable: bool, becomes: str) -> None:
    being_written(ledger, ADA, "bob@example.com")
    ledger.batches.expire(OF, AFTER, repeatable=repeatable)
    assert counts(ledger) == {becomes: 2}


def test_a_lease_that_lasts_and_another_channels_are_left_alone(ledger: Ledger) -> None:
    being_written(ledger)
    ledger.batches.expire(OF, NOON + timedelta(seconds=1), repeatable=True)
    ledger.batches.expire(OF._replace(channel="slack"), AFTER, repeatable=True)
    assert counts(ledger) == {"writing": 1}


@pytest.mark.parametrize("repeatable", [True, False])
def test_an_unknown_is_never_planned_again_by_itself(ledger: Ledger, repeatable: bool) -> None:
    found = being_written(ledger)
    ledger.batches.settle(found.id, "one", "unknown", NOON, detail="the connection was lost")
    ledger.batches.expire(OF, AFTER, repeatable=repeatable)
    planned(ledger)
    ledger.planning.plan_rejected_again(OF, 2, AFTER)
    ledger.batches.split(found.id, "one", 1, AFTER)
    assert not ledger.batches.settle(found.id, "one", "planned", AFTER)
    assert ledger.batches.claim(OF, "two", AFTER, LEASE) is None
    assert counts(ledger) == {"unknown": 1}


def test_an_answer_that_comes_late_settles_an_unknown(ledger: Ledger) -> None:
    found = being_written(ledger)
    ledger.batches.expire(OF, AFTER, repeatable=False)
    assert ledger.batches.settle(found.id, "one", "accepted", AFTER, provider_id="sg-1")
    assert counts(ledger) == {"accepted": 1}


def test_what_certainly_did_not_leave_is_claimed_again_when_its_time_has_come(ledger: Ledger) -> None:
    found = being_written(ledger)
    assert ledger.batches.settle(found.id, "one", "planned", NOON, detail="429", not_before=AFTER)
    assert ledger.batches.claim(OF, "two", NOON, LEASE) is None
    assert ledger.batches.next_due(OF) == AFTER
    assert claimed(ledger, "two", AFTER).attempt == 2


def test_what_could_not_be_tried_does_not_count_as_an_attempt(ledger: Ledger) -> None:
    found = being_written(ledger)
    assert ledger.batches.settle(found.id, "one", "planned", NOON, was_tried=False)
    assert claimed(ledger, "two", AFTER).attempt == 1


def test_who_was_put_off_comes_after_all_who_were_not(ledger: Ledger) -> None:
    ledger.planning.plan(OF, 1, people(2_500), NOON)
    first = claimed(ledger)
    ledger.batches.settle(first.id, "one", "planned", NOON, not_before=AFTER)
    found = [one.number for one in iter(lambda: ledger.batches.claim(OF, "two", AFTER, LEASE), None)]
    assert found == [2, 3, 1]


def test_a_claim_is_one_look_at_an_index(ledger: Ledger) -> None:
    if ledger.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by how much there is")
    (plan,) = plans(ledger, lambda: ledger.batches.claim(OF, "one", NOON, LEASE), "batches")
    assert "batches_to_send (launch_id=? AND item=? AND channel=? AND purpose=? AND state=?)" in plan
    assert not reads_all(plan, "batches"), plan


def test_a_vendor_that_asks_for_time_is_left_alone_by_all_batches(ledger: Ledger) -> None:
    ledger.planning.plan(OF, 1, people(1_500), NOON)
    ledger.batches.postpone(OF, NOON, AFTER)
    assert ledger.batches.claim(OF, "one", NOON, LEASE) is None
    assert claimed(ledger, now=AFTER).size == 1_000


@pytest.mark.parametrize("first", ["accepted", "rejected"])
@pytest.mark.parametrize("then", ["planned", "accepted", "rejected", "unknown", "suppressed"])
def test_an_outcome_is_final(ledger: Ledger, first: Outcome, then: Outcome) -> None:
    found = being_written(ledger)
    assert ledger.batches.settle(found.id, "one", first, NOON)
    assert not ledger.batches.settle(found.id, "one", then, NOON)
    assert counts(ledger) == {first: 1}


def test_one_of_a_batch_becomes_something_else_than_the_rest(ledger: Ledger) -> None:
    planned(ledger, ADA, "bob@example.com", "eve@example.com")
    found = claimed(ledger)
    ada, bob, _ = ledger.batches.letters(found.id)
    own: dict[str, tuple[Outcome, str]] = {ada.id: ("suppressed", "opted out"), bob.id: ("rejected", "no address")}
    ledger.batches.single_out(found.id, "one", own, NOON)
    assert [one.recipient for one in ledger.batches.letters(found.id)] == ["eve@example.com"]
    assert ledger.batches.writing(found.id, "one", NOON)
    ledger.batches.settle(found.id, "one", "accepted", NOON)
    assert counts(ledger) == {"accepted": 1, "rejected": 1, "suppressed": 1}
    assert {one.recipient: one.detail for one in ledger.deliveries.of(OF.launch_id)}[ADA] == "opted out"


def test_a_batch_that_was_refused_whole_is_halved_until_one_is_left(ledger: Ledger) -> None:
    ledger.planning.plan(OF, 1, people(5), NOON)
    found = claimed(ledger)
    assert ledger.batches.writing(found.id, "one", NOON)
    ledger.batches.split(found.id, "one", 3, NOON)
    assert not ledger.batches.settle(found.id, "one", "accepted", NOON), "nobody's any more"
    halves = [claimed(ledger), claimed(ledger)]
    assert [one.size for one in halves] == [3, 2]
    letters = [letter.recipient for one in halves for letter in ledger.batches.letters(one.id)]
    assert letters == [f"person-{number}@example.com" for number in range(5)]
    assert counts(ledger) == {"claimed": 5}


def test_whatever_a_provider_answers_can_be_kept(ledger: Ledger) -> None:
    found = being_written(ledger)
    assert ledger.batches.settle(found.id, "one", "rejected", NOON, detail="<html>\0" + "no " * 5_000)
    (kept,) = ledger.deliveries.of(OF.launch_id)
    assert kept.detail.startswith("<html>no ")
    assert len(kept.detail) == 1_000


def test_what_was_refused_is_sent_again_in_a_new_round_and_what_may_have_arrived_is_not(ledger: Ledger) -> None:
    planned(ledger, ADA, "bad@example.com")
    planned(ledger, "refused@example.com")
    planned(ledger, "lost@example.com")
    first = claimed(ledger)
    bad = ledger.batches.letters(first.id)[1]
    ledger.batches.single_out(first.id, "one", {bad.id: ("rejected", "no")}, NOON)
    outcomes: tuple[Outcome, ...] = ("accepted", "rejected", "unknown")
    for found, outcome in zip((first, claimed(ledger), claimed(ledger)), outcomes, strict=True):
        assert ledger.batches.writing(found.id, "one", NOON)
        assert ledger.batches.settle(found.id, "one", outcome, NOON)
    ledger.planning.plan_rejected_again(OF, 1, AFTER)
    assert counts(ledger) == {"accepted": 1, "rejected": 2, "unknown": 1}, "the same round asks for nothing new"
    ledger.planning.plan_rejected_again(OF, 2, AFTER)
    assert {d.recipient: (d.state, d.round) for d in ledger.deliveries.of(OF.launch_id)} == {
        ADA: ("accepted", 1),
        "bad@example.com": ("planned", 2),
        "refused@example.com": ("planned", 2),
        "lost@example.com": ("unknown", 1),
    }


def test_what_left_is_counted_without_corrections_and_what_people_were_asked(ledger: Ledger) -> None:
    first = being_written(ledger, ADA, "bob@example.com", "bad@example.com")
    bad = ledger.batches.letters(first.id)[1]
    ledger.batches.single_out(first.id, "one", {bad.id: ("rejected", "no")}, NOON)
    assert ledger.batches.settle(first.id, "one", "accepted", NOON)
    planned(ledger, "slack", of=OF._replace(channel="slack"))
    planned(ledger, of=OF._replace(purpose="correction/1"))
    asked = Address(launch_id=OF.launch_id, item="qa", channel="email", recipient=ADA, purpose="ask/1/1")
    ledger.notices.plan([Planned(asked, 1)], NOON)
    assert ledger.deliveries.announced(OF.launch_id) == [
        (OF.item, "email", "accepted", 2),
        (OF.item, "email", "rejected", 1),
        (OF.item, "slack", "planned", 1),
    ]


def test_what_is_given_up_leaves_for_nobody_but_who_writes_already(ledger: Ledger) -> None:
    planned(ledger)
    planned(ledger, "claimed@example.com")
    planned(ledger, "writing@example.com")
    writing, held = claimed(ledger), claimed(ledger)
    assert ledger.batches.writing(writing.id, "one", NOON)
    assert ledger.batches.give_up(OF, "not after noon", NOON) == 2
    assert not ledger.batches.writing(held.id, "one", NOON)
    assert not ledger.batches.settle(held.id, "one", "planned", NOON)
    assert counts(ledger) == {"suppressed": 2, "writing": 1}
    assert ledger.batches.settle(writing.id, "one", "accepted", NOON)
    assert ledger.batches.give_up(OF, "not after noon", NOON) == 2, "how many there are so far"
    ledger.planning.plan_late_again(OF, 2, AFTER)
    assert counts(ledger) == {"accepted": 1, "planned": 2}


def test_channels_of_one_announcement_are_drained_each_for_itself(ledger: Ledger) -> None:
    slack = OF._replace(channel="slack")
    planned(ledger)
    planned(ledger, "launches", of=slack)
    posted = claimed(ledger, of=slack)
    assert ledger.batches.writing(posted.id, "one", NOON)
    assert not ledger.batches.is_drained(slack)
    assert ledger.batches.settle(posted.id, "one", "accepted", NOON)
    assert ledger.batches.is_drained(slack)
    assert not ledger.batches.is_drained(OF)
    assert ledger.deliveries.by_channel(OF.launch_id, OF.item) == {("email", "planned"): 1, ("slack", "accepted"): 1}
