"""What lists and the patrol read of a launch without its entries. Nothing stands in it that the entries do not say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from checklists.due import due
from checklists.launch import ItemState, Launch
from checklists.opening import earliest


def summary(launch: Launch) -> dict[str, Any]:
    """The launch in a few words, as JSON. Whoever changes its shape, or what is due when, counts `index.SHAPE` up."""
    items = launch.items.values()
    return {
        "title": launch.release.title,
        "status": launch.status,
        "reason": launch.reason,
        "checklist": launch.checklist.checklist,
        "tier": launch.checklist.tier,
        "launch_on": launch.launch_on.isoformat() if launch.launch_on else None,
        "items": len(launch.items),
        "ended": sum(state.has_ended for state in items),
        "open": [_open(launch, state) for state in items if is_open(state)],
        "behind": list(launch.behind),
        "runs": run_ids(launch),
    }


def is_open(state: ItemState) -> bool:
    """Whether somebody, or a machine, has something to do for it now."""
    return state.status != "waiting" and not state.has_ended


def _open(launch: Launch, state: ItemState) -> dict[str, Any]:
    return {
        "item": state.key,
        "title": state.item.label,
        "kind": state.item.kind,
        "status": state.status,
        "round": state.round,
        "missing": list(state.missing),
        "since": _instant(state.opened_at),
        "due": _instant(launch.dates.due.get(state.key)),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def run_ids(launch: Launch) -> list[str]:
    """The flow runs that stand for the launch and its items now."""
    runs = [state.run.run_id for state in launch.items.values() if state.run]
    return [launch.run.run_id, *runs] if launch.run else runs


def wake_at(launch: Launch, now: datetime) -> datetime | None:
    """When time alone makes something due next: `now` where something is due already, None where nothing ever is."""
    if launch.has_ended:
        return None
    if due(launch, now):
        return now
    return min((at for at in _instants(launch) if at > now), default=None)


def _instants(launch: Launch) -> Iterator[datetime]:
    """Every instant a rule of `due` may look at. One too many costs a look in vain, one too few is never noticed."""
    yield from (at for state in launch.items.values() if (at := earliest(state, launch)))
    yield from launch.dates.due.values()
    for steps in launch.dates.reminders.values():
        yield from steps.values()
    yield from (asked.not_before for asked in launch.questions.values() if asked.not_before)
    yield from (state.waived_until for state in launch.items.values() if state.waived_until)
