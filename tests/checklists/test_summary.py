"""What is read of a launch without its entries is what they say, and nothing becomes due unnoticed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from hypothesis import given, settings

from checklists.commands import Abandon, Hold, Waive
from checklists.due import due
from checklists.fold import fold
from checklists.launch import Launch
from checklists.summary import summary, wake_at
from tests.checklists.launches import ADA, BEN, EVE, NOW, ON_THE_DAY, begun, decided, finished, sign, start, told
from tests.checklists.stories import LATE, Move, entries_of, stories


def test_a_fresh_launch_in_a_few_words() -> None:
    said = summary(begun())
    assert (said["status"], said["items"], said["ended"], said["launch_on"]) == ("in-progress", 8, 0, "2026-12-01")
    assert [item["item"] for item in said["open"]] == ["qa", "docs", "training", "guide"]
    assert said["open"][0]["missing"] == ["2 of qa", "1 of security"]
    assert said["open"][0]["since"] == "2026-11-23T10:00:00+00:00"
    assert said["runs"] == ["launch-run", "qa-1", "docs-1", "training-1", "guide-1"]


def test_a_signature_shows_in_who_is_still_missing() -> None:
    said = summary(told(begun(), sign(ADA, "qa"), sign(BEN, "qa")))
    assert said["open"][0]["missing"] == ["1 of security"]


def test_a_launch_on_hold_says_why() -> None:
    said = summary(told(begun(), Hold(by=EVE, reason="the cloud is down")))
    assert (said["status"], said["reason"]) == ("on-hold", "the cloud is down")


def test_what_has_ended_is_not_open() -> None:
    said = summary(finished(begun()))
    assert (said["status"], said["ended"], said["open"], said["runs"]) == ("closed", 8, [], ["launch-run"])


def test_an_embargo_wakes_the_launch() -> None:
    launch = told(begun(), *(Waive(by=EVE, item=key, reason="known good") for key in ("qa", "docs", "links")))
    launch = told(launch, *(Waive(by=EVE, item=key, reason="known good") for key in ("training", "guide", "go")))
    assert launch.items["tell"].status == "waiting"
    assert wake_at(launch, ON_THE_DAY - timedelta(minutes=1)) == ON_THE_DAY


def test_what_is_due_already_wakes_it_at_once() -> None:
    fresh = fold(decided(None, start()))
    assert wake_at(fresh, NOW) == NOW


def test_a_launch_that_has_ended_sleeps_for_ever() -> None:
    ended = told(begun(), Abandon(by=EVE, reason="the market has gone"))
    assert ended.has_ended
    assert wake_at(ended, NOW) is None


def times(launch: Launch) -> list[datetime]:
    """Moments around everything that is dated, and long after."""
    dated = [*launch.dates.due.values(), *launch.dates.not_before.values()]
    dated += [at for steps in launch.dates.reminders.values() for at in steps.values()]
    dated += [state.waived_until for state in launch.items.values() if state.waived_until]
    return [at + shift for at in dated for shift in (timedelta(seconds=-1), timedelta(0))] + [LATE]


@settings(deadline=None, max_examples=150)
@given(stories)
def test_nothing_becomes_due_before_the_launch_wakes(moves: list[Move]) -> None:
    launch = fold(entries_of(moves))
    wakes = wake_at(launch, NOW)
    early = [at for at in times(launch) if at >= NOW and (wakes is None or at < wakes)]
    assert {at: due(launch, at) for at in early if due(launch, at)} == {}


@settings(deadline=None, max_examples=50)
@given(stories)
def test_a_summary_is_plain_json(moves: list[Move]) -> None:
    said = summary(fold(entries_of(moves)))
    assert json.loads(json.dumps(said)) == said
