from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from ledger.deliveries import Outcome
from ledger.delivery_events import Event, Kind
from ledger.store import Ledger
from tests.ledger.test_batches import ADA, NOON, OF, being_written, counts


def handed_over(ledger: Ledger, outcome: Outcome = "accepted") -> str:
    found = being_written(ledger)
    ledger.batches.settle(found.id, "one", outcome, NOON)
    return ledger.deliveries.of(OF.launch_id)[0].id


def event(id_: str, kind: Kind, after: float = 0, **said: Any) -> Event:
    return Event(id_, kind, NOON + timedelta(seconds=after), **said)


def test_what_was_handed_over_is_delivered_when_its_provider_says_so(ledger: Ledger) -> None:
    id_ = handed_over(ledger)
    told = [event(id_, "processed"), event(id_, "delivered", 1, detail="250 OK", provider_id="sg-1")]
    assert len(ledger.delivery_events.keep(told, NOON)) == 2
    ada = ledger.deliveries.find(id_)
    assert ada is not None
    assert (ada.state, ada.provider_id, ada.detail) == ("delivered", "sg-1", "250 OK")


def test_an_event_that_is_told_twice_is_news_once(ledger: Ledger) -> None:
    id_ = handed_over(ledger)
    told = [
        event(id_, "clicked", 60, url="https://example.com/a"),
        event(id_, "clicked", 60, url="https://example.com/a"),
    ]
    assert len(ledger.delivery_events.keep(told, NOON)) == 1
    assert ledger.delivery_events.keep(told, NOON) == ()
    assert ledger.delivery_events.counts(OF.launch_id, OF.item) == {("email", "clicked"): 1}


@pytest.mark.parametrize("order", list(permutations(["processed", "delivered", "opened"])))
def test_events_in_any_order_come_to_the_same(ledger: Ledger, order: tuple[Kind, ...]) -> None:
    id_ = handed_over(ledger)
    for kind in order:
        ledger.delivery_events.keep([event(id_, kind)], NOON)
    assert counts(ledger) == {"delivered": 1}


@pytest.mark.parametrize("kind", ["processed", "deferred"])
@pytest.mark.parametrize("outcome", ["unknown", "rejected"])
def test_what_was_of_unknown_fate_is_settled_by_our_own_id(ledger: Ledger, outcome: Outcome, kind: Kind) -> None:
    id_ = handed_over(ledger, outcome)
    ledger.delivery_events.keep([event(id_, kind)], NOON)
    assert counts(ledger) == {"accepted": 1}


@pytest.mark.parametrize("outcome", ["accepted", "unknown"])
@pytest.mark.parametrize("order", list(permutations(["processed", "deferred", "blocked"])))
def test_a_mail_that_was_turned_away_has_bounced(ledger: Ledger, outcome: Outcome, order: tuple[Kind, ...]) -> None:
    id_ = handed_over(ledger, outcome)
    for kind in order:
        ledger.delivery_events.keep([event(id_, kind, detail="550 5.7.1")], NOON)
    assert counts(ledger) == {"bounced": 1}


def test_a_mail_that_was_put_off_arrives_in_the_end(ledger: Ledger) -> None:
    id_ = handed_over(ledger)
    ledger.delivery_events.keep([event(id_, "delivered", 60), event(id_, "deferred", 1)], NOON)
    ledger.delivery_events.keep([event(id_, "deferred", 2)], NOON)
    assert counts(ledger) == {"delivered": 1}


def test_a_bounce_after_the_delivery_counts_and_nothing_undoes_it(ledger: Ledger) -> None:
    id_ = handed_over(ledger)
    kinds: tuple[Kind, ...] = ("delivered", "bounced", "delivered", "processed")
    for kind in kinds:
        ledger.delivery_events.keep([event(id_, kind, len(kind))], NOON)
    assert counts(ledger) == {"bounced": 1}


def test_an_event_of_somebody_elses_mail_is_left_out(ledger: Ledger) -> None:
    handed_over(ledger)
    assert ledger.delivery_events.keep([event("0" * 36, "delivered")], NOON) == ()
    assert counts(ledger) == {"accepted": 1}


@pytest.mark.parametrize("click_first", [True, False])
@pytest.mark.parametrize("after", [-1, 0, 2])
def test_a_click_within_two_seconds_of_the_delivery_is_a_machines(
    ledger: Ledger, click_first: bool, after: int
) -> None:
    id_ = handed_over(ledger)
    told = [event(id_, "clicked", 1 + after, url="https://example.com/scanned"), event(id_, "delivered", 1)]
    for one in told if click_first else reversed(told):
        ledger.delivery_events.keep([one], NOON)
    assert ("email", "clicked") not in ledger.delivery_events.counts(OF.launch_id, OF.item)
    ledger.delivery_events.keep([event(id_, "clicked", 40, url="https://example.com/read")], NOON)
    assert ledger.delivery_events.counts(OF.launch_id, OF.item)[("email", "clicked")] == 1


@pytest.mark.parametrize("second_first", [True, False])
def test_a_second_delivery_makes_no_machine_of_who_read_the_first(ledger: Ledger, second_first: bool) -> None:
    """It was in doubt and sent again, or its provider tells of it twice."""
    id_ = handed_over(ledger)
    arrived = [event(id_, "delivered", 1), event(id_, "delivered", 3_600)]
    read = [event(id_, "opened", 1_790), event(id_, "clicked", 1_800, url="https://example.com/read")]
    for one in [*(arrived[::-1] if second_first else arrived), *read, *arrived]:
        ledger.delivery_events.keep([one], NOON)
    ledger.delivery_events.keep([event(id_, "delivered", 7_200)], NOON)
    people = ledger.delivery_events.counts(OF.launch_id, OF.item)
    assert (people[("email", "opened")], people[("email", "clicked")]) == (1, 1)


def test_what_came_before_the_delivery_was_told_is_no_machines(ledger: Ledger) -> None:
    """The earlier delivery is not known, or not yet."""
    id_ = handed_over(ledger)
    ledger.delivery_events.keep([event(id_, "clicked", 30), event(id_, "delivered", 3_600)], NOON)
    assert ledger.delivery_events.counts(OF.launch_id, OF.item)[("email", "clicked")] == 1


def test_openings_are_counted_by_person(ledger: Ledger) -> None:
    id_ = handed_over(ledger)
    ledger.delivery_events.keep([event(id_, "opened", 10), event(id_, "opened", 20)], NOON)
    assert ledger.delivery_events.counts(OF.launch_id, OF.item) == {("email", "opened"): 1}
    assert ledger.deliveries.of(OF.launch_id)[0].recipient == ADA
