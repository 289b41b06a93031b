"""What somebody may decide here, found out by asking `decide` itself; and what a filled form asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checklists import commands as c
from checklists import entries as e
from checklists.decide import Refusal, decide
from checklists.delivery_commands import Settle
from checklists.due import wanted
from checklists.launch import ItemState, Launch
from checklists.rules.attaching import missing_evidence
from tasks.waiving import as_configured
from tasks.world import World
from web.signing.fields import Filled, day
from web.signing.visitor import Visitor

CHOICES: Mapping[str, tuple[str, ...]] = {
    "sign": ("approve", "request-changes", "reject"),
    "done": ("done",),
    "rescue": ("run-again", "waive"),
    "settle": ("arrived", "again"),
}
ANYTHING = "https://example.com/"  # stands for evidence and words somebody has not given yet


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to decide; `barred` says why this person cannot, and is empty where they can."""

    value: str
    barred: str = ""
    may_not: bool = False
    instead_of: str = ""
    self_signed: bool = False


def values_of(launch: Launch, state: ItemState) -> tuple[str, ...]:
    """What can be decided at all now; nothing while the item waits, works, or has ended."""
    return CHOICES.get(wanted(state, launch) or "", ())


def choices(world: World, launch: Launch, visitor: Visitor, instead_of: str = "") -> tuple[Choice, ...]:
    """Everything that can be decided now, each with why this person cannot, if so."""
    state = launch.items[visitor.item]
    return tuple(_choice(world, launch, visitor, value, instead_of) for value in values_of(launch, state))


def _choice(world: World, launch: Launch, visitor: Visitor, value: str, instead_of: str) -> Choice:
    if visitor.actor is None:
        return Choice(value)
    state = launch.items[visitor.item]
    lacking = dict.fromkeys(missing_evidence(state, {}), ANYTHING)
    trial = Filled(choice=value, comment=ANYTHING, evidence=lacking, instead_of=instead_of)
    asked = as_configured(world, command(launch, visitor, trial, visitor.actor), launch)
    answer = decide(launch, asked, world.now())
    if isinstance(answer, Refusal):
        return Choice(value, answer.reason, answer.may_not)
    signed = next((entry.data for entry in answer if isinstance(entry.data, e.Signed)), None)
    principal = signed.instead_of if signed else None
    return Choice(
        value, instead_of=principal.name if principal else "", self_signed=bool(signed and signed.self_signed)
    )


def principals(world: World, launch: Launch, visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Mail address and name of everybody in whose place this person could sign now."""
    stands_for = visitor.actor.stands_for if visitor.actor else ()
    for one in stands_for:
        if not _choice(world, launch, visitor, "approve", one.email).barred:
            yield one.email, one.name


def command(launch: Launch, visitor: Visitor, filled: Filled, by: c.Actor) -> c.OnItem:
    """What this form asks of the launch. Its choice is one of those that can be made."""
    of: dict[str, Any] = {
        "by": by,
        "via": visitor.via,
        "address": visitor.address,
        "shown": filled.shown,
        "item": visitor.item,
        "round": launch.items[visitor.item].round,
    }
    match filled.choice:
        case "done":
            return c.Complete(comment=filled.comment, **of)
        case "arrived" | "again" as fate:
            return Settle(fate=fate, comment=filled.comment, **of)
        case "run-again":
            return c.Rerun(comment=filled.comment, **of)
        case "waive":
            return c.Waive(reason=filled.comment, until=day(filled.until), **of)
    pieces = {name: e.Piece(url=url) for name, url in filled.pieces.items()}
    decision: Any = filled.choice
    return c.Sign(
        decision=decision, comment=filled.comment, evidence=pieces, instead_of=filled.instead_of or None, **of
    )
