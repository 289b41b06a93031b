"""Who may leave an item out: with a reason, for as long as they say, and never the one whose work it is."""

from __future__ import annotations

from datetime import datetime

from checklists import commands as c
from checklists import entries as e
from checklists.launch import ItemState, Launch
from checklists.rules.authors import is_author
from checklists.rules.items import barred
from checklists.rules.refusal import Facts, Refusal, lacks, unwritable


def waive(command: c.Waive, launch: Launch, now: datetime) -> Facts | Refusal:
    """An item is left out, on somebody's word and for a reason that stays in the record."""
    reason = command.reason.strip()
    if refusal := barred(command, launch) or _may_not(command, launch) or unwritable([reason]):
        return refusal
    if not reason:
        return Refusal("a waiver needs a reason; it stands in the record")
    if refusal := _ends_too_soon(command, now):
        return refusal
    state = launch.items[command.item]
    waived = e.Waived(
        item=state.key,
        round=state.round,
        reason=reason,
        until=command.until,
        expires_at=command.expires_at,
        number=command.number,
        **command.said,
    )
    return [waived]


def _may_not(command: c.Waive, launch: Launch) -> Refusal | None:
    return lacks(command, command.role) or _is_theirs(command.by, launch.items[command.item], launch)


def _is_theirs(by: c.Actor, state: ItemState, launch: Launch) -> Refusal | None:
    if state.item.owner in by.roles:
        reason = f"{state.key} belongs to {state.item.owner}, as {by.name} does; somebody else has to waive it"
        return Refusal(reason, may_not=True)
    if is_author(launch, state.key, by.names):
        reason = f"{by.name} had a hand in what {state.key} looks at; somebody else has to waive it"
        return Refusal(reason, may_not=True)
    return None


def _ends_too_soon(command: c.Waive, now: datetime) -> Refusal | None:
    if command.until and command.expires_at is None:
        return Refusal(f"{command.until} is no day a waiver can end on; name one that is to come")
    if command.expires_at and command.expires_at <= now:
        return Refusal(f"{command.until or command.expires_at} is over; name a day that is to come")
    return None
