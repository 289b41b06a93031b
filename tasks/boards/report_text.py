"""The report a launch leaves behind: how it ended, who signed, what was let through, what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from checklists.launch import ItemState, Launch
from ledger.deliveries import State
from templates.render import render_markdown

Sent = Sequence[tuple[str, str, State, int]]
"""Of its announcements: item, channel, state, and how many deliveries are in it."""


def report(launch: Launch, sent: Sent) -> str:
    """The report, in markdown."""
    items = launch.items.values()
    return render_markdown(
        "report",
        "report.md",
        {
            "product": launch.release.title,
            "version": launch.release.version,
            "status": launch.status,
            "ending": _ending(launch),
            "checklist": launch.checklist.title or launch.checklist.checklist,
            "started": launch.started_at,
            "ended": launch.closed_at or launch.updated_at,
            "items": [_reported(state) for state in items],
            "own_work": [_own(state) for state in items if any(one.self_signed for one in state.signatures)],
            "waivers": [_waiver(state) for state in items if state.status == "waived"],
            "deliveries": _told(launch, sent),
        },
    )


def _ending(launch: Launch) -> str:
    """Why it came to its end early; empty where it did not."""
    if launch.abandoned is None:
        return ""
    by = f" by {launch.successor}" if launch.successor else ""
    return f"{launch.status}{by}: {launch.abandoned}"


def _reported(state: ItemState) -> dict[str, object]:
    signed = [s.signer for s in state.signatures if s.decision == "approve"] or [n for n in [state.ended_by] if n]
    return {
        "title": state.item.label,
        "status": state.status,
        "rounds": state.round,
        "signed": signed,
        "ended": state.ended_at,
    }


def _own(state: ItemState) -> dict[str, object]:
    return {"title": state.item.label, "people": [one.signer for one in state.signatures if one.self_signed]}


def _waiver(state: ItemState) -> dict[str, object]:
    about = {"title": state.item.label, "by": state.ended_by or "", "reason": state.summary}
    return {**about, "until": state.waived_until}


def _told(launch: Launch, sent: Sent) -> list[dict[str, object]]:
    """How many messages of each announcement ended how; what people were asked and reminded is no announcement."""
    return [
        {"announcement": launch.items[item].item.label, "channel": channel, "state": state, "count": count}
        for item, channel, state, count in sent
    ]
