"""Colleagues hear it before customers, and some time lies between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from checklists.checklist import Checklist
from checklists.commands import Rerun, Waive
from checklists.due import due
from checklists.fold import fold
from checklists.items import After
from checklists.launch import Launch
from checklists.opening import earliest, is_too_early
from checklists.summary import wake_at
from tests.checklists.files.written import findings, write
from tests.checklists.launches import EVE, NOW, begun, report, start, statuses, told, written

HALF_AN_HOUR = timedelta(minutes=30)


def announced(**more: Any) -> dict[str, Any]:
    return {"announce": {"audience": "customers", "channels": ["email"], **more}}


def ordered(**more: Any) -> Checklist:
    after = {"item": "inside", "gap": "30m"}
    items = {"inside": announced(), "outside": announced(after=after, **more), "on": {"todo": "On"}}
    return Checklist.model_validate({"checklist": "ordered", "items": items})


def later(launch: Launch, gap: timedelta) -> Launch:
    """The launch after what is due so long after, and nothing else."""
    return fold(written(launch, due(launch, NOW + gap)), onto=launch)


def inside_out() -> Launch:
    return told(begun(start(ordered())), report("inside"))


def test_customers_wait_for_colleagues_as_for_a_need() -> None:
    launch = begun(start(ordered()))
    assert (statuses(launch)["outside"], launch.blocked_by("outside")) == ("waiting", ("inside",))
    assert launch.checklist.before("outside") == {"inside"}
    assert earliest(launch.items["outside"], launch) is None, "nobody knows yet when that is"


def test_and_then_for_the_gap_and_the_launch_wakes_when_it_is_over() -> None:
    launch = inside_out()
    outside = launch.items["outside"]
    assert (outside.status, launch.blocked_by("outside")) == ("waiting", ())
    assert earliest(outside, launch) == NOW + HALF_AN_HOUR
    assert is_too_early(outside, launch, NOW + HALF_AN_HOUR - timedelta(seconds=1))
    assert wake_at(launch, NOW) == NOW + HALF_AN_HOUR
    assert statuses(later(launch, HALF_AN_HOUR - timedelta(seconds=1)))["outside"] == "waiting"
    assert statuses(later(launch, HALF_AN_HOUR))["outside"] == "open"


def test_the_later_of_gap_and_hour_counts() -> None:
    launch = told(begun(start(ordered(at="T+0 09:00"))), report("inside"))
    assert earliest(launch.items["outside"], launch) == launch.dates.not_before["outside"]


def test_where_colleagues_hear_it_anew_customers_wait_anew() -> None:
    launch = told(begun(start(ordered())), report("inside", ok=False))
    launch = told(launch, Rerun(by=EVE, item="inside"))
    assert launch.blocked_by("outside") == ("inside",)


def test_a_waiver_of_the_first_starts_the_gap_too() -> None:
    launch = told(begun(start(ordered())), Waive(by=EVE, item="inside", reason="nobody to tell"))
    assert earliest(launch.items["outside"], launch) == NOW + HALF_AN_HOUR


@pytest.mark.parametrize(("gap", "minutes"), [("1m", 1), ("90m", 90), ("2h", 120), ("999h", 59_940)])
def test_a_gap_is_minutes_or_hours(gap: str, minutes: int) -> None:
    assert After(item="inside", gap=gap).least == timedelta(minutes=minutes)


@pytest.mark.parametrize("gap", ["0m", "m", "-5m", "1.5h", "30 m", "30", "1d", "1000m", "٣m", "30m\n", ""])
def test_anything_else_is_none(gap: str) -> None:
    with pytest.raises(ValidationError):
        After(item="inside", gap=gap)


FILE = """checklist: ours
items:
  inside: {{announce: {{audience: a, channels: [b]}}{inside}}}
  outside: {{announce: {{audience: a, channels: [b], after: {after}}}}}
"""
WRONG = {
    "itself": (
        ", needs: []",
        "{item: outside, gap: 1h}",
        'wait for each other: outside -> outside; remove one need, or one "after"',
    ),
    "a circle": (", needs: [outside]", "{item: inside, gap: 1h}", "wait for each other: "),
    "nothing known": (
        "",
        "{item: insid, gap: 1h}",
        'announce.after.item: no item is called "insid"; did you mean "inside"?',
    ),
    "no time": ("", "{item: inside, gap: 1d}", 'announce.after.gap: expected a time such as "30m" or "2h"'),
    "no gap": ("", "{item: inside}", "announce.after.gap: this is missing; add it"),
    "no mapping": ("", "inside", "announce.after: expected a mapping"),
}


@pytest.mark.parametrize(("inside", "after", "problem"), WRONG.values(), ids=list(WRONG))
def test_what_cannot_be_is_refused_with_its_place(inside: str, after: str, problem: str, tmp_path: Path) -> None:
    (found,) = findings(write(tmp_path, "ours", FILE.format(inside=inside, after=after)))
    assert problem in found


def test_a_checklist_with_a_circle_is_none() -> None:
    circle = {
        "inside": {**announced(), "needs": ["outside"]},
        "outside": announced(after={"item": "inside", "gap": "1h"}),
    }
    with pytest.raises(ValidationError, match="wait for each other"):
        Checklist.model_validate({"checklist": "ours", "items": circle})
