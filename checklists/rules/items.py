"""Who may move an item, other than by signing or waiving it: complete, run again, report."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import unknown
from checklists.checks import Automated
from checklists.items import Todo
from checklists.launch import ItemState, Launch
from checklists.rules.proving import spent
from checklists.rules.questioning import in_doubt, without_a_reason
from checklists.rules.refusal import LONGEST, Facts, Refusal, over, unwritable

AT_WORK = frozenset({"open", "running"})


def barred(command: c.OnItem, launch: Launch) -> Refusal | None:
    """What stops anybody from acting on this item."""
    if command.item not in launch.items:
        return Refusal(unknown(command.item, launch.items, "item"))
    state = launch.items[command.item]
    return over(launch) or a_stranger(command.by) or _too_late(command, state) or spent(command, launch)


def a_stranger(by: c.Actor) -> Refusal | None:
    who = by.email or "nobody"
    return None if by.is_known else Refusal(f"{who} is not a person of this organisation", may_not=True)


def _too_late(command: c.OnItem, state: ItemState) -> Refusal | None:
    if state.has_ended:
        return Refusal(f"{state.key} is {state.status} already, since {state.ended_at:%d %b %Y %H:%M} UTC")
    if command.round is not None and command.round != state.round:
        return Refusal(f"round {command.round} of {state.key} is over; it is in round {state.round} now")
    if command.number not in (None, state.number):
        return Refusal("this form was answered already; a new one is open")
    return None


def not_open(state: ItemState, launch: Launch) -> Refusal | None:
    """Why people cannot answer yet, or not before somebody has decided what to do."""
    waits = ", ".join(launch.blocked_by(state.key))
    if state.is_signable and not waits:
        return None
    if state.is_troubled:
        what = f"was {state.summary}" if state.status == "rejected" else f"failed: {state.summary}"
        return Refusal(f"{state.key} {what}; it has to be opened again or waived first")
    yet = "any more" if state.opened_at else "yet"
    return Refusal(f"{state.key} is not open {yet}; it waits for {waits or 'its turn'}")


def not_their_item(by: c.Actor, state: ItemState) -> Refusal | None:
    """Items with an owner are for the people of that role, and for those who run launches."""
    owner = state.item.owner
    if owner is None or owner in by.roles or by.is_manager:
        return None
    return Refusal(f"{state.key} belongs to {owner}; {by.name} does not hold that role", may_not=True)


def complete(command: c.Complete, launch: Launch) -> Facts | Refusal:
    """A to-do is done."""
    said = command.comment.strip()
    if refusal := barred(command, launch) or unwritable([said]):
        return refusal
    state = launch.items[command.item]
    if not isinstance(state.item, Todo):
        return Refusal(f"{state.key} is a {state.item.kind}, not a to-do; it cannot be marked done by hand")
    if refusal := not_open(state, launch) or not_their_item(command.by, state) or without_a_reason(command, launch):
        return refusal
    return [e.Passed(item=state.key, round=state.round, summary=said, number=command.number, **command.said)]


def rerun(command: c.Rerun, launch: Launch) -> Facts | Refusal:
    """What failed starts over in a new round."""
    said = command.comment.strip()
    if refusal := barred(command, launch) or unwritable([said]):
        return refusal
    state = launch.items[command.item]
    if not state.is_troubled:
        return Refusal(f"{state.key} is {state.status}; only what failed or was rejected can be run again")
    if refusal := not_their_item(command.by, state):
        return refusal
    asked = said or f"run again by {command.by.name}"
    return [
        e.Reopened(
            item=state.key,
            round=state.round + 1,
            because="rerun",
            question=asked,
            number=command.number,
            **command.said,
        )
    ]


def report(command: c.Report, launch: Launch) -> Facts | Refusal:
    """A late or repeated result changes nothing: a person's decision, a first result and a newer round stand.

    Except that what failed may come out well after all: that is somebody's Retry in the Prefect UI.
    """
    state = launch.items.get(command.item)
    if state is None or not state.is_automated or command.round != state.round:
        return []
    if command.number is not None and not state.last_shut < command.number <= state.number:
        return []  # of a flow run from before something it needs was open again, or one that somebody made up
    if isinstance(state.item, Automated) and launch.blocked_by(state.key):
        return []  # something it looked at is open again
    if state.status not in AT_WORK and not (state.status == "failed" and command.ok):
        return []
    of, found = {"item": state.key, "round": state.round, "number": command.number}, command.findings[:50]
    summary, doubt = command.summary[:LONGEST], [*in_doubt(command, launch)]
    if command.ok:
        return [e.Passed(summary=summary, **of), *doubt]
    return [e.Failed(summary=summary, findings=found, **of), *doubt]
