"""Rules of a whole launch: what is learned of its release, and who may hold, resume, reschedule, abandon it."""

from __future__ import annotations

from datetime import datetime

from checklists import commands as c
from checklists import entries as e
from checklists.launch import Launch
from checklists.rules.refusal import Facts, Refusal, no_launch_day, not_a_manager, over, unwritable
from checklists.rules.starting import dates


def describe(command: c.Describe, launch: Launch) -> Facts | Refusal:
    """Only what nobody had said is filled in: no event changes words that people may have read and signed."""
    known = launch.release
    new = e.Described(
        commit=None if known.commit else command.commit,
        url=None if known.url else command.url,
        notes="" if known.notes else command.notes,
    )
    return [] if launch.is_over or new == e.Described() else [new]


def hold(command: c.Hold, launch: Launch) -> Facts | Refusal:
    reason = command.reason.strip()
    if refusal := _barred(command, launch) or unwritable([reason]):
        return refusal
    if launch.held is not None:
        return Refusal(f"{launch.name} is on hold already: {launch.held}")
    return [e.Held(reason=reason, **command.said)] if reason else Refusal("say why it is put on hold")


def resume(command: c.Resume, launch: Launch) -> Facts | Refusal:
    if refusal := _barred(command, launch):
        return refusal
    return [e.Resumed(**command.said)] if launch.held is not None else Refusal(f"{launch.name} is not on hold")


def reschedule(command: c.Reschedule, launch: Launch, now: datetime) -> Facts | Refusal:
    if refusal := _barred(command, launch) or no_launch_day(command.launch_on, command.calendar, now):
        return refusal
    moved = dates(launch.checklist, command.launch_on, command.calendar)
    return [e.Rescheduled(launch_on=command.launch_on, dates=moved, **command.said)]


def abandon(command: c.Abandon, launch: Launch) -> Facts | Refusal:
    if launch.abandoned is not None:
        return []
    reason = command.reason.strip()
    if refusal := _barred(command, launch) or unwritable([reason]):
        return refusal
    if not reason:
        return Refusal("say why it is abandoned")
    return [e.Abandoned(reason=reason, ending=command.ending, successor=command.successor, **command.said)]


def _barred(command: c.Command, launch: Launch) -> Refusal | None:
    return over(launch) or not_a_manager(command)
