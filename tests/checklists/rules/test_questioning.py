"""What a host does to a release is a question to people: asked once, in nobody's way but the announcements'."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.commands import TMINUS
from checklists.decide import Refusal, decide
from checklists.due import OpenRun, due
from checklists.entries import Cause
from checklists.fold import fold
from checklists.launch import Launch
from checklists.reminders import Ask
from tests.checklists.bound import FIRST, SECOND, retag
from tests.checklists.launches import ADA, EVE, NOW, carried_out, decided, sign, start, told

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "small",
        "items": {
            "qa": {"gate": "QA", "sign": ["1 of qa"]},
            "tell": {"announce": {"audience": "customers", "channels": ["email"]}, "needs": ["qa"]},
        },
    }
)


def begun() -> Launch:
    asked = start(CHECKLIST)
    command = c.Start(
        **{field: getattr(asked, field) for field in asked.__dataclass_fields__}
        | {"release": asked.release.model_copy(update={"commit": FIRST, "tag": "v2.4.0"})}
    )
    return carried_out(fold(decided(None, command)))


def ask(cause: Cause = "tag-deleted", commit: str = FIRST) -> c.Question:
    return c.Question(by=TMINUS, via="webhook", cause=cause, told="GitHub says that ada deleted it.", commit=commit)


def done(why: str = "we know", by: c.Actor = EVE) -> c.Complete:
    return c.Complete(by=by, item="question-1", comment=why)


def test_a_question_is_an_open_todo_of_those_who_run_launches() -> None:
    before = begun()
    launch = fold(decided(before, ask()), onto=before)
    state = launch.items["question-1"]
    assert (state.status, state.item.owner, state.item.kind) == ("open", "launch-managers", "todo")
    assert "GitHub says that ada deleted it." in (state.item.about or "")
    assert "tminus abandon acme-2.4.0" in (state.item.about or "")
    steps = due(launch, NOW)
    assert [step.form for step in steps if isinstance(step, OpenRun)] == ["done"]
    assert [step.item for step in steps if isinstance(step, Ask)] == ["question-1"]


def test_it_is_asked_on_hold_too() -> None:
    launch = told(told(begun(), c.Hold(by=EVE, reason="frozen")), ask())
    assert launch.items["question-1"].asked_for == "done"


def test_nothing_is_announced_before_it_is_answered_and_everything_else_goes_on() -> None:
    launch = carried_out(told(told(begun(), ask()), sign(ADA, "qa")))
    assert (launch.items["qa"].status, launch.items["tell"].status) == ("passed", "waiting")
    assert launch.blocked_by("tell") == ("question-1",)
    launch = carried_out(told(launch, done()))
    assert (launch.items["question-1"].summary, launch.items["tell"].status) == ("we know", "running")


def test_an_announcement_that_is_at_work_has_to_wait_again() -> None:
    launch = carried_out(told(begun(), sign(ADA, "qa")))
    assert launch.items["tell"].status == "running"
    launch = carried_out(told(launch, ask()))
    assert (launch.items["tell"].status, launch.items["tell"].run) == ("waiting", None)


@pytest.mark.parametrize(
    ("command", "summary"),
    [
        (c.Hold(by=EVE, reason="the build is wrong"), "on hold: the build is wrong"),
        (c.Abandon(by=EVE, reason="withdrawn"), "abandoned: withdrawn"),
        (retag(SECOND), f"it is {SECOND[:12]} now"),
    ],
)
def test_hold_retag_and_abandon_answer_it(command: c.Command, summary: str) -> None:
    launch = told(told(begun(), ask()), command)
    state = launch.items["question-1"]
    assert (state.status, state.summary, state.ended_by, launch.unanswered) == ("passed", summary, command.by.email, ())


def test_resuming_answers_nothing() -> None:
    held = told(told(begun(), c.Hold(by=EVE, reason="frozen")), ask())
    assert told(held, c.Resume(by=EVE)).unanswered == ("question-1",)


@pytest.mark.parametrize(
    ("command", "reason"),
    [(done("  "), "say why acme 2.4.0 keeps going"), (done(by=ADA), "belongs to launch-managers")],
)
def test_it_is_not_waved_through(command: c.Command, reason: str) -> None:
    answer = decide(told(begun(), ask()), command, NOW)
    assert isinstance(answer, Refusal)
    assert reason in answer.reason


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (c.Question(by=ADA, cause="tag-deleted", told="gone"), "does not hold the role"),
        (c.Question(by=TMINUS, cause="tag-deleted", told=" "), "say what happened"),
        (c.Question(by=TMINUS, cause="tag-deleted", told="x" * 2_001), "2000 is the most"),
    ],
)
def test_nobody_else_raises_one(command: c.Command, reason: str) -> None:
    answer = decide(begun(), command, NOW)
    assert isinstance(answer, Refusal)
    assert reason in answer.reason


def test_the_same_is_asked_once_also_after_it_was_answered() -> None:
    asked = told(begun(), ask())
    assert decide(asked, ask(), NOW) == ()
    answered = told(asked, done())
    assert decide(answered, ask(), NOW) == ()
    assert told(answered, ask("release-deleted")).unanswered == ("question-2",)
    assert told(answered, ask(commit=SECOND)).unanswered == ("question-2",)


def test_what_was_undone_and_happens_again_is_asked_again() -> None:
    undone = told(told(begun(), ask()), done("git has the tag again", TMINUS))
    assert told(undone, ask()).unanswered == ("question-2",)


def test_a_tag_that_the_host_moved_is_a_question_and_what_people_move_is_none() -> None:
    moved = told(begun(), retag(SECOND, by=TMINUS, via="webhook"))
    assert [(one.cause, one.commit) for one in moved.questions.values()] == [("tag-moved", SECOND)]
    assert f"v2.4.0 was moved from {FIRST[:12]} to {SECOND[:12]}" in moved.questions["question-1"].said
    assert told(begun(), retag(SECOND)).questions == {}


def test_a_deleted_tag_that_comes_back_elsewhere_is_one_question_more_and_one_less() -> None:
    launch = told(told(begun(), ask()), retag(SECOND, by=TMINUS, via="webhook"))
    assert (launch.unanswered, launch.questions["question-2"].cause) == (("question-2",), "tag-moved")
    assert launch.items["question-1"].summary == "the tag was moved since"


def test_a_launch_that_is_over_is_asked_nothing() -> None:
    over = told(begun(), c.Abandon(by=EVE, reason="enough"))
    assert isinstance(decide(over, ask(), NOW), Refusal)


def test_a_launch_that_is_out_stays_open_until_somebody_answers() -> None:
    launch = carried_out(told(begun(), sign(ADA, "qa")))
    launch = told(launch, ask())
    assert not launch.is_over
    assert launch.items["question-1"].status == "open"


def test_notes_that_were_edited_are_what_the_release_says() -> None:
    launch = told(begun(), c.Edit(by=TMINUS, notes="Faster", at=NOW))
    assert launch.release.notes == "Faster"
    assert decide(launch, c.Edit(by=TMINUS, notes="Faster"), NOW) == ()
    assert decide(launch, c.Edit(by=TMINUS, notes="Older", at=NOW - timedelta(seconds=1)), NOW) == ()
    assert told(launch, c.Edit(by=TMINUS, notes="")).release.notes == ""
    assert isinstance(decide(launch, c.Edit(by=ADA, notes="mine"), NOW), Refusal)
