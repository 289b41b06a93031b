"""Whom the launch writes to, and when: once for each step, never too early, never about what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from checklists import entries as e
from checklists.checklist import Checklist
from checklists.commands import Abandon, Ask, Command, Hold, Rerun, Reschedule, Resume, Waive
from checklists.dates import Calendar
from checklists.due import due, wanted
from checklists.fold import fold
from checklists.launch import Launch
from checklists.reminders import Ask as AskStep
from checklists.reminders import Notice, Remind, next_step, notices, reminders
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    DAN,
    EVE,
    FAY,
    LAUNCH_DAY,
    NOW,
    begun,
    carried_out,
    decided,
    report,
    sign,
    start,
    told,
    written,
)
from tests.checklists.stories import LATE, Move, entries_of, stories

DUE = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)  # the training, T-2d
BEFORE = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


def ladder(**changes: object) -> Checklist:
    item = {
        "gate": "Ready",
        "sign": ["1 of qa"],
        "due": "T-2d",
        "escalate": [{"1d": "docs"}, {"2d": "launch-managers"}],
    }
    return Checklist.model_validate({"checklist": "example", "items": {"ready": item | changes}})


def on_its_way(**changes: object) -> Launch:
    return begun(start(ladder(**changes)))


def reminded(launch: Launch, now: datetime) -> list[str]:
    return [step.step for step in due(launch, now) if isinstance(step, Remind)]


def asks(launch: Launch, now: datetime = NOW) -> dict[str, tuple[int, int, str]]:
    """What is to be asked, before any of it is."""
    steps = [step for step in due(launch, now) if isinstance(step, AskStep)]
    return {step.item: (step.round, step.mailing, step.form) for step in steps}


def after(launch: Launch, *commands: Command) -> Launch:
    """The launch after commands of which nothing is carried out yet but what opens."""
    for command in commands:
        launch = fold(decided(launch, command), onto=launch)
    return launch


def test_steps_stand_in_business_days_around_the_due_date() -> None:
    steps = reminders(ladder(), LAUNCH_DAY, Calendar())["ready"]
    assert steps == {
        "before": BEFORE,
        "due": DUE,
        "1d:docs": datetime(2026, 11, 30, 17, 0, tzinfo=UTC),
        "2d:launch-managers": datetime(2026, 12, 1, 17, 0, tzinfo=UTC),
    }


def test_steps_keep_the_hour_of_the_product_across_a_change_of_clocks() -> None:
    calendar = Calendar(timezone="Europe/Berlin", holidays=(date(2026, 3, 27),))
    steps = reminders(ladder(due="T+0 09:00", remind="1d", escalate=[{"1d": "docs"}]), date(2026, 3, 30), calendar)
    assert [f"{at:%d %H:%M}" for at in steps["ready"].values()] == ["26 08:00", "30 07:00", "31 07:00"]


@pytest.mark.parametrize(
    ("item", "checklist", "expected"),
    [
        ({}, {}, ["before", "due"]),
        ({"remind": "0d"}, {}, []),
        ({}, {"remind": "0d"}, []),
        ({"remind": "2d"}, {"remind": "0d"}, ["before", "due"]),
        ({}, {"escalate": [{"1d": "docs"}]}, ["before", "due", "1d:docs"]),
        ({"escalate": []}, {"escalate": [{"1d": "docs"}]}, ["before", "due"]),
        ({"remind": "0d", "escalate": [{"0d": "docs"}]}, {}, ["0d:docs"]),
    ],
)
def test_an_item_says_more_than_its_checklist(
    item: dict[str, object], checklist: dict[str, object], expected: list[str]
) -> None:
    gate = {"gate": "Ready", "sign": ["1 of qa"], "due": "T-2d", **item}
    made = Checklist.model_validate({"checklist": "example", "items": {"ready": gate}, **checklist})
    assert list(reminders(made, LAUNCH_DAY, Calendar()).get("ready", {})) == expected


def test_without_a_date_nobody_is_reminded() -> None:
    undated = {"checklist": "example", "items": {"ready": {"gate": "Ready", "sign": ["1 of qa"]}}}
    assert reminders(Checklist.model_validate(undated), LAUNCH_DAY, Calendar()) == {}
    assert next_step(begun(start(ladder(), on=None))) is None


def test_each_step_comes_at_its_time_and_once() -> None:
    launch, seen = on_its_way(), []
    for hours in range(24 * 10):
        now = NOW + timedelta(hours=hours)
        seen += [(step, now) for step in reminded(launch, now)]
        launch = carried_out(launch, now)
        launch = carried_out(launch, now)
    assert [step for step, _ in seen] == ["before", "due", "1d:docs", "2d:launch-managers"]
    assert all(now - launch.dates.reminders["ready"][step] < timedelta(hours=1) for step, now in seen)


def test_nothing_is_due_a_moment_before_a_step() -> None:
    launch = on_its_way()
    assert reminded(launch, BEFORE - timedelta(microseconds=1)) == []
    assert reminded(launch, BEFORE) == ["before"]
    assert next_step(launch) == BEFORE


def test_after_an_outage_only_the_latest_step_is_sent() -> None:
    launch = on_its_way()
    (step,) = [step for step in due(launch, LATE) if isinstance(step, Remind)]
    assert (step.step, step.passed) == ("2d:launch-managers", ("before", "due", "1d:docs"))


def test_steps_of_one_moment_are_all_sent() -> None:
    launch = on_its_way(escalate=[{"0d": "docs"}])
    assert reminded(launch, DUE) == ["due", "0d:docs"]


def test_what_opens_late_is_not_reminded_of_dates_that_were_over() -> None:
    launch = fold(decided(None, start(ladder())))
    late = carried_out(launch, DUE + timedelta(hours=1))
    assert reminded(late, DUE + timedelta(hours=1)) == []
    assert reminded(late, LATE) == ["2d:launch-managers"]


def test_a_new_round_is_reminded_of_what_is_still_to_come() -> None:
    launch = carried_out(on_its_way(), DUE)
    launch = told(launch, sign(ADA, "ready", "request-changes"), now=DUE + timedelta(hours=1))
    assert reminded(launch, DUE + timedelta(hours=2)) == []
    assert reminded(launch, DUE + timedelta(days=3)) == ["1d:docs"]


@pytest.mark.parametrize("over", ["signed", "waived", "abandoned"])
def test_nobody_is_reminded_of_what_is_over(over: str) -> None:
    ends: dict[str, Command] = {
        "signed": sign(ADA, "ready"),
        "waived": Waive(by=EVE, item="ready", reason="known good"),
        "abandoned": Abandon(by=EVE, reason="superseded"),
    }
    launch = told(on_its_way(), ends[over])
    assert reminded(launch, LATE) == []
    assert next_step(launch) is None


def test_on_hold_nobody_is_reminded_and_then_only_of_the_latest() -> None:
    held = told(on_its_way(), Hold(by=EVE, reason="wait"))
    assert reminded(held, LATE) == []
    (step,) = [step for step in due(told(held, Resume(by=EVE)), LATE) if isinstance(step, Remind)]
    assert step.step == "2d:launch-managers"


def test_a_machine_at_work_is_not_reminded() -> None:
    checked = {"check": "http", "with": {"url": "http://127.0.0.1/"}, "due": "T-2d"}
    launch = begun(start(Checklist.model_validate({"checklist": "example", "items": {"ready": checked}})))
    assert reminded(launch, DUE) == []
    failed = told(launch, report("ready", ok=False))
    assert reminded(failed, DUE) == ["due"]


def test_after_a_rescheduling_the_dates_to_come_are_new_steps() -> None:
    launch = carried_out(on_its_way(), DUE)
    later = Reschedule(by=EVE, launch_on=date(2026, 12, 8), calendar=Calendar())
    moved = told(launch, later, now=DUE + timedelta(hours=1))
    assert next_step(moved) == BEFORE + timedelta(days=7)
    assert reminded(moved, DUE + timedelta(days=7)) == ["due"]


def test_a_rescheduling_to_dates_that_are_over_reminds_of_nothing_again() -> None:
    launch = carried_out(on_its_way(), DUE)
    sooner = Reschedule(by=EVE, launch_on=date(2026, 11, 30), calendar=Calendar())
    now = DUE + timedelta(hours=1)
    assert reminded(told(launch, sooner, now=now), now) == []


def test_every_open_form_is_asked_about_once() -> None:
    fresh = fold(decided(None, start()))
    opened = fold(written(fresh, due(fresh, NOW)), onto=fresh)
    asked = dict.fromkeys(("qa", "docs", "training"), (1, 1, "sign"))
    assert asks(opened) == {**asked, "guide": (1, 1, "done")}
    assert asks(begun()) == {}


def test_another_signature_asks_nobody_again() -> None:
    assert asks(told(begun(), sign(ADA, "qa"))) == {}


def test_a_new_round_asks_anew() -> None:
    assert asks(after(begun(), sign(ADA, "qa", "request-changes"))) == {"qa": (2, 1, "sign")}


def test_what_failed_asks_what_shall_happen() -> None:
    launch = told(begun(), sign(DAN, "docs"))
    assert asks(launch) == {}
    assert asks(after(launch, report("links", ok=False))) == {"links": (1, 1, "rescue")}
    assert asks(after(launch, sign(FAY, "training", "reject"))) == {"training": (1, 2, "rescue")}
    again = told(launch, sign(FAY, "training", "reject"))
    assert asks(after(again, Rerun(by=EVE, item="training"))) == {"training": (2, 1, "sign")}


def test_on_hold_only_decisions_are_asked_for() -> None:
    held = told(begun(), Hold(by=EVE, reason="wait"))
    assert asks(after(held, sign(ADA, "qa", "request-changes"))) == {}
    assert asks(after(held, sign(FAY, "training", "reject"))) == {"training": (1, 2, "rescue")}
    assert asks(after(held, sign(ADA, "qa", "request-changes"), Resume(by=EVE))) == {"qa": (2, 1, "sign")}


def test_asked_again_makes_a_mailing_of_its_own_and_forgives_wrong_codes() -> None:
    launch = begun()
    wrong = e.Refused(item="qa", round=1, reason="wrong code", wrong_code=True)
    tries = [e.Entry(launch_id=launch.id, seq=launch.seq + n, at=NOW, actor="x", data=wrong) for n in range(1, 6)]
    locked = fold(tries, onto=launch)
    assert locked.items["qa"].is_locked
    again = told(locked, Ask(by=EVE, item="qa", people=(BEN.email,)))
    assert (again.items["qa"].mailing, again.items["qa"].is_locked) == (2, False)
    assert again.items["qa"].ask_again is None


def test_whoever_was_asked_stays_asked() -> None:
    launch = begun()
    first = e.Asked(item="qa", round=1, mailing=2, people=(ADA.email, BEN.email))
    second = e.Asked(item="qa", round=1, mailing=3, people=(BEN.email, CAT.email))
    facts = [
        e.Entry(launch_id=launch.id, seq=launch.seq + n, at=NOW, actor="tminus", data=data)
        for n, data in enumerate((first, second), 1)
    ]
    assert fold(facts, onto=launch).items["qa"].asked == (ADA.email, BEN.email, CAT.email)


@settings(deadline=None, max_examples=150)
@given(stories)
def test_whatever_happened_nobody_is_written_to_twice_for_one_thing(story: Sequence[Move]) -> None:
    entries = entries_of(story)
    mailings = [(d.item, d.round, d.mailing) for d in (one.data for one in entries) if isinstance(d, e.Asked)]
    assert len(mailings) == len(set(mailings))
    launch = carried_out(fold(entries), LATE)
    assert not list(notices(launch, LATE, wanted))


@settings(deadline=None, max_examples=150)
@given(stories)
def test_only_open_forms_are_written_about(story: Sequence[Move]) -> None:
    launch = fold(entries_of(story))
    for step in due(launch, LATE):
        if isinstance(step, Notice):
            state = launch.items[step.item]
            assert (step.round, wanted(state, launch) in ("sign", "done", "rescue")) == (state.round, True)
