"""Who may sign a gate, and what follows from a signature."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.launch import ItemState, Launch
from checklists.quorum import may_sign, missing
from checklists.rules.items import barred, not_open
from checklists.rules.refusal import LONGEST, Facts, Refusal, unwritable

MOST_EVIDENCE = 50


def sign(command: c.Sign, launch: Launch) -> Facts | Refusal:
    """The signature, and with it the end of the gate, a new round, or a failure."""
    evidence = (text for name, piece in command.evidence.items() for text in (name, piece.url))
    if refusal := barred(command, launch) or unwritable([command.comment.strip(), *evidence]):
        return refusal
    if len(command.evidence) > MOST_EVIDENCE:
        return Refusal(
            f"{len(command.evidence)} pieces of evidence are more than anybody reads; {MOST_EVIDENCE} at most"
        )
    state = launch.items[command.item]
    if refusal := _cannot_sign(command, state) or not_open(state, launch) or _no_place(command, state):
        return refusal
    return [_signed(command, state), *_consequences(command, state)]


def _cannot_sign(command: c.Sign, state: ItemState) -> Refusal | None:
    lines = state.lines
    if not lines:
        return Refusal(f"{state.key} is a {state.item.kind}; nobody signs it")
    if not may_sign(lines, command.by.held):
        asked = " or ".join(dict.fromkeys(name for line in lines for name in line.of))
        reason = f"{command.by.name} does not hold the role {asked}, which {state.key} asks for"
        return Refusal(reason, may_not=True)
    if command.decision != "approve" and not command.comment.strip():
        return Refusal("say in the comment what has to change, so that it can be done")
    return None


def _no_place(command: c.Sign, state: ItemState) -> Refusal | None:
    """Approvals that would count for nothing: a second one of the same person, or one too many of a role."""
    if command.decision != "approve":
        return None
    if command.by.email in state.approvals:
        return Refusal(f"{command.by.name} has approved {state.key} already; one person fills one place")
    if state.missing == _missing_after(command, state):
        return Refusal(f"every place that {command.by.name} could fill is taken; {state.key} waits for others")
    return None


def _missing_after(command: c.Sign, state: ItemState) -> tuple[str, ...]:
    return missing(state.lines, {**state.approvals, command.by.email: command.by.held})


def _signed(command: c.Sign, state: ItemState) -> e.Signed:
    return e.Signed(
        item=state.key,
        round=state.round,
        decision=command.decision,
        name=command.by.name,
        roles=command.by.roles,
        comment=command.comment.strip(),
        evidence=dict(command.evidence),
        **command.said,
        number=command.number,
    )


def _consequences(command: c.Sign, state: ItemState) -> Facts:
    said = command.comment.strip()
    if command.decision == "request-changes":
        return [e.Reopened(item=state.key, round=state.round + 1, question=said, via=command.via)]
    if command.decision == "reject":
        return _rejected(command, state, said)
    if _missing_after(command, state):
        return []
    return [e.Passed(item=state.key, round=state.round, summary=f"{len(state.approvals) + 1} signed", via=command.via)]


def _rejected(command: c.Sign, state: ItemState, said: str) -> Facts:
    """The gate waits for a decision on what now; where somebody who runs launches said no, all of it waits."""
    why = f"rejected by {command.by.name}: {said}"
    held = [e.Held(reason=f"{state.key} {why}"[:LONGEST])] if command.by.is_manager else []
    return [e.Rejected(item=state.key, round=state.round, summary=why[:LONGEST]), *held]
