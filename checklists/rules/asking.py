"""Who may have people asked again: new links and codes, the old codes are void."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.launch import ItemState, Launch
from checklists.rules.items import barred
from checklists.rules.refusal import Facts, Refusal

MOST = 1_000


def ask(command: c.Ask, launch: Launch) -> Facts | Refusal:
    """By those who run launches, the item's owner, or one of those who were asked."""
    if refusal := barred(command, launch):
        return refusal
    state = launch.items[command.item]
    if refusal := _not_theirs(command.by, state) or _cannot_ask(command, state, launch):
        return refusal
    people = tuple(dict.fromkeys(person.lower() for person in command.people))
    return [e.Asked(item=state.key, round=state.round, mailing=state.mailing + 1, people=people)]


def _not_theirs(by: c.Actor, state: ItemState) -> Refusal | None:
    if by.is_manager or by.email in state.asked or state.item.owner in by.roles:
        return None
    return Refusal(f"{by.name} was not asked for {state.key}; somebody who runs launches can have people asked again")


def _cannot_ask(command: c.Ask, state: ItemState, launch: Launch) -> Refusal | None:
    if launch.held is not None:
        return Refusal(f"{launch.name} is on hold, nothing is sent: {launch.held}")
    if state.status == "waiting" or not (state.is_signable or state.is_troubled):
        return Refusal(f"{state.key} is {state.status}; nobody is asked for it now")
    if not command.people or len(command.people) > MOST:
        return Refusal(f"name between 1 and {MOST} people to ask")
    return None
