"""Whom a launch has to write to, and when: asks for the forms that are open, and reminders of what is late.

Derived like every step, so a crash loses none. A step is taken once for each date it has: after a rescheduling the
dates to come are steps of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from checklists.checklist import Checklist
from checklists.dates import Calendar, RelativeDate
from checklists.entries import Dates, Form
from checklists.item import ItemState
from checklists.items import Item
from checklists.launch import Launch

Wanted = Callable[[ItemState, Launch], Form | None]
"""Which form an item should have now, if any."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Mail links and codes for an open form. Without `people` it goes to everybody whose answer it waits for."""

    item: str
    round: int
    mailing: int
    form: Form
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remind:
    """Take a step of the reminders; `passed` are earlier ones whose time went by while nobody took them."""

    item: str
    round: int
    step: str
    at: datetime
    passed: tuple[str, ...] = ()


Notice = Ask | Remind


def notices(launch: Launch, now: datetime, wanted: Wanted) -> Iterator[Notice]:
    """What has to be written to people now. On hold only what somebody asks for, and what needs a decision."""
    for state in launch.items.values():
        form = wanted(state, launch)
        if form is None or form == "work":
            continue
        if _is_to_be_asked(state, form, launch):
            yield Ask(state.key, state.round, state.mailing + 1, form, state.ask_again or ())
        if launch.held is None:
            yield from _reminder(state, launch, now)


def _is_to_be_asked(state: ItemState, form: Form, launch: Launch) -> bool:
    if state.ask_again is not None:
        return True
    needs_decision = form == "rescue" or state.key in launch.questions
    return state.asked_for != form and (launch.held is None or needs_decision)


def _reminder(state: ItemState, launch: Launch, now: datetime) -> Iterator[Remind]:
    """The latest step whose time has come, with those of the same moment; the ones before are late news."""
    come = [(step, at) for step, at in to_come(state, launch) if at <= now]
    latest = [(step, at) for step, at in come if at == come[-1][1]]
    passed = tuple(step for step, _ in come[: -len(latest)]) if latest else ()
    for step, at in latest:
        yield Remind(state.key, state.round, step, at, passed)


def to_come(state: ItemState, launch: Launch) -> list[tuple[str, datetime]]:
    """The steps nobody has taken yet, the first one first; what lies before the item was open is no step of it."""
    steps = launch.dates.reminders.get(state.key, {})
    opened = state.opened_at
    if state.has_ended or opened is None or launch.is_over:
        return []
    open_steps = ((step, at) for step, at in steps.items() if at >= opened and step not in state.reminded)
    return sorted(open_steps, key=lambda one: one[1])


def next_step(launch: Launch) -> datetime | None:
    """When the launch has to be looked at for its reminders; may lie in the past where nobody could be reminded."""
    return min((at for state in launch.items.values() for _, at in to_come(state, launch)), default=None)


def still_taken(state: ItemState, dates: Dates, at: datetime) -> frozenset[str]:
    """The steps that stay taken when a launch gets other dates: those whose new date is to come are new steps."""
    moved = dates.reminders.get(state.key, {})
    return frozenset(step for step in state.reminded if step not in moved or moved[step] <= at)


def reminders(checklist: Checklist, launch_on: date, calendar: Calendar) -> dict[str, dict[str, datetime]]:
    """The instants of every step, by item."""
    found = ((key, _instants(item, checklist, launch_on, calendar)) for key, item in checklist.items.items())
    return {key: steps for key, steps in found if steps}


def _instants(item: Item, checklist: Checklist, launch_on: date, calendar: Calendar) -> dict[str, datetime]:
    if item.due is None:
        return {}
    day, at = calendar.shift(launch_on, item.due.days), item.due.at
    after = _steps(item, checklist).items()
    return {step: calendar.instant(day, RelativeDate(days=days, at=at)) for step, days in after}


def _steps(item: Item, checklist: Checklist) -> Mapping[str, int]:
    """The steps by name, each with its business days after the item is due."""
    before = checklist.remind if item.remind is None else item.remind
    ladder = checklist.escalate if item.escalate is None else item.escalate
    reminders = {"before": -before, "due": 0} if before else {}
    return {**reminders, **{f"{one.after}d:{one.role}": one.after for one in ladder}}
