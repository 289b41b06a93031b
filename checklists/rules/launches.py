"""Rules of a whole launch: what is learned of its release, and who may hold, resume, reschedule, abandon it."""

from __future__ import annotations

from datetime import datetime

from checklists import commands as c
from checklists import entries as e
from checklists.launch import Launch
from checklists.rules.questioning import answered
from checklists.rules.refusal import Facts, Refusal, no_launch_day, not_a_manager, over, unwritable
from checklists.rules.starting import dates

LONGEST_NOTES = 8_000


def describe(command: c.Describe, launch: Launch) -> Facts | Refusal:
    """Only what nobody had said is filled in: no event changes words that people may have read and signed."""
    known = launch.release
    new = e.Described(
        commit=None if known.commit else command.commit,
        url=None if known.url else command.url,
        notes="" if known.notes else command.notes,
    )
    return [] if launch.is_over or new == e.Described() else [new]


def edit(command: c.Edit, launch: Launch) -> Facts | Refusal:
    """What a release says, as its host has it now; nothing older takes the place of something newer."""
    if refusal := _barred(command, launch) or unwritable([command.notes], LONGEST_NOTES):
        return refusal
    known = launch.edited_at
    is_late = known is not None and command.at is not None and command.at < known
    if is_late or command.notes == launch.release.notes:
        return []
    return [e.Edited(notes=command.notes, at=command.at)]


def hold(command: c.Hold, launch: Launch) -> Facts | Refusal:
    reason = command.reason.strip()
    if refusal := _barred(command, launch) or unwritable([reason]):
        return refusal
    if launch.held is not None:
        return Refusal(f"{launch.name} is on hold already: {launch.held}")
    if not reason:
        return Refusal("say why it is put on hold")
    return [*answered(command, launch, f"on hold: {reason}"), e.Held(reason=reason, **command.said)]


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
    given_up = e.Abandoned(reason=reason, ending=command.ending, successor=command.successor, **command.said)
    return [*answered(command, launch, f"{command.ending}: {reason}"), given_up]


def _barred(command: c.Command, launch: Launch) -> Refusal | None:
    return over(launch) or not_a_manager(command)
