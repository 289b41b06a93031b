"""How a launch begins, and what is refused before it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checklists.checklist import Checklist
from checklists.commands import Start
from checklists.dates import Calendar
from checklists.decide import launch_id
from checklists.launch import Launch
from tests.checklists.launches import CHECKLIST, begun, decided, refused, start, statuses


def gate(*lines: str) -> Checklist:
    return Checklist.model_validate({"checklist": "one", "items": {"gate": {"gate": "Gate", "sign": lines}}})


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (None, start(version="soon"), "'soon' is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1"),
        (None, start(version=""), "'' is no version"),
        (None, start(version="1.0/../../etc"), "is no version"),
        (None, start(on=date.max), "9999-12-31 is no launch day"),
        (
            None,
            start(on=date(2025, 12, 1)),
            "2025-12-01 is over, today is 2026-11-23; name a launch day that is to come",
        ),
        (None, start(gate("1 of legal")), "gate needs 1 of legal; nobody holds legal; give the role to more people"),
        (None, start(gate("4 of qa")), "gate needs 4 of qa; only Ada, Ben and Cat can sign"),
        (
            None,
            start(gate("3 of qa", "1 of security")),
            "gate needs 3 of qa and 1 of security; only Ada, Ben and Cat can sign",
        ),
        (
            begun(start(product="acme-2", version="4.0")),
            start(version="2-4.0"),
            "acme-2-4.0 is the launch of acme-2 4.0 already; give acme another version",
        ),
    ],
)
def test_it_is_refused_with_its_reason(launch: Launch | None, command: Start, reason: str) -> None:
    assert reason in refused(launch, command)


def test_a_launch_is_named_after_its_product_and_version() -> None:
    assert launch_id("acme", "2.4.0") == begun().id == "acme-2.4.0"


def test_the_second_start_of_a_release_finds_the_first() -> None:
    assert decided(begun(), start()) == ()
    assert decided(begun(), start(on=date(2025, 12, 1))) == ()


def test_the_launch_day_may_be_today_where_the_product_is_at_home() -> None:
    """At 10:00 UTC on the 23rd it is the 24th already on Kiritimati."""
    today = start(on=date(2026, 11, 23))
    assert decided(None, today) != ()
    there = replace(today, calendar=Calendar(timezone="Pacific/Kiritimati"))
    assert "today is 2026-11-24" in refused(None, there)


def test_a_launch_keeps_the_checklist_it_was_started_with() -> None:
    launch = begun()
    longer = {"new": gate("1 of qa").items["gate"], **CHECKLIST.items}
    assert decided(launch, start(Checklist(checklist="example", items=longer))) == ()
    assert list(statuses(launch)) == list(CHECKLIST.items)


def test_without_a_launch_day_nothing_has_a_date() -> None:
    launch = begun(start(on=None))
    assert (launch.dates.due, launch.dates.not_before, launch.dates.not_after) == ({}, {}, {})
