"""A launch that waits for older ones of its product opens nothing until they are out of the way."""

from __future__ import annotations

from dataclasses import replace

from checklists.commands import TMINUS, Proceed
from tests.checklists.launches import ADA, EVE, begun, decided, refused, start, statuses, told


def test_a_queued_launch_opens_nothing_and_says_what_it_waits_for() -> None:
    launch = begun(replace(start(), older=("acme-2.3.0",)))
    assert set(statuses(launch).values()) == {"waiting"}
    assert (launch.status, launch.reason) == ("scheduled", "waits for acme-2.3.0")


def test_it_goes_on_once_the_older_ones_are_out_of_the_way() -> None:
    launch = told(begun(replace(start(), older=("acme-2.3.0",))), Proceed(by=TMINUS))
    assert (launch.status, statuses(launch)["qa"], launch.reason) == ("in-progress", "open", "")
    assert decided(launch, Proceed(by=TMINUS)) == ()


def test_those_who_run_launches_may_let_it_go_on_earlier() -> None:
    launch = begun(replace(start(), older=("acme-2.3.0",)))
    assert "does not hold the role launch-managers" in refused(launch, Proceed(by=ADA))
    assert statuses(told(launch, Proceed(by=EVE)))["qa"] == "open"
