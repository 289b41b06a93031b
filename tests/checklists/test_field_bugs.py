"""Bugs that others had in the field; each has its test here, as far as it lives in the core.

Not here, because they need the outside: a failing notifier (tests/tasks/notices), GET that signs (tests/web), and two
flow runs for one gate (tests/tasks/test_advance.py).
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.dates import Calendar
from checklists.decide import Refusal, decide
from checklists.due import CloseRun, OpenRun, due
from checklists.fold import fold
from checklists.launch import Launch
from checklists.people import Actor
from tests.checklists.bound import SECOND, attach, bound_launch, content, difference, observe, retag
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    CHECKLIST,
    DAN,
    EVE,
    LAUNCH_DAY,
    NOW,
    STRANGER,
    begun,
    carried_out,
    decided,
    refused,
    report,
    sign,
    start,
    statuses,
    told,
)


def test_bug_1_an_approval_is_never_eaten_by_another_gate() -> None:
    launch = told(begun(), sign(ADA, "qa"), sign(DAN, "docs"))
    assert {key: sorted(state.approvals) for key, state in launch.items.items() if state.approvals} == {
        "qa": [ADA.email],
        "docs": [DAN.email],
    }
    assert {key for key, state in launch.items.items() if state.status == "skipped"} == set()


@pytest.mark.parametrize("round_", [0, 2, 99])
def test_bug_1_an_answer_is_bound_to_its_round(round_: int) -> None:
    assert f"round {round_} of qa is over" in refused(begun(), sign(ADA, "qa", round_=round_))


def test_bug_2_a_timer_that_fires_late_wipes_no_answer() -> None:
    ends = NOW + timedelta(days=1)
    waived = told(begun(), c.Waive(by=EVE, item="docs", reason="for now", expires_at=ends))
    again = carried_out(waived, ends)
    signed = told(again, sign(DAN, "docs"), now=ends)
    later = carried_out(signed, ends + timedelta(days=30))
    assert (later.items["docs"].status, list(later.items["docs"].approvals)) == ("passed", [DAN.email])


@pytest.mark.parametrize("item", [*CHECKLIST.items])
def test_bug_3_a_waived_item_parks_nothing(item: str) -> None:
    waive = [c.Waive(by=EVE, item=key, reason="known good") for key in (item, *CHECKLIST.items)]
    launch = begun()
    for command in waive:
        launch = launch if launch.items[command.item].has_ended else told(launch, command)
    assert (launch.status, launch.has_ended) == ("closed", True)


def test_bug_5_bad_input_is_refused_and_the_gate_asks_again() -> None:
    launch = fold(decided(begun(), sign(ADA, "qa", comment="x" * 9_999, number=1)), onto=begun())
    assert (launch.items["qa"].status, launch.items["qa"].run) == ("open", None)
    assert OpenRun("qa", 1, 2, "sign") in due(launch, NOW)
    assert "say it shorter" in launch.items["qa"].notice


def test_bug_6_the_same_result_twice_counts_once() -> None:
    launch = told(begun(), sign(DAN, "docs"), report("links", number=1))
    assert decided(launch, report("links", number=1)) == ()
    assert decided(launch, report("links", ok=False, number=1)) == ()


def test_bug_7_what_was_closed_elsewhere_is_closed_here_and_what_waits_is_opened() -> None:
    launch = fold(decided(begun(), sign(DAN, "docs")), onto=begun())
    kinds = {(type(step), step.item) for step in due(carried_out(launch), NOW) if isinstance(step, CloseRun | OpenRun)}
    assert kinds == set()
    assert carried_out(launch).items["docs"].run is None
    assert carried_out(launch).items["links"].run is not None


EVERY_COMMAND: dict[str, dict[str, Any]] = {
    "Sign": {"decision": "approve", "item": "qa"},
    "Complete": {"item": "guide"},
    "Waive": {"item": "qa", "reason": "because"},
    "Rerun": {"item": "links"},
    "AddEvidence": {"item": "qa", "evidence": attach().evidence},
    "Ask": {"item": "qa", "people": (ADA.email,)},
    "Word": {"item": "qa", "texts": {}},
    "Pause": {"item": "tell", "reason": "because"},
    "Unpause": {"item": "tell"},
    "FollowUp": {"item": "tell", "what": "recall", "note": "because", "heard": 1},
    "Observe": {"contents": (content("guide", "x"),)},
    "Retag": {"commit": SECOND, "difference": difference()},
    "Proceed": {},
    "Hold": {"reason": "because"},
    "Resume": {},
    "Reschedule": {"launch_on": LAUNCH_DAY, "calendar": Calendar()},
    "Abandon": {"reason": "because"},
}
UNSIGNED = {"Command", "OnItem", "Start", "Import", "Describe", "Edit", "Question", "Report", "WrongCode"}
"""Bases, and what only tminus itself says."""


def test_bug_8_every_command_there_is_asks_who_it_comes_from() -> None:
    commands = {name for name, value in vars(c).items() if isinstance(value, type) and issubclass(value, c.Command)}
    assert commands == set(EVERY_COMMAND) | UNSIGNED


@pytest.mark.parametrize("name", EVERY_COMMAND)
@pytest.mark.parametrize("by", [STRANGER, Actor("eve@example.com"), Actor("", "Eve", ())])
def test_bug_8_no_door_leads_past_the_roles(name: str, by: Actor) -> None:
    launch = told(begun(), sign(DAN, "docs"), report("links", ok=False), c.Hold(by=EVE, reason="frozen"))
    if name == "Hold":
        launch = told(launch, c.Resume(by=EVE))
    if name in ("Rerun", "AddEvidence") and by.is_known:
        return  # open to everybody who is known
    answer = decide(launch, getattr(c, name)(by=by, **EVERY_COMMAND[name]), NOW)
    assert isinstance(answer, Refusal)


def test_bug_9_a_waiting_launch_knows_what_it_waits_for_and_goes_on() -> None:
    launch = begun(replace(start(), older=("acme-2.3.0",)))
    assert launch.reason == "waits for acme-2.3.0"
    assert statuses(told(launch, c.Proceed(by=c.TMINUS)))["qa"] == "open"


def test_bug_10_to_reject_to_fail_to_give_up_and_to_cancel_are_four_things() -> None:
    rejected = told(begun(), sign(DAN, "docs", "reject", "unreadable"))
    failed = told(begun(), sign(DAN, "docs"), report("links", ok=False))
    assert (rejected.items["docs"].status, rejected.status) == ("rejected", "in-progress")
    assert (failed.items["links"].status, failed.status) == ("failed", "in-progress")
    endings = {
        one: told(begun(), c.Abandon(by=EVE, reason="x", ending=one)).status
        for one in ("abandoned", "replaced", "cancelled")
    }
    assert endings == {one: one for one in endings}


def test_bug_11_a_reopened_gate_is_a_new_round_and_what_depends_on_it_starts_anew() -> None:
    ends = NOW + timedelta(days=1)
    launch = told(begun(), c.Waive(by=EVE, item="docs", reason="for now", expires_at=ends), report("links"))
    again = carried_out(told(begun(), c.Waive(by=EVE, item="docs", reason="for now", expires_at=ends)), ends)
    assert (again.items["docs"].round, again.items["links"].status) == (2, "waiting")
    assert "round 1 of docs is over" in refused(again, sign(DAN, "docs", round_=1))
    assert carried_out(launch, ends).items["links"].status == "passed"
    assert told(again, sign(DAN, "docs"), now=ends).items["links"].status == "running"


def test_bug_13_an_old_approve_does_not_count_for_the_new_build() -> None:
    launch = told(bound_launch(), sign(ADA, "qa", round_=1), retag())
    assert "round 1 of qa is over" in refused(launch, sign(BEN, "qa", round_=1))
    passed = told(launch, sign(BEN, "qa"), sign(CAT, "qa")).items["qa"]
    assert (passed.status, sorted(passed.approvals)) == ("passed", [BEN.email, CAT.email])


def test_bug_13_nor_does_one_for_other_words() -> None:
    launch = told(bound_launch(), observe(content("guide", "a")), sign(DAN, "docs"), observe(content("guide", "b")))
    assert (launch.items["docs"].status, launch.items["docs"].approvals) == ("open", {})


def test_bug_14_progress_is_kept_by_name() -> None:
    """The same record over another order of items, and with one in between, tells the same."""
    turned = Checklist(checklist="example", items=dict(reversed(CHECKLIST.items.items())))
    longer = Checklist(checklist="example", items={"new": CHECKLIST.items["guide"], **CHECKLIST.items})

    def signed(launch: Launch) -> dict[str, str]:
        return statuses(told(launch, sign(DAN, "docs"), *(sign(by, "qa") for by in (ADA, BEN, CAT))))

    first, other, more = (signed(begun(start(one))) for one in (CHECKLIST, turned, longer))
    assert first == other
    assert {**first, "new": "open"} == more


def test_a_command_says_who_asks_through_which_door_and_what_they_saw() -> None:
    assert {"by", "via", "address", "shown"} <= {field.name for field in fields(c.Command)}
