"""The index over the entries: what lists and the patrol read of every launch without folding any.

It is written in the transaction that adds entries. What it does not know (an older tminus wrote it), or knows in
another shape, is made anew from them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select, true, update

from ledger import schema
from ledger.database import Database, chunks

if TYPE_CHECKING:
    from checklists.launch import Launch

SHAPE = 2
"""Of the summaries and of the rules behind `wake_at`; those of another shape are made anew from the entries."""
_L = schema.launches.c


@dataclass(frozen=True, slots=True)
class Head:
    """How far the record of a launch goes; open until it has ended and nothing is left to do.

    `summary` is what `checklists.summary` says of it, None where that is not known; `wake_at` when it has to be looked
    at next, though nobody does anything.
    """

    launch_id: str
    product: str
    version: str
    seq: int
    hash: str
    is_open: bool
    started_at: datetime
    updated_at: datetime
    summary: dict[str, Any] | None = None
    wake_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether the index says of it what this version asks."""
        return self.summary is not None and self.summary.get("shape") == SHAPE

    def needs_a_look(self, now: datetime) -> bool:
        """Whether something is due by now, or nobody knows."""
        return not self.is_known or (self.wake_at is not None and self.wake_at <= now)


class Index:
    """What stands in the table `launches`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heads(self, *where: ColumnElement[bool]) -> tuple[Head, ...]:
        """Every launch, the newest first."""
        query = select(*schema.launches.c).where(true(), *where).order_by(_L.started_at.desc(), _L.launch_id)
        with self._database.reading() as connection:
            return tuple(Head(*row) for row in connection.execute(query))

    def open_heads(self) -> tuple[Head, ...]:
        """Launches that may still have something to do, the oldest first."""
        return tuple(sorted(self.heads(_L.is_open), key=lambda head: (head.started_at, head.launch_id)))

    def open_of(self, product: str) -> tuple[Head, ...]:
        """Launches of this product that may still have something to do, the newest first."""
        return self.heads(_L.is_open, _L.product == product)

    def versions_of(self, product: str) -> dict[str, str]:
        """Every version of this product that has a launch, and its name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(_L.version, _L.launch_id).where(_L.product == product))
            return {str(version): str(name) for version, name in rows}

    def find(self, launch_id: str) -> Head | None:
        return next(iter(self.heads(_L.launch_id == launch_id)), None)

    def seq(self, launch_id: str) -> int:
        """How many entries the launch has; 0 where nobody started it."""
        with self._database.reading() as connection:
            return connection.execute(select(_L.seq).where(_L.launch_id == launch_id)).scalar() or 0

    def seqs(self, launch_ids: Collection[str]) -> dict[str, int]:
        """The same of many launches; those nobody started are left out."""
        ids, found = sorted(launch_ids), dict[str, int]()
        with self._database.reading() as connection:
            for some in chunks(ids):
                query = select(_L.launch_id, _L.seq).where(_L.launch_id.in_(some))
                found |= {str(row[0]): int(row[1]) for row in connection.execute(query)}
        return found

    def renew(self, launch: Launch, now: datetime) -> None:
        """Say of this launch what it says itself, unless entries were added since."""
        where = (_L.launch_id == launch.id, _L.seq == launch.seq)
        with self._database.writing() as connection:
            connection.execute(update(schema.launches).where(*where).values(said_of(launch, now)))

    def keep_true(self, head: Head, launch: Launch, now: datetime) -> None:
        """Say it anew where the head that was read says anything else of the launch than it does itself."""
        if {"is_open": head.is_open, "summary": head.summary, "wake_at": head.wake_at} != said_of(launch, now):
            self.renew(launch, now)


def said_of(launch: Launch | None, at: datetime) -> dict[str, Any]:
    """What the index says of a launch as it was at that moment; nothing where it was not given."""
    from checklists.summary import summary, wake_at  # a list reads the index without the rules

    if launch is None:
        return {"summary": None, "wake_at": None}
    said = {"summary": {"shape": SHAPE, **summary(launch)}, "wake_at": wake_at(launch, at)}
    return {"is_open": not launch.has_ended, **said}
