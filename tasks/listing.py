"""Launches as a list shows them, a page at a time, from the index: none is folded that the index knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ledger.index import Head
from ledger.pages import Place, heads_after
from ledger.store import Unreadable
from tasks.world import World

SAID = ("title", "status", "reason", "checklist", "tier", "launch_on", "items", "ended", "open", "behind")


@dataclass(frozen=True, slots=True)
class Page:
    """Some launches, and where the next page begins; None where this is the last."""

    launches: tuple[dict[str, Any], ...]
    next: Place | None


def listed(
    world: World, *, limit: int, after: Place | None = None, product: str | None = None, status: str | None = None
) -> Page:
    """The newest launches first, those after a place, of a product, with a status."""
    found = list(islice(_matching(world, after, product, status), limit + 1))
    shown = tuple(said for _, said in found[:limit])
    return Page(shown, found[limit - 1][0] if len(found) > limit else None)


def _matching(
    world: World, after: Place | None, product: str | None, status: str | None
) -> Iterator[tuple[Place, dict[str, Any]]]:
    for head in heads_after(world.ledger.database, after, product):
        said = _said(world, head)
        if status in (None, said["status"]):
            yield Place(head.started_at, head.launch_id), said


def _said(world: World, head: Head) -> dict[str, Any]:
    about = {
        "id": head.launch_id,
        "product": head.product,
        "version": head.version,
        "started_at": head.started_at.isoformat(),
        "updated_at": head.updated_at.isoformat(),
    }
    try:
        known = head if head.is_known else world.ledger.reindexed(head, world.now())
    except Unreadable as error:
        return {**about, "status": "unreadable", "reason": str(error)}
    return {**about, **{name: (known.summary or {}).get(name) for name in SAID}}
