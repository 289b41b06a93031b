from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from ledger.deliveries import Address, Deliveries, Delivery, Outcome
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, NOON

ITEM = "announce-customers"
LEASE = timedelta(minutes=2)
AFTER = NOON + LEASE + timedelta(seconds=1)


def to(recipient: str, **changes: str) -> Address:
    return Address.model_validate(
        {"launch_id": LAUNCH, "item": ITEM, "channel": "email", "recipient": recipient, **changes}
    )


@pytest.fixture
def deliveries(ledger: Ledger) -> Deliveries:
    return ledger.deliveries


def claimed(deliveries: Deliveries, owner: str = "one", now: datetime = NOON) -> Delivery:
    found = deliveries.claim(LAUNCH, ITEM, "email", owner, now, LEASE)
    assert found is not None
    return found


def planned(deliveries: Deliveries, *recipients: str) -> None:
    deliveries.plan([to(recipient) for recipient in recipients or ("ada@example.com",)], 1, NOON)


def being_written(deliveries: Deliveries, owner: str = "one") -> Delivery:
    planned(deliveries)
    found = claimed(deliveries, owner)
    assert deliveries.writing(found.id, owner, NOON)
    return found


def state(deliveries: Deliveries) -> str:
    (only,) = deliveries.of(LAUNCH)
    return only.state


def test_a_delivery_goes_from_planned_to_accepted(deliveries: Deliveries) -> None:
    found = being_written(deliveries)
    assert deliveries.settle(found.id, "one", "accepted", NOON, provider_id="sg-1", detail="202")
    (sent,) = deliveries.of(LAUNCH)
    assert (sent.state, sent.provider_id, sent.detail, sent.attempt, sent.round) == ("accepted", "sg-1", "202", 1, 1)
    assert (sent.recipient, sent.channel, sent.updated_at, sent.lease_until) == ("ada@example.com", "email", NOON, None)
    assert deliveries.claim(LAUNCH, ITEM, "email", "one", AFTER, LEASE) is None


def test_planning_again_adds_only_who_is_new(deliveries: Deliveries) -> None:
    found = being_written(deliveries)
    deliveries.settle(found.id, "one", "accepted", NOON)
    planned(deliveries, "ada@example.com", "bob@example.com")
    deliveries.plan([], 2, NOON)
    assert deliveries.counts(LAUNCH, ITEM) == {"accepted": 1, "planned": 1}


def test_one_recipient_in_another_letter_case_is_one_delivery(deliveries: Deliveries) -> None:
    planned(deliveries, "Ada@Example.com", "ada@example.com", "ADA@EXAMPLE.COM")
    assert deliveries.counts(LAUNCH, ITEM) == {"planned": 1}


@pytest.mark.parametrize(
    "other", [{"channel": "slack"}, {"purpose": "correction"}, {"item": "announce-team"}, {"launch_id": "acme-2.5.0"}]
)
def test_another_channel_purpose_item_or_launch_is_a_delivery_of_its_own(other: dict[str, str]) -> None:
    assert to("ada@example.com", **other).id != to("ada@example.com").id


def test_the_id_of_a_delivery_never_changes() -> None:
    """An outbox file and a provider's record carry it."""
    assert to("Ada@example.com").id == "3c06e416-c4d5-5e3b-9c3a-8a6f7ad5acb8"


@pytest.mark.parametrize("recipient", ["", "a\0b", "a\r\nBcc: eve@example.com"])
def test_a_recipient_with_control_characters_cannot_be_made(recipient: str) -> None:
    with pytest.raises(ValidationError):
        to(recipient)


def test_nothing_is_claimed_where_nothing_is_planned(deliveries: Deliveries) -> None:
    planned(deliveries)
    assert deliveries.claim(LAUNCH, "announce-team", "email", "one", NOON, LEASE) is None
    assert deliveries.claim("acme-2.5.0", ITEM, "email", "one", NOON, LEASE) is None


def test_fifty_drainers_claim_two_hundred_deliveries_each_exactly_once(deliveries: Deliveries) -> None:
    planned(deliveries, *(f"person-{number}@example.com" for number in range(200)))

    def drain(owner: str) -> list[str]:
        found = iter(lambda: deliveries.claim(LAUNCH, ITEM, "email", owner, NOON, LEASE), None)
        return [one.recipient for one in found if deliveries.writing(one.id, owner, NOON)]

    with ThreadPoolExecutor(50) as threads:
        drained = Counter(name for names in threads.map(drain, map(str, range(50))) for name in names)
    assert len(drained) == 200
    assert set(drained.values()) == {1}
    assert deliveries.counts(LAUNCH, ITEM) == {"writing": 200}


def test_only_the_owner_of_a_claim_may_write_and_only_once(deliveries: Deliveries) -> None:
    planned(deliveries)
    found = claimed(deliveries, "one")
    assert not deliveries.writing(found.id, "two", NOON)
    assert deliveries.writing(found.id, "one", NOON)
    assert not deliveries.writing(found.id, "one", NOON)


def test_a_claim_whose_lease_is_over_may_not_write(deliveries: Deliveries) -> None:
    planned(deliveries)
    found = claimed(deliveries)
    assert not deliveries.writing(found.id, "one", NOON + LEASE)


def test_a_claim_whose_owner_died_is_planned_again_and_lost_to_the_first_owner(deliveries: Deliveries) -> None:
    planned(deliveries)
    found = claimed(deliveries, "one")
    deliveries.expire(LAUNCH, ITEM, "email", AFTER, repeatable=False)
    again = claimed(deliveries, "two", AFTER)
    assert (again.id, again.attempt, again.claimed_by) == (found.id, 2, "two")
    assert not deliveries.writing(found.id, "one", NOON)
    for outcome in ("planned", "suppressed", "rejected"):
        assert not deliveries.settle(found.id, "one", outcome, AFTER)
    assert deliveries.writing(found.id, "two", AFTER)


def test_what_was_being_written_when_its_owner_died_is_unknown(deliveries: Deliveries) -> None:
    being_written(deliveries)
    deliveries.expire(LAUNCH, ITEM, "email", AFTER, repeatable=False)
    assert state(deliveries) == "unknown"


def test_what_may_be_written_twice_is_planned_again(deliveries: Deliveries) -> None:
    found = being_written(deliveries)
    deliveries.expire(LAUNCH, ITEM, "email", AFTER, repeatable=True)
    assert claimed(deliveries, "two", AFTER).id == found.id
    assert not deliveries.settle(found.id, "one", "accepted", AFTER)


def test_a_lease_that_lasts_is_left_alone(deliveries: Deliveries) -> None:
    planned(deliveries, "ada@example.com", "bob@example.com")
    deliveries.writing(claimed(deliveries).id, "one", NOON)
    claimed(deliveries)
    deliveries.expire(LAUNCH, ITEM, "email", NOON + timedelta(seconds=1), repeatable=True)
    deliveries.expire(LAUNCH, "announce-team", "email", AFTER, repeatable=True)
    assert deliveries.counts(LAUNCH, ITEM) == {"claimed": 1, "writing": 1}


@pytest.mark.parametrize("repeatable", [True, False])
def test_an_unknown_is_never_planned_again_by_itself(deliveries: Deliveries, repeatable: bool) -> None:
    found = being_written(deliveries)
    deliveries.settle(found.id, "one", "unknown", NOON, detail="the connection was lost")
    deliveries.expire(LAUNCH, ITEM, "email", AFTER, repeatable=repeatable)
    planned(deliveries)
    assert not deliveries.settle(found.id, "one", "planned", AFTER)
    assert deliveries.claim(LAUNCH, ITEM, "email", "two", AFTER, LEASE) is None
    assert state(deliveries) == "unknown"


def test_an_answer_that_comes_late_settles_an_unknown(deliveries: Deliveries) -> None:
    found = being_written(deliveries)
    deliveries.expire(LAUNCH, ITEM, "email", AFTER, repeatable=False)
    assert deliveries.settle(found.id, "one", "accepted", AFTER, provider_id="sg-1")
    assert state(deliveries) == "accepted"


def test_what_certainly_did_not_leave_is_claimed_again_when_its_time_has_come(deliveries: Deliveries) -> None:
    found = being_written(deliveries)
    assert deliveries.settle(found.id, "one", "planned", NOON, detail="429", not_before=AFTER)
    assert deliveries.claim(LAUNCH, ITEM, "email", "two", NOON, LEASE) is None
    assert claimed(deliveries, "two", AFTER).attempt == 2


@pytest.mark.parametrize("first", ["accepted", "rejected"])
@pytest.mark.parametrize("then", ["planned", "accepted", "rejected", "unknown", "suppressed"])
def test_an_outcome_is_final(deliveries: Deliveries, first: Outcome, then: Outcome) -> None:
    found = being_written(deliveries)
    assert deliveries.settle(found.id, "one", first, NOON)
    assert not deliveries.settle(found.id, "one", then, NOON)
    assert state(deliveries) == first


def test_somebody_who_opted_out_is_suppressed_before_a_byte_leaves(deliveries: Deliveries) -> None:
    planned(deliveries)
    found = claimed(deliveries)
    assert not deliveries.settle(found.id, "one", "accepted", NOON)
    assert deliveries.settle(found.id, "one", "suppressed", NOON, detail="opted out")
    assert not deliveries.writing(found.id, "one", NOON)


def test_what_is_being_written_cannot_be_suppressed_any_more(deliveries: Deliveries) -> None:
    found = being_written(deliveries)
    assert not deliveries.settle(found.id, "one", "suppressed", NOON)


def test_whatever_a_provider_answers_can_be_kept(deliveries: Deliveries) -> None:
    found = being_written(deliveries)
    assert deliveries.settle(found.id, "one", "rejected", NOON, detail="<html>\0" + "no " * 5_000)
    (kept,) = deliveries.of(LAUNCH)
    assert kept.detail.startswith("<html>no ")
    assert len(kept.detail) == 1_000


def test_the_deliveries_of_a_launch_come_by_item_and_recipient(deliveries: Deliveries) -> None:
    others = [to("eve@example.com", item="announce-team"), to("zoe@example.com", launch_id="acme-2.5.0")]
    deliveries.plan([to("bob@example.com"), to("ada@example.com"), *others], 3, NOON)
    found = deliveries.of(LAUNCH)
    assert [one.recipient for one in found] == ["ada@example.com", "bob@example.com", "eve@example.com"]
    assert {one.round for one in found} == {3}


def test_channels_of_one_announcement_are_drained_each_for_itself(deliveries: Deliveries) -> None:
    deliveries.plan([to("ada@example.com"), to("launches", channel="slack")], 1, NOON)
    posted = deliveries.claim(LAUNCH, ITEM, "slack", "one", NOON, LEASE)
    assert posted is not None
    assert posted.recipient == "launches"
    assert deliveries.writing(posted.id, "one", NOON)
    deliveries.expire(LAUNCH, ITEM, "email", AFTER, repeatable=True)
    assert not deliveries.is_drained(LAUNCH, ITEM, "slack"), (
        "the outbox of another channel may not free what was written here"
    )
    assert deliveries.settle(posted.id, "one", "accepted", NOON)
    assert deliveries.is_drained(LAUNCH, ITEM, "slack")
    assert not deliveries.is_drained(LAUNCH, ITEM, "email")


def test_what_was_refused_is_sent_again_in_a_new_round_and_what_may_have_arrived_is_not(deliveries: Deliveries) -> None:
    planned(deliveries, "refused@example.com", "lost@example.com")
    for outcome in ("rejected", "unknown"):
        found = claimed(deliveries)
        state_: Outcome = "rejected" if found.recipient.startswith("refused") else "unknown"
        assert deliveries.writing(found.id, "one", NOON), outcome
        assert deliveries.settle(found.id, "one", state_, NOON)
    assert deliveries.plan_rejected_again(LAUNCH, ITEM, 1, AFTER) == 0, "the same round asks for nothing new"
    assert deliveries.plan_rejected_again(LAUNCH, ITEM, 2, AFTER) == 1
    assert {d.recipient: (d.state, d.round) for d in deliveries.of(LAUNCH)} == {
        "refused@example.com": ("planned", 2),
        "lost@example.com": ("unknown", 1),
    }
