"""Who may complete, run again and report."""

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
