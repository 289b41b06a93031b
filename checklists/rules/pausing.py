"""Who may stop an announcement in the middle of it, or what is said after it, and let it go on."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.items import Announce
from checklists.launch import Launch
from checklists.rules.items import a_stranger, barred
from checklists.rules.refusal import Facts, Refusal, not_a_manager, unwritable


def pause(command: c.Pause, launch: Launch) -> Facts | Refusal:
    """Nothing more leaves until somebody lets it; pausing what is paused is refused, so that its reason stays."""
    reason = command.reason.strip()
    if refusal := _barred(command, launch) or unwritable([reason]):
        return refusal
    state = launch.items[command.item]
    if (why := state.stopped) is not None:
        return Refusal(f"{state.key} is paused already: {why}")
    if not reason:
        return Refusal("say why it is paused")
    return [e.Paused(item=state.key, round=state.round, reason=reason, **command.said)]


def unpause(command: c.Unpause, launch: Launch) -> Facts | Refusal:
    if refusal := _barred(command, launch):
        return refusal
    state = launch.items[command.item]
    if state.stopped is None:
        return Refusal(f"{state.key} is not paused")
    return [e.Unpaused(item=state.key, round=state.round, **command.said)]


def _barred(command: c.OnItem, launch: Launch) -> Refusal | None:
    found = launch.items.get(command.item)
    is_said_after = found is not None and found.has_ended and bool(found.follow_ups)
    stopped = a_stranger(command.by) if is_said_after else barred(command, launch)
    if refusal := stopped or not_a_manager(command):
        return refusal
    state = launch.items[command.item]
    is_one = isinstance(state.item, Announce)
    return None if is_one else Refusal(f"{state.key} is a {state.item.kind}; only announcements are paused")
