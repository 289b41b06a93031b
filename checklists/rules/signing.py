"""Who may sign a gate, and what follows from a signature."""

from __future__ import annotations

from dataclasses import replace

from checklists import commands as c
from checklists import entries as e
from checklists.launch import ItemState, Launch
from checklists.people import MANAGERS
from checklists.quorum import missing
from checklists.rules.attaching import missing_evidence
from checklists.rules.capacity import Capacity, approving, as_whom, is_self_signed
from checklists.rules.items import barred, not_open
from checklists.rules.refusal import LONGEST, Facts, Refusal, unwritable
from checklists.rules.reopening import after_evidence

MOST_EVIDENCE = 50


def sign(command: c.Sign, launch: Launch) -> Facts | Refusal:
    """The signature, and with it the end of the gate, a new round, or a rejection."""
    if refusal := barred(command, launch) or _unreadable(command):
        return refusal
    state = launch.items[command.item]
    if refusal := _locked(command, state) or _cannot_sign(command, state) or not_open(state, launch):
        return refusal
    if command.decision != "approve":
        return _no(command, launch, state)
    # Other evidence than people have approved begins a new round, and this signature is the first one in it.
    voided = after_evidence(launch, state, command.evidence, command.said)
    now = replace(state, round=state.round + 1, signatures=()) if voided else state
    capacity = approving(launch, now, command.by, command.instead_of)
    if isinstance(capacity, Refusal):
        return capacity
    return _lacks_evidence(command, state) or [*voided, *_approved(command, launch, now, capacity)]


def _unreadable(command: c.Sign) -> Refusal | None:
    pieces = len(command.evidence)
    if pieces > MOST_EVIDENCE:
        return Refusal(f"{pieces} pieces of evidence are more than anybody reads; {MOST_EVIDENCE} at most")
    evidence = (text for name, piece in command.evidence.items() for text in (name, piece.url))
    return unwritable([command.comment.strip(), *evidence])


def _locked(command: c.Sign, state: ItemState) -> Refusal | None:
    """Codes can be guessed where they are typed; other doors stay open."""
    if state.is_locked and (command.via == "form" or command.by.proof == "code"):
        tries = f"{state.wrong_codes} wrong codes were typed for {state.key}"
        return Refusal(f"{tries}, so codes are not taken any more; `tminus ask` mails new ones")
    return None


def _cannot_sign(command: c.Sign, state: ItemState) -> Refusal | None:
    if not state.lines:
        return Refusal(f"{state.key} is a {state.item.kind}; nobody signs it")
    asked = as_whom(state, command.by, command.instead_of)
    if isinstance(asked, Refusal):
        return asked
    if command.decision != "approve" and not command.comment.strip():
        return Refusal("say in the comment what has to change, so that it can be done")
    return None


def _lacks_evidence(command: c.Sign, state: ItemState) -> Refusal | None:
    absent = missing_evidence(state, command.evidence)
    if not absent:
        return None
    names = " and ".join(absent)
    return Refusal(f"{state.key} asks for {names} as evidence; attach it with the signature, or by `tminus attach`")


def _approved(command: c.Sign, launch: Launch, state: ItemState, capacity: Capacity) -> Facts:
    own = is_self_signed(launch, state, capacity)
    signed = _signed(command, state, capacity, self_signed=own)
    approvals = {**state.approvals, command.by.email: capacity.held}
    if missing(state.lines, approvals):
        return [signed]
    return [signed, e.Passed(item=state.key, round=state.round, summary=f"{len(approvals)} signed", via=command.via)]


def _signed(command: c.Sign, state: ItemState, capacity: Capacity, *, self_signed: bool = False) -> e.Signed:
    return e.Signed(
        item=state.key,
        round=state.round,
        decision=command.decision,
        name=command.by.name,
        roles=command.by.roles,
        comment=command.comment.strip(),
        evidence=dict(command.evidence),
        instead_of=_instead_of(capacity),
        self_signed=self_signed,
        **command.said,
        number=command.number,
    )


def _instead_of(capacity: Capacity) -> e.InsteadOf | None:
    away = capacity.principal
    if away is None:
        return None
    return e.InsteadOf(email=away.email, name=away.name, roles=away.roles, through=away.through)


def _no(command: c.Sign, launch: Launch, state: ItemState) -> Facts | Refusal:
    """Changes are asked for, or it is rejected: authors may say so, too, and it takes no place."""
    capacity = as_whom(state, command.by, command.instead_of)
    if isinstance(capacity, Refusal):
        return capacity
    signed, said = _signed(command, state, capacity), command.comment.strip()
    if command.decision == "reject":
        return [signed, *_rejected(command, launch, state, capacity)]
    return [signed, e.Reopened(item=state.key, round=state.round + 1, question=said, via=command.via)]


def _rejected(command: c.Sign, launch: Launch, state: ItemState, capacity: Capacity) -> Facts:
    """The gate waits for a decision on what now; where somebody who runs launches said no, all of it waits."""
    who = f"{command.by.name} for {capacity.principal.name}" if capacity.principal else command.by.name
    why = f"rejected by {who}: {command.comment.strip()}"
    stops = launch.held is None and MANAGERS in capacity.held | command.by.held
    held = [e.Held(reason=f"{state.key} {why}"[:LONGEST])] if stops else []
    return [e.Rejected(item=state.key, round=state.round, summary=why[:LONGEST]), *held]
