"""Who may hold, resume, reschedule and abandon a launch."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checklists.commands import TMINUS, Abandon, Command, Describe, Hold, Reschedule, Resume
from checklists.dates import Calendar
from checklists.launch import Launch
from tests.checklists.launches import ADA, EVE, STRANGER, begun, decided, finished, refused, sign, statuses, told

HELD = told(begun(), Hold(by=EVE, reason="frozen"))
ABANDONED = told(begun(), Abandon(by=EVE, reason="superseded"))
CLOSED = finished(begun())


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (begun(), Hold(by=ADA, reason="frozen"), "Ada does not hold the role launch-managers, which this takes"),
        (begun(), Hold(by=STRANGER, reason="frozen"), "stranger@example.com does not hold the role launch-managers"),
        (begun(), Hold(by=EVE, reason=" \t"), "say why it is put on hold"),
        (begun(), Hold(by=EVE, reason="x" * 2001), "2000 is the most"),
        (HELD, Hold(by=EVE, reason="again"), "acme 2.4.0 is on hold already: frozen"),
        (begun(), Resume(by=EVE), "acme 2.4.0 is not on hold"),
        (HELD, Resume(by=ADA), "Ada does not hold the role launch-managers"),
        (begun(), Reschedule(by=ADA, launch_on=date(2027, 1, 4), calendar=Calendar()), "Ada does not hold the role"),
        (
            begun(),
            Reschedule(by=EVE, launch_on=date(2026, 11, 22), calendar=Calendar()),
            "2026-11-22 is over, today is",
        ),
        (begun(), Reschedule(by=EVE, launch_on=date.max, calendar=Calendar()), "9999-12-31 is no launch day"),
        (begun(), Reschedule(by=EVE, launch_on=date.min, calendar=Calendar()), "0001-01-01 is no launch day"),
        (begun(), Abandon(by=ADA, reason="superseded"), "Ada does not hold the role launch-managers"),
        (begun(), Abandon(by=EVE, reason=""), "say why it is abandoned"),
        (begun(), Abandon(by=EVE, reason="\ud800"), "not readable text"),
        (CLOSED, Abandon(by=EVE, reason="superseded"), "acme 2.4.0 is closed; nothing can be changed any more"),
        (CLOSED, Hold(by=EVE, reason="frozen"), "acme 2.4.0 is closed; nothing can be changed any more"),
        (ABANDONED, Hold(by=EVE, reason="frozen"), "acme 2.4.0 is abandoned; nothing can be changed any more"),
        (ABANDONED, Resume(by=EVE), "acme 2.4.0 is abandoned; nothing can be changed any more"),
        (ABANDONED, sign(ADA, "qa"), "acme 2.4.0 is abandoned; nothing can be changed any more"),
        (CLOSED, sign(ADA, "qa"), "acme 2.4.0 is closed; nothing can be changed any more"),
    ],
)
def test_it_is_refused_with_its_reason(launch: Launch, command: Command, reason: str) -> None:
    assert reason in refused(launch, command)


def test_a_launch_on_hold_says_why() -> None:
    assert (HELD.status, HELD.reason) == ("on-hold", "frozen")


def test_a_resumed_launch_is_where_it_was() -> None:
    resumed = told(HELD, Resume(by=EVE))
    assert (resumed.status, statuses(resumed)) == ("in-progress", statuses(begun()))


def test_an_abandoned_launch_skips_what_was_left_and_keeps_what_was_done() -> None:
    launch = told(begun(), *[sign(ADA, "qa")], Abandon(by=EVE, reason="superseded"))
    assert (launch.status, launch.reason, launch.has_ended) == ("abandoned", "superseded", True)
    assert set(statuses(launch).values()) == {"skipped"}
    assert [s.name for s in launch.items["qa"].signatures] == ["Ada"]


def test_abandoning_twice_is_as_good_as_once() -> None:
    assert decided(ABANDONED, Abandon(by=TMINUS, via="prefect", reason="cancelled in Prefect")) == ()


def test_a_new_launch_day_moves_every_date() -> None:
    moved = told(begun(), Reschedule(by=EVE, launch_on=date(2026, 12, 15), calendar=Calendar()))
    assert moved.dates.not_before == {"tell": datetime(2026, 12, 15, 9, 0, tzinfo=UTC)}
    assert moved.dates.due["training"] == datetime(2026, 12, 11, 17, 0, tzinfo=UTC)


def test_a_later_event_of_the_tag_tells_only_what_nobody_had_said() -> None:
    launch = told(begun(), Describe(by=TMINUS, notes="## Faster", url="https://example.com/r"))
    assert (launch.release.notes, launch.release.url) == ("## Faster", "https://example.com/r")
    assert decided(launch, Describe(by=TMINUS, notes="other words")) == ()
    assert told(launch, Describe(by=TMINUS, notes="other words", commit="9f2c")).release.notes == "## Faster"
