"""What was signed, or looked at by a machine, is something else now: it is open again, in a new round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checklists import changes
from checklists import entries as e
from checklists.items import binding
from checklists.launch import ItemState, Launch

STARTS_OVER = frozenset({"open", "running", "changes-requested", "passed", "failed"})


def starts_over(state: ItemState, launch: Launch) -> bool:
    """Whether a change of what it is bound to opens the item again.

    Who was not asked yet sees the new thing anyway; a waiver and a rejection are decisions, and stand. So does what
    had passed when the launch came out.
    """
    if state.status == "waiting":
        return bool(state.signatures)
    return state.status in STARTS_OVER and not (launch.is_out and state.has_ended)


def after_retag(launch: Launch, commit: str, difference: e.Difference, said: dict[str, Any]) -> Iterator[e.Reopened]:
    """The items bound to code this difference touches."""
    code = launch.code
    for state in launch.items.values():
        bound = binding(state.item)
        if bound.thing == "code" and starts_over(state, launch) and difference.touches(bound):
            yield again(state, "code", changes.of_code(code, difference, commit), said)


def after_content(launch: Launch, content: e.Content, said: dict[str, Any]) -> Iterator[e.Reopened]:
    """The gates bound to this content. Where it is the first one, only those that were signed without it."""
    before = launch.contents.get(content.item)
    for state in launch.items.values():
        if binding(state.item).item == content.item and starts_over(state, launch) and (before or state.approvals):
            yield again(state, "content", changes.of_content(before, content), said)


def after_evidence(launch: Launch, state: ItemState, evidence: e.Evidence, said: dict[str, Any]) -> list[e.Reopened]:
    """A new round where somebody has approved with another piece of evidence in front of them."""
    is_bound = binding(state.item).thing == "evidence"
    if not (is_bound and state.approvals and starts_over(state, launch)):
        return []
    different = changes.of_evidence(state.evidence, evidence)
    return [again(state, "evidence", different, said)] if different else []


def again(state: ItemState, because: e.Because, different: Iterable[str], said: dict[str, Any]) -> e.Reopened:
    """The next round. What was different before stays said until everybody has confirmed or refused it."""
    unconfirmed = state.changes if state.earlier and not state.has_ended else ()
    told = (*different, *unconfirmed)[: changes.MOST]
    return e.Reopened(item=state.key, round=state.round + 1, because=because, changes=told, **said)
