"""Evidence put beside an item without signing it."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import unknown
from checklists.items import Gate
from checklists.launch import ItemState, Launch
from checklists.rules.items import a_stranger
from checklists.rules.refusal import Facts, Refusal, over, unwritable
from checklists.rules.reopening import after_evidence

MOST = 50


def add_evidence(command: c.AddEvidence, launch: Launch) -> Facts | Refusal:
    """By anybody of the organisation. A gate bound to its evidence is open again where a piece was replaced."""
    if command.item not in launch.items:
        return Refusal(unknown(command.item, launch.items, "item"))
    state = launch.items[command.item]
    if refusal := over(launch) or a_stranger(command.by) or _unusable(command, state):
        return refusal
    added = e.EvidenceAdded(item=state.key, round=state.round, evidence=dict(command.evidence), **command.said)
    return [added, *after_evidence(launch, state, command.evidence, command.said)]


def _unusable(command: c.AddEvidence, state: ItemState) -> Refusal | None:
    if command.round not in (None, state.round):
        return Refusal(f"round {command.round} of {state.key} is over; it is in round {state.round} now")
    if not command.evidence:
        return Refusal("name the evidence and its address, such as test-report=https://ci.example.com/42")
    if len(names := {*state.evidence, *command.evidence}) > MOST:
        return Refusal(f"{len(names)} pieces of evidence are more than anybody reads; {MOST} at most")
    return unwritable(text for name, piece in command.evidence.items() for text in (name, piece.url))


def missing_evidence(state: ItemState, brought: e.Evidence) -> tuple[str, ...]:
    """The names a gate asks for, less what is there and what comes along now."""
    asked = state.item.evidence if isinstance(state.item, Gate) else ()
    return tuple(name for name in asked if name not in state.evidence and name not in brought)
