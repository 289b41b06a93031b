"""A launch as others read it: the JSON of `tminus show`, whose shape is a promise (README)."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

from checklists.entries import Entry
from checklists.launch import ItemState, Launch
from tasks.world import World


def as_shown(world: World, launch: Launch) -> dict[str, Any]:
    """The promised JSON, with instants in the product's time zone."""
    product = world.organisation.products.get(launch.release.product)
    return show(launch, product.timezone if product else "UTC")


def show(launch: Launch, timezone: str = "UTC") -> dict[str, Any]:
    """The whole launch; instants are ISO 8601 in the product's time zone."""
    return {
        "id": launch.id,
        "product": launch.release.product,
        "version": launch.release.version,
        "commit": launch.release.commit,
        "status": launch.status,
        "reason": launch.reason,
        "run_id": launch.run.run_id if launch.run else None,
        "run_url": run_url(launch.run.run_id if launch.run else None),
        "checklist": launch.checklist.checklist,
        "launch_on": launch.launch_on.isoformat() if launch.launch_on else None,
        "items": {key: _item(launch, state, timezone) for key, state in launch.items.items()},
    }


def _item(launch: Launch, state: ItemState, timezone: str) -> dict[str, Any]:
    run_id = state.run.run_id if state.run else state.last_run
    return {
        "title": state.item.label,
        "kind": state.item.kind,
        "status": state.status,
        "round": state.round,
        "run_id": run_id,
        "run_url": run_url(run_id),
        "due": _local(launch.dates.due.get(state.key), timezone),
        "needs": list(state.item.needs),
        "blocked_by": list(launch.blocked_by(state.key)),
        "signatures": [
            {
                "by": signature.by,
                "place": state.places.get(signature.by),
                "decision": signature.decision,
                "at": _local(signature.at, timezone),
                "via": signature.via,
            }
            for signature in state.signatures
        ],
        "missing": list(state.missing),
        "question": state.question,
        "summary": state.summary,
        "findings": list(state.findings),
        "evidence": {name: exhibit.url for name, exhibit in state.evidence.items()},
    }


def _local(at: datetime | None, timezone: str) -> str | None:
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds") if at else None


def run_url(run_id: str | None) -> str | None:
    """Where the flow run is to be seen; None where there is none or no server is known."""
    api = os.environ.get("PREFECT_UI_URL") or os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
    return f"{api}/runs/flow-run/{run_id}" if api and run_id else None


def line(entry: Entry) -> dict[str, Any]:
    """One entry of the log."""
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(timespec="seconds"),
        "actor": entry.actor,
        **entry.data.model_dump(mode="json", by_alias=False, exclude_defaults=True, exclude={"checklist"}),
        "kind": entry.kind,
    }
