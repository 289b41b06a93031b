"""What should happen next: nothing too early, nothing twice, and nothing for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists import entries as e
from checklists.checklist import Checklist
from checklists.commands import Abandon, Command, Complete, Hold, Rerun, Resume, Waive
from checklists.due import CloseRun, EndRun, OpenRun, Record, StartRun, Step, wanted
from checklists.due import due as all_due
from checklists.fold import fold
from checklists.launch import Launch
from checklists.reminders import Notice
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    CHECKLIST,
    DAN,
    EVE,
    FAY,
    NOW,
    ON_THE_DAY,
    begun,
    carried_out,
    decided,
    finished,
    refused,
    report,
    sign,
    start,
    statuses,
    told,
    written,
)
from tests.checklists.stories import LATE, Move, assert_settled, brought_to_its_end, entries_of, stories


def due(launch: Launch, now: datetime) -> tuple[Step, ...]:
    """What is due but for notices, which have tests of their own (test_reminders.py)."""
    return tuple(step for step in all_due(launch, now) if not isinstance(step, Notice))


ANY_TIME = settings(deadline=None, max_examples=150)


def waived(launch: Launch, *items: str) -> Launch:
    return told(launch, *(Waive(by=EVE, item=item, reason="known good") for item in items))


def acted_on(launch: Launch, *commands: Command) -> Launch:
    """The launch after commands of which nothing is carried out yet."""
    for command in commands:
        launch = fold(decided(launch, command), onto=launch)
    return launch


def announced_item(launch: Launch) -> Launch:
    return waived(launch, "qa", "docs", "links", "training", "guide", "go")


@ANY_TIME
@given(stories)
def test_no_launch_waits_for_ever(story: Sequence[Move]) -> None:
    launch = brought_to_its_end(fold(entries_of(story)))
    assert launch.status == (launch.ending if launch.abandoned is not None else "closed")
    assert launch.has_ended
    assert not [state.key for state in launch.items.values() if state.run]


@ANY_TIME
@given(stories)
def test_whatever_happened_there_is_an_end_to_what_is_due(story: Sequence[Move]) -> None:
    launch = carried_out(fold(entries_of(story)), LATE)
    for state in launch.items.values():
        form = wanted(state, launch)
        assert (state.run.form if state.run else None) == form
        assert state.run is None or state.run.round == state.round
        assert state.status != "waiting" or launch.held is not None or launch.blocked_by(state.key)
    assert_settled(launch)


@ANY_TIME
@given(stories, st.integers(0, 100))
def test_looking_twice_sees_the_same(story: Sequence[Move], days: int) -> None:
    launch, now = fold(entries_of(story)), NOW + timedelta(days=days)
    assert due(launch, now) == due(launch, now)


def test_a_fresh_launch_opens_what_waits_for_nothing() -> None:
    launch = fold(decided(None, start()))
    assert due(launch, NOW) == tuple(Record(e.Opened(item=key, round=1)) for key in ("qa", "docs", "training", "guide"))


def test_a_launch_has_its_run_before_its_items_have_theirs() -> None:
    launch = fold(decided(None, start()))
    opened = fold(written(launch, due(launch, NOW)), onto=launch)
    assert due(opened, NOW) == (StartRun(),)


def test_what_waits_opens_with_the_last_of_its_needs() -> None:
    launch = waived(begun(), "qa", "docs", "links", "training")
    assert statuses(launch)["go"] == "waiting"
    assert statuses(told(launch, Complete(by=DAN, item="guide")))["go"] == "open"


def test_every_question_is_asked_in_its_own_form() -> None:
    launch = told(begun(), sign(DAN, "docs"), sign(FAY, "training", "reject"))
    forms = {key: state.run.form for key, state in launch.items.items() if state.run}
    assert forms == {"qa": "sign", "links": "work", "training": "rescue", "guide": "done"}


def test_a_gate_that_needs_another_signature_asks_again() -> None:
    launch = acted_on(begun(), sign(ADA, "qa", number=1))
    assert due(launch, NOW) == (OpenRun("qa", 1, 2, "sign"),)


def test_a_gate_signed_elsewhere_keeps_its_form() -> None:
    assert due(acted_on(begun(), sign(ADA, "qa")), NOW) == ()


def test_a_gate_closed_elsewhere_has_its_form_closed_with_who_signed() -> None:
    launch = acted_on(begun(), *(sign(by, "qa") for by in (ADA, BEN, CAT)))
    (step,) = due(launch, NOW)
    assert isinstance(step, CloseRun)
    assert (step.item, step.run.number, step.why) == ("qa", 1, "passed · Ada, Ben, Cat · 3 signed")


def test_a_new_round_closes_the_old_form_before_it_opens_its_own() -> None:
    launch = acted_on(begun(), sign(ADA, "qa", "request-changes", "the login is broken"))
    (step,) = due(launch, NOW)
    assert isinstance(step, CloseRun)
    assert step.why == "round 2: the login is broken"
    run = carried_out(launch).items["qa"].run
    assert run is not None
    assert (run.round, run.number) == (2, 2)


@pytest.mark.parametrize("late", [False, True])
def test_an_announcement_waits_for_its_moment(late: bool) -> None:
    launch = announced_item(begun())
    now = ON_THE_DAY if late else ON_THE_DAY - timedelta(seconds=1)
    assert carried_out(launch, now).items["tell"].status == ("running" if late else "waiting")


def test_an_announcement_without_a_launch_day_waits_for_its_needs_only() -> None:
    assert announced_item(begun(start(on=None))).items["tell"].status == "running"


def test_nothing_opens_while_the_launch_is_on_hold() -> None:
    launch = told(begun(), Hold(by=EVE, reason="frozen"))
    launch = waived(launch, "qa", "docs", "links", "training", "guide")
    assert statuses(carried_out(launch, LATE))["go"] == "waiting"
    assert statuses(told(launch, Resume(by=EVE)))["go"] == "open"


def test_no_machine_starts_to_work_while_the_launch_is_on_hold() -> None:
    failed = told(begun(), sign(DAN, "docs"), report("links", ok=False))
    held = told(failed, Hold(by=EVE, reason="frozen"), Rerun(by=EVE, item="links"))
    assert held.items["links"].run is None
    resumed = told(held, Resume(by=EVE)).items["links"].run
    assert resumed is not None
    assert resumed.form == "work"


def test_what_follows_the_launch_day_does_not_keep_it_from_being_launched() -> None:
    launch = announced_item(begun())
    launch = told(carried_out(launch, ON_THE_DAY), report("tell"), now=ON_THE_DAY)
    assert (launch.status, statuses(launch)["review"]) == ("launched", "open")
    launch = told(launch, Complete(by=EVE, item="review"), now=LATE)
    assert (launch.status, launch.has_ended) == ("closed", True)
    assert launch.launched_at == ON_THE_DAY
    assert launch.closed_at == LATE


def test_an_abandoned_launch_closes_every_form_before_it_ends() -> None:
    launch = acted_on(begun(), Abandon(by=EVE, reason="superseded"))
    steps = due(launch, NOW)
    assert {type(step) for step in steps} == {CloseRun}
    assert {step.why for step in steps if isinstance(step, CloseRun)} == {"acme 2.4.0 was abandoned: superseded"}
    assert carried_out(launch).has_ended


def test_a_launch_abandoned_before_it_had_a_run_needs_none() -> None:
    launch = acted_on(fold(decided(None, start())), Abandon(by=EVE, reason="superseded"))
    assert due(launch, NOW) == (EndRun(),)


def test_nothing_is_due_after_the_end() -> None:
    launch = finished(begun())
    assert due(launch, LATE) == ()
    assert refused(launch, sign(ADA, "qa")) == "acme 2.4.0 is closed; nothing can be changed any more"


def test_the_order_of_a_checklist_decides_nothing() -> None:
    turned = Checklist(checklist="example", items=dict(reversed(CHECKLIST.items.items())))
    assert statuses(finished(begun(start(turned)))) == dict(reversed(statuses(finished(begun())).items()))


def test_a_lost_launch_run_is_replaced_while_the_forms_stay() -> None:
    launch = begun()
    entry = e.Entry(
        launch_id=launch.id, seq=launch.seq + 1, at=NOW, actor="tminus", data=e.Detached(run_id="launch-run", why="x")
    )
    assert due(fold([entry], onto=launch), NOW) == (StartRun(),)
