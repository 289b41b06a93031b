"""The checklist of a launch as a table in Prefect: what stands where, who is waited for and since when."""

from __future__ import annotations

from collections.abc import Sequence

from checklists.launch import ItemState, Launch
from checklists.opening import earliest
from checklists.people import Member
from tasks.boards.around import Around, waited_for
from tasks.boards.form_text import PLAIN, told
from templates.item_story import reviewed
from templates.words import cell

SIGNS = {"waiting": "○", "open": "●", "running": "◐", "changes-requested": "↺", "passed": "✓", "waived": "~"}


def table(launch: Launch, around: Around = PLAIN) -> list[dict[str, str]]:
    """The checklist as people read it, one row an item."""
    members = around.members()
    return [_row(launch, state, members) for state in launch.items.values()]


def _row(launch: Launch, state: ItemState, members: Sequence[Member]) -> dict[str, str]:
    due = launch.dates.due.get(state.key)
    row = {
        " ": SIGNS.get(state.status, "✗"),
        "item": state.item.label,
        "status": state.status,
        "waits for": _waits_for(launch, state, members),
        "signed by": ", ".join(s.signer for s in state.signatures if s.decision == "approve"),
        "since": f"{state.opened_at:%Y-%m-%d %H:%M}" if state.opened_at else "",
        "due": f"{due:%Y-%m-%d %H:%M} UTC" if due else "",
        "round": str(state.round),
        "kind": state.item.kind,
        "said": _said(launch, state),
    }
    return {column: cell(text) for column, text in row.items()}


def _waits_for(launch: Launch, state: ItemState, members: Sequence[Member]) -> str:
    """Items, where it waits for others, or its time; else people, by the place they would fill."""
    if state.status == "waiting":
        return ", ".join(launch.blocked_by(state.key) or launch.behind) or _its_time(launch, state)
    if state.is_signable and state.lines:
        return "; ".join(map(told, waited_for(launch, state, members)))
    return "" if state.has_ended else ", ".join(member.name for member in members if member.email in state.asked)


def _its_time(launch: Launch, state: ItemState) -> str:
    at = earliest(state, launch)
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def _said(launch: Launch, state: ItemState) -> str:
    until = f" (until {state.waived_until:%Y-%m-%d %H:%M} UTC)" if state.waived_until else ""
    own = "signed by an author, which this gate allows" if any(one.self_signed for one in state.signatures) else ""
    asked = launch.questions[state.key].said if state.key in launch.unanswered else ""
    review = reviewed(state.review.standing, state.review.url) if state.review else ""
    return "; ".join(part for part in (f"{state.summary or state.question or asked}{until}", own, review) if part)
