"""Deliveries in doubt: asked about once, after a while, and whoever answers says which of two it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.commands import TMINUS
from checklists.delivery_commands import Settle
from checklists.due import wanted
from checklists.entries import Fate, Reopened, Settled
from checklists.launch import Launch
from checklists.people import Actor
from checklists.summary import wake_at
from tests.checklists.launches import ADA, EVE, NOW, begun, carried_out, decided, refused, report, start, told

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "small",
        "items": {
            "tell": {"announce": {"audience": "internal", "channels": ["email"]}},
            "after": {"announce": {"audience": "customers", "channels": ["email"]}, "needs": ["tell"]},
        },
    }
)
SOON, LATER = NOW + timedelta(minutes=15), NOW + timedelta(minutes=16)
SAID = "The answer was lost while 2 of 9 messages were handed over."


def sent(*, ok: bool = True, item: str = "tell", round_: int = 1) -> c.Report:
    return replace(report(item, ok=ok, round_=round_), unsettled=SAID, ask_from=SOON)


def says(fate: Fate, by: Actor = EVE) -> Settle:
    return Settle(by=by, item="question-1", fate=fate)


def in_doubt() -> Launch:
    return told(begun(start(CHECKLIST)), sent())


def asked() -> Launch:
    return carried_out(in_doubt(), LATER)


def test_nobody_is_asked_before_reports_had_time_to_settle_it() -> None:
    launch = in_doubt()
    state = launch.items["question-1"]
    assert (state.status, state.opened_at, launch.items["tell"].status) == ("waiting", None, "passed")
    assert wake_at(launch, NOW) == SOON
    assert "may settle it by itself until" in refused(launch, says("arrived"))
    state = carried_out(launch, LATER).items["question-1"]
    assert (state.status, state.item.owner, state.run and state.run.form) == ("open", "launch-managers", "settle")
    assert SAID in (state.item.about or "")
    assert "tminus announcements settle acme-2.4.0 question-1" in (state.item.about or "")


def test_a_launch_is_out_with_a_doubt_and_does_not_close_over_it() -> None:
    launch = told(in_doubt(), report("after"))
    assert (launch.status, launch.closed_at) == ("launched", None)
    answered = told(carried_out(launch, LATER), says("arrived"), now=LATER)
    assert answered.status == "closed"


def test_what_follows_is_announced_all_the_same() -> None:
    assert asked().blocked_by("after") == ()
    assert asked().items["after"].status == "running"


def test_what_arrived_is_over_and_who_said_so_stands_in_the_record() -> None:
    launch = told(asked(), replace(says("arrived"), comment="it is in the log"), now=LATER)
    state = launch.items["question-1"]
    assert (state.status, state.fate, state.ended_by) == ("passed", "arrived", EVE.email)
    assert state.summary == "it arrived: it is in the log"
    assert launch.items["tell"].round == 1


def test_what_is_sent_again_is_a_round_of_its_own() -> None:
    entries = decided(asked(), says("again"), LATER)
    assert [type(one.data) for one in entries] == [Settled, Reopened]
    launch = told(asked(), says("again"), now=LATER)
    tell = launch.items["tell"]
    assert (tell.status, tell.round, tell.because) == ("running", 2, "unknown")
    assert wanted(launch.items["question-1"], launch) is None


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (says("again", ADA), "does not hold that role"),
        (says("arrived", Actor("mallory@example.com")), "not a person of this organisation"),
        (says("known"), "say whether it arrived or is to be sent again"),
        (Settle(by=EVE, item="tell", fate="again"), "passed already"),
        (Settle(by=EVE, item="after", fate="again"), "no question about deliveries"),
        (Settle(by=EVE, item="nothing", fate="again"), "nothing"),
        (replace(says("again"), round=2), "round 2"),
        (c.Complete(by=EVE, item="question-1", comment="fine"), "--arrived or --again"),
        (replace(says("arrived"), comment="x" * 2_001), "2000 is the most"),
    ],
)
def test_who_may_not_say_so_and_what_says_nothing(command: c.Command, why: str) -> None:
    assert why in refused(asked(), command)


def test_the_first_answer_stands() -> None:
    launch = told(asked(), says("arrived"), now=LATER)
    assert "passed already" in refused(launch, says("again"))


def test_reports_that_settled_all_of_it_answer_it_before_anybody_is_asked() -> None:
    launch = told(in_doubt(), says("known", TMINUS))
    assert launch.items["question-1"].status == "passed"
    assert launch.unanswered == ()


def test_one_question_at_a_time_for_each_announcement() -> None:
    failed = told(begun(start(CHECKLIST)), sent(ok=False))
    again = told(failed, c.Rerun(by=EVE, item="tell"), sent(round_=2))
    assert list(again.questions) == ["question-1"]
    both = told(again, replace(sent(item="after")))
    assert [one.about for one in both.questions.values()] == ["tell", "after"]


def test_nothing_is_said_of_what_is_being_sent_just_now() -> None:
    failed = carried_out(told(begun(start(CHECKLIST)), sent(ok=False)), LATER)
    assert "being sent just now" in refused(told(failed, c.Rerun(by=EVE, item="tell"), now=LATER), says("arrived"))


def test_a_hold_answers_no_doubt() -> None:
    held = told(asked(), c.Hold(by=EVE, reason="the price is wrong"), now=LATER)
    assert held.unanswered == ("question-1",)
