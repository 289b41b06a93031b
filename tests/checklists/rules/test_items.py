"""Who may complete, waive, run again and report."""

from __future__ import annotations

import pytest

from checklists.commands import Actor, Command, Complete, Rerun, Waive
from checklists.launch import Launch
from tests.checklists.launches import (
    ADA,
    DAN,
    EVE,
    STRANGER,
    begun,
    decided,
    finished,
    refused,
    report,
    sign,
    told,
)


def with_failed_check() -> Launch:
    return told(begun(), sign(DAN, "docs"), report("links", ok=False))


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (begun(), Complete(by=ADA, item="guide"), "guide belongs to docs; Ada does not hold that role"),
        (begun(), Complete(by=DAN, item="qa"), "qa is a gate, not a to-do; it cannot be marked done by hand"),
        (begun(), Complete(by=DAN, item="links"), "links is a check, not a to-do"),
        (begun(), Complete(by=EVE, item="review"), "review is not open yet; it waits for tell"),
        (begun(), Complete(by=STRANGER, item="guide"), "not a person of this organisation"),
        (begun(), Complete(by=DAN, item="giude"), 'no item is called "giude"; did you mean "guide"?'),
        (begun(), Complete(by=DAN, item="guide", number=2), "this form was answered already; a new one is open"),
        (told(begun(), Complete(by=DAN, item="guide")), Complete(by=DAN, item="guide"), "guide is passed already"),
        (finished(begun()), Complete(by=DAN, item="guide"), "acme 2.4.0 is closed; nothing can be changed any more"),
        (begun(), Complete(by=DAN, item="guide", comment="x" * 2001), "2000 is the most"),
        (begun(), Waive(by=EVE, item="qa", reason=""), "a waiver needs a reason"),
        (begun(), Waive(by=EVE, item="qa", reason=" \n\u00a0"), "a waiver needs a reason"),
        (begun(), Waive(by=ADA, item="qa", reason="hurry"), "Ada does not hold the role launch-managers"),
        (begun(), Waive(by=EVE, item="qa", reason="x" * 2001), "2000 is the most"),
        (begun(), Waive(by=EVE, item="qa", reason="hurry", round=3), "round 3 of qa is over"),
        (begun(), Waive(by=EVE, item="qa", reason="hurry", number=9), "this form was answered already"),
        (begun(), Rerun(by=EVE, item="qa"), "qa is open; only what failed or was rejected can be run again"),
        (begun(), Rerun(by=EVE, item="links"), "links is waiting; only what failed or was rejected can be run again"),
        (with_failed_check(), Rerun(by=STRANGER, item="links"), "not a person of this organisation"),
        (with_failed_check(), Rerun(by=EVE, item="links", comment="\udfff"), "not readable text"),
    ],
)
def test_it_is_refused_with_its_reason(launch: Launch, command: Command, reason: str) -> None:
    assert reason in refused(launch, command)


def test_a_to_do_is_done_by_its_owner() -> None:
    todo = told(begun(), Complete(by=DAN, item="guide", comment=" online ")).items["guide"]
    assert (todo.status, todo.summary, todo.ended_by) == ("passed", "online", DAN.email)


def test_a_to_do_is_done_by_a_launch_manager_for_its_owner() -> None:
    assert told(begun(), Complete(by=EVE, item="guide")).items["guide"].status == "passed"


@pytest.mark.parametrize("item", ["qa", "docs", "links", "training", "guide", "go", "tell"])
def test_a_launch_manager_waives_anything_open_or_waiting(item: str) -> None:
    waived = told(begun(), Waive(by=EVE, item=item, reason=" known good ")).items[item]
    assert (waived.status, waived.summary, waived.run) == ("waived", "known good", None)


@pytest.mark.parametrize("item", ["qa", "docs", "links", "training", "guide", "go", "tell", "review"])
def test_a_waived_item_never_parks_the_launch(item: str) -> None:
    launch = told(begun(), Waive(by=EVE, item=item, reason="known good"))
    others = [key for key in launch.items if key != item]
    launch = told(launch, *(Waive(by=EVE, item=key, reason="known good") for key in others))
    assert (launch.status, launch.has_ended) == ("closed", True)


def test_what_waited_for_a_waived_gate_opens() -> None:
    assert told(begun(), Waive(by=EVE, item="docs", reason="known good")).items["links"].status == "running"


def test_a_failed_check_asks_a_person() -> None:
    check = with_failed_check().items["links"]
    assert check.run is not None
    assert (check.status, check.run.form) == ("failed", "rescue")


def test_a_failed_check_runs_again_in_a_new_round() -> None:
    check = told(with_failed_check(), Rerun(by=EVE, item="links", comment="fixed")).items["links"]
    assert check.run is not None
    assert (check.status, check.round, check.run.form, check.question) == ("running", 2, "work", "fixed")
    assert (check.summary, check.findings) == ("", ())


def test_a_failed_item_with_an_owner_is_run_again_by_them() -> None:
    rejected = told(begun(), sign(DAN, "docs", "reject", "unreadable"))
    assert told(rejected, Rerun(by=Actor("x@example.com", "X"), item="docs")).items["docs"].round == 2


def test_a_failed_check_can_be_waived_through_its_form() -> None:
    launch = with_failed_check()
    run = launch.items["links"].run
    assert run is not None
    through_the_form = Waive(by=EVE, item="links", reason="a false alarm", number=run.number, round=1)
    assert told(launch, through_the_form).items["links"].status == "waived"


def checked() -> Launch:
    return told(begun(), sign(DAN, "docs"), report("links"))


@pytest.mark.parametrize(
    ("launch", "late"),
    [
        (told(begun(), Waive(by=EVE, item="links", reason="known good")), report("links", ok=False, number=1)),
        (told(with_failed_check(), Rerun(by=EVE, item="links")), report("links", ok=True, number=1)),
        (told(with_failed_check(), Rerun(by=EVE, item="links")), report("links", ok=False, number=1)),
        (with_failed_check(), report("links", ok=False, number=1)),
        (checked(), report("links", ok=False, number=1)),
        (begun(), report("links")),
        (begun(), report("qa")),
        (begun(), report("guide")),
        (begun(), report("nothing")),
        (finished(begun()), report("tell", ok=False)),
        (told(begun(), sign(DAN, "docs")), report("links", number=2**53 - 1)),
        (told(begun(), sign(DAN, "docs")), report("links", ok=False, number=7)),
    ],
)
def test_a_late_or_misplaced_result_changes_nothing(launch: Launch, late: Command) -> None:
    assert decided(launch, late) == ()


def test_a_failed_check_that_somebody_retries_in_prefect_may_pass() -> None:
    assert told(with_failed_check(), report("links", ok=True, number=1)).items["links"].status == "passed"


def test_a_result_longer_than_the_record_allows_is_cut() -> None:
    long = report("links", ok=False)
    object.__setattr__(long, "summary", "x" * 5_000)
    object.__setattr__(long, "findings", ("404",) * 500)
    check = told(begun(), sign(DAN, "docs"), long).items["links"]
    assert (len(check.summary), len(check.findings)) == (2_000, 50)
