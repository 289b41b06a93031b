"""Who may stop an announcement in the middle of it, and let it go on."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.items import Announce
from checklists.launch import Launch
from checklists.rules.items import barred
from checklists.rules.refusal import Facts, Refusal, not_a_manager, unwritable


def pause(command: c.Pause, launch: Launch) -> Facts | Refusal:
    """Nothing more leaves until somebody lets it; pausing what is paused is refused, so that its reason stays."""
    reason = command.reason.strip()
    if refusal := _barred(command, launch) or unwritable([reason]):
        return refusal
    state = launch.items[command.item]
    if state.paused is not None:
        return Refusal(f"{state.key} is paused already: {state.paused}")
    if not reason:
        return Refusal("say why it is paused")
    return [e.Paused(item=state.key, round=state.round, reason=reason, **command.said)]


def unpause(command: c.Unpause, launch: Launch) -> Facts | Refusal:
    if refusal := _barred(command, launch):
        return refusal
    state = launch.items[command.item]
    if state.paused is None:
        return Refusal(f"{state.key} is not paused")
    return [e.Unpaused(item=state.key, round=state.round, **command.said)]


def _barred(command: c.OnItem, launch: Launch) -> Refusal | None:
    if refusal := barred(command, launch) or not_a_manager(command):
        return refusal
    state = launch.items[command.item]
    is_one = isinstance(state.item, Announce)
    return None if is_one else Refusal(f"{state.key} is a {state.item.kind}; only announcements are paused")
