"""Does a record keep the rules by which it was written? Every signature in its round, every gate with its quorum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from checklists import entries as e
from checklists.fold import fold
from checklists.item import ItemState, Signature
from checklists.launch import Launch
from checklists.people import Proof
from checklists.quorum import may_sign, missing
from checklists.rules.refusal import LONGEST


@dataclass(frozen=True, slots=True)
class Breach:
    """An entry that no rule would have let in, by its number, and why."""

    seq: int
    problem: str


def audit(entries: Iterable[e.Entry]) -> tuple[Launch | None, Breach | None]:
    """The launch these entries tell, and the first of them that breaks a rule; reads anything without failing."""
    launch: Launch | None = None
    for entry in entries:
        try:
            after = fold((entry,), onto=launch)
            if launch is not None and (problem := _problem(launch, after, entry)):
                return launch, Breach(entry.seq, problem)
            launch = after
        except (ValueError, LookupError) as error:
            return launch, Breach(entry.seq, f"it cannot follow the entries before it ({str(error)[:LONGEST]})")
    return launch, None


def _problem(before: Launch, after: Launch, entry: e.Entry) -> str:
    """Why this entry could not have been added; empty where it could."""
    data = entry.data
    match data:
        case e.Signed():
            return _signed(before.items[data.item], after.items[data.item], data, entry.actor)
        case e.Passed():
            return _passed(before.items[data.item], data)
        case e.Opened():
            waits = ", ".join(before.blocked_by(data.item))
            return f"{data.item} is opened although it waits for {waits}" if waits else ""
        case e.Imported():
            return "a launch that has begun is imported" if before.seq > 1 else ""
        case e.Closed():
            left = ", ".join(key for key, state in before.items.items() if not state.has_ended)
            return f"the launch is closed although {left} has not ended" if left else ""
    return ""


def _signed(before: ItemState, after: ItemState, data: e.Signed, who: str) -> str:
    if data.round != before.round:
        return f"{who} signs round {data.round} of {before.key}, which is in round {before.round}"
    if not before.is_signable:
        return f"{who} signs {before.key} while it is {before.status}"
    if data.self_signed and not before.allows_self_sign:
        return f"{who} is an author of what {before.key} is bound to, and it lets no author sign"
    signature = after.signatures[-1]
    if not may_sign(before.lines, signature.held):
        return f"{who} holds nothing that {before.key} asks for"
    return _second_place(before, signature) if data.decision == "approve" else ""


def _second_place(before: ItemState, signature: Signature) -> str:
    taken = (human for one in before.signatures if one.decision == "approve" for human in one.humans)
    twice = ", ".join(sorted(signature.humans.intersection(taken)))
    return f"{twice} takes a second place of {before.key} in one round" if twice else ""


def _passed(before: ItemState, data: e.Passed) -> str:
    if data.round != before.round:
        return f"round {data.round} of {before.key} passed, which is in round {before.round}"
    left = ", ".join(missing(before.lines, before.approvals))
    return f"{before.key} passed without {left}" if left else ""


def proofs(launch: Launch) -> Counter[Proof]:
    """How often which proof stands behind a signature that made a gate pass."""
    signed = (state for state in launch.items.values() if state.is_signed_by_people and state.status == "passed")
    return Counter(s.proof for state in signed for s in state.signatures if s.decision == "approve")
