"""Releases whose launch organisation or checklists could not meet: tried again once these are others."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from checklists.files.load import names
from checklists.request import LaunchRequest
from ledger.receipts import Receipt
from tasks.world import World

LONGEST = timedelta(days=14)
"""After so long a launch would surprise everybody; `tminus start` begins it by hand."""
GONE = "its tag was deleted before its launch could begin"


def stamp(world: World) -> str:
    """Of all that says whether a checklist can be met: the files, who signs for whom, and the day, as people are away.

    By what is in the files: on another machine the same ones have other times.
    """
    files = {**names(world.settings.folders), "": world.settings.organisation}
    read = [(name, _content(file)) for name, file in files.items()]
    today = world.now().date()
    granted = [one.id for one in world.ledger.delegations.standing(today - timedelta(days=1))]
    return sha256(repr((read, granted, today)).encode()).hexdigest()


def _content(file: Path) -> bytes:
    try:
        return sha256(file.read_bytes()).digest()
    except OSError:
        return b""


def is_tried_again(receipt: Receipt, now: datetime) -> bool:
    """Whether it was refused by organisation and checklists, not too long ago."""
    return bool(receipt.files) and now - receipt.received_at <= LONGEST


def when_again(receipt: Receipt) -> str:
    """What a refusal says of it."""
    until = (receipt.received_at + LONGEST).date()
    return f"it is tried again when the organisation file or its checklists change, until {until}"


def try_again(world: World) -> list[str]:
    """Let the patrol start what was refused by organisation and checklists as they are not any more."""
    unmet = world.ledger.receipts.unmet(world.now() - LONGEST)
    now = stamp(world) if unmet else ""
    return [_taken_out(world, receipt) for receipt in unmet if receipt.files != now]


def _taken_out(world: World, receipt: Receipt) -> str:
    key, asked = receipt.release_key, LaunchRequest.model_validate(receipt.payload)
    if world.ledger.receipts.is_told("tag-deleted", asked.product, asked.version, receipt.received_at):
        world.ledger.receipts.settle(key, "ignored", reason=GONE)
        return f"{key}: {GONE}; it is not tried again"
    world.ledger.receipts.settle(key, "new")
    return f"{key}: the organisation or its checklists are others now; it is tried again"
