"""`due`: what should happen next and has not been done. Derived each time, so a crash loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from checklists import entries as e
from checklists.items import Todo
from checklists.launch import ItemState, Launch, Run
from checklists.opening import facts
from checklists.reminders import Notice, notices


@dataclass(frozen=True, slots=True)
class Record:
    """Write a fact down; nothing outside the ledger happens."""

    data: e.Data


@dataclass(frozen=True, slots=True)
class StartRun:
    """Give the launch its flow run."""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """Make the flow run that asks people, or does the work, for an item."""

    item: str
    round: int
    number: int
    form: e.Form


@dataclass(frozen=True, slots=True)
class CloseRun:
    """End a flow run that no longer stands for its item, saying why."""

    item: str
    round: int
    run: Run
    why: str


@dataclass(frozen=True, slots=True)
class EndRun:
    """Bring the launch's flow run to its end: completed, or cancelled where the launch was abandoned."""


Step = Record | StartRun | OpenRun | CloseRun | Notice | EndRun


VOID = frozenset({"code", "content", "evidence"})
"""Why a round ended without anybody having asked for it: what was signed is something else now."""


def due(launch: Launch, now: datetime) -> tuple[Step, ...]:
    """Everything that is due at `now` (aware). Facts come first, then what opens something, then what closes it."""
    if launch.has_ended:
        return ()
    if found := facts(launch, now):
        return tuple(Record(fact) for fact in found)
    runs = _wanted_runs(launch)
    start = (StartRun(),) if launch.run is None and not launch.is_over else ()
    closing = tuple(_unwanted_runs(launch))
    end = (EndRun(),) if launch.is_over and not closing else ()
    return (*start, *(runs if launch.run else ()), *closing, *notices(launch, now, wanted), *end)


def wanted(state: ItemState, launch: Launch) -> e.Form | None:
    """What kind of flow run the item should have now, if any."""
    if launch.is_over or state.has_ended or state.status == "waiting":
        return None
    if state.is_troubled:
        return "rescue"
    if state.is_automated:
        waits = launch.held is not None or state.is_kept_back
        return None if waits and state.run is None else "work"
    if state.key in launch.questions and launch.questions[state.key].about:
        return "settle"
    return "done" if isinstance(state.item, Todo) else "sign"


def _wanted_runs(launch: Launch) -> tuple[OpenRun, ...]:
    return tuple(
        OpenRun(state.key, state.round, state.runs + 1, form)
        for state in launch.items.values()
        if state.run is None and (form := wanted(state, launch))
    )


def _unwanted_runs(launch: Launch) -> Iterator[CloseRun]:
    for state in launch.items.values():
        form = wanted(state, launch)
        if state.run and (state.run.round, state.run.form) != (state.round, form):
            yield CloseRun(state.key, state.run.round, state.run, _why(state, launch))


def _why(state: ItemState, launch: Launch) -> str:
    """What people read on the closed form: how the item came to its end without it."""
    if launch.abandoned is not None:
        return f"{launch.name} was {launch.status}: {launch.abandoned}"
    if state.status == "waiting":
        return f"it waits for {', '.join(launch.blocked_by(state.key)) or 'its time'} again"
    if state.has_ended:
        names = ", ".join(signature.name for signature in state.signatures if signature.decision == "approve")
        return f"{state.status} · {names or state.ended_by or ''} · {state.summary}".strip(" ·")
    what = next(iter(state.changes), "") if state.because in VOID else ""
    what = what or state.question
    return f"round {state.round}: {what}" if what else f"{state.status}: {state.summary}"
