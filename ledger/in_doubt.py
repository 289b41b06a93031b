"""Deliveries whose fate nobody knows: how many, for whom, and what a person says of them.

Most of those that are in doubt are of a launch that runs, but corrections and recalls leave after it is over, too: what
is looked for here is found by itself, not by its launch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, true, update

from checklists.delivery_commands import Doubtful
from ledger import schema
from ledger.database import Database
from ledger.deliveries import ANNOUNCEMENT, BATCHED, is_announced, storable

_B = schema.batches.c
_D = schema.deliveries.c
_UNKNOWN: ColumnElement[str] = literal_column("'unknown'")
"""Not a parameter: a database takes an index over some rows only where it sees that these are asked for."""


class Lost(NamedTuple):
    """One delivery of a batch that left between these moments, if it did."""

    launch_id: str
    item: str
    purpose: str
    batch: str
    id: str
    recipient: str
    planned_at: datetime
    lost_at: datetime


class InDoubt:
    """What is `unknown`, whether it stands so in its own row or in that of its batch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, launch_id: str, item: str, purpose: str = ANNOUNCEMENT) -> int:
        query = select(func.count()).select_from(schema.deliveries).where(unknown(launch_id, item, purpose))
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def some(self, launch_id: str, item: str, most: int, purpose: str = ANNOUNCEMENT) -> list[tuple[str, str]]:
        """The first of them: address and channel."""
        query = select(_D.recipient, _D.channel).where(unknown(launch_id, item, purpose))
        query = query.order_by(_D.channel, _D.recipient).limit(most)
        with self._database.reading() as connection:
            return [(recipient, channel) for recipient, channel in connection.execute(query)]

    def each(self, launch_id: str | None = None) -> tuple[Doubtful, ...]:
        """Announcements, corrections and recalls in doubt, of one launch or of all, whether or not they are over."""
        own = select(_D.launch_id, _D.item, _D.purpose, func.count(), func.max(_D.updated_at), func.max(_D.round))
        own = own.where(_D.state == _UNKNOWN, is_announced(_D.purpose)).group_by(_D.launch_id, _D.item, _D.purpose)
        are_in = select(func.count()).where(_D.batch == _B.id, _D.state == BATCHED).scalar_subquery()
        theirs = select(_B.launch_id, _B.item, _B.purpose, are_in, _B.updated_at, _B.round)
        theirs = theirs.where(_B.state == _UNKNOWN, is_announced(_B.purpose))
        if launch_id is not None:
            own, theirs = own.where(_D.launch_id == launch_id), theirs.where(_B.launch_id == launch_id)
        return _together(self._rows(own) + self._rows(theirs))

    def digests(self) -> tuple[tuple[str, str], ...]:
        """Digests that may or may not have arrived: for whom, and of which day or week; the oldest first."""
        query = select(_D.recipient, _D.purpose).where(_D.state == _UNKNOWN, _D.purpose.startswith("digest/"))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_D.updated_at, _D.id)).all()
        return tuple((recipient, purpose.rpartition("/")[2]) for recipient, purpose in rows)

    def _rows(self, query: Select[tuple[str, str, str, int, datetime, int]]) -> list[Doubtful]:
        with self._database.reading() as connection:
            return [Doubtful(*row) for row in connection.execute(query)]

    def arrived(self, launch_id: str, item: str, said: str, at: datetime, purpose: str = ANNOUNCEMENT) -> None:
        """What was unknown at that moment has arrived, as somebody says; done twice, it is done once."""
        values = {"state": "accepted", "detail": storable(said)}
        batches = and_(_B.launch_id == launch_id, _B.item == item, _B.purpose == purpose, _B.state == "unknown")
        mine = and_(_of(launch_id, item, purpose), _D.state == "unknown")
        with self._database.writing() as connection:
            # In the order in which what is planned again locks them: else two could wait for each other.
            connection.execute(update(schema.deliveries).where(mine, _D.updated_at <= at).values(**values))
            connection.execute(update(schema.batches).where(batches, _B.updated_at <= at).values(**values))

    def lost(self, channels: Collection[str], within: tuple[datetime, datetime], now: datetime) -> Lost | None:
        """What to look up next: any delivery of the batch that has waited longest for it, lost within these moments.

        None where nothing is to be looked up now. A batch that everybody has left for another one is none.
        """
        due = _B.updated_at.between(*within), or_(_B.not_before.is_(None), _B.not_before <= now)
        is_in = select(_D.id).where(_D.batch == _B.id, _D.state == BATCHED)
        turn = func.coalesce(_B.not_before, _B.updated_at), func.random()
        batches = select(_B.id).where(_B.state == _UNKNOWN, _B.channel.in_(channels), *due, is_in.exists())
        batches = batches.order_by(*turn).limit(1)
        columns = _B.launch_id, _B.item, _B.purpose, _B.id, _D.id, _D.recipient, _D.updated_at, _B.updated_at
        query = select(*columns).join_from(schema.batches, schema.deliveries, _D.batch == _B.id)
        mine = query.where(_B.id == batches.scalar_subquery(), _D.state == BATCHED).order_by(func.random()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(mine).first()
        return Lost(*row) if row else None

    def put_off(self, until: datetime, batch: str | None = None) -> None:
        """Look this batch up no sooner than that; none at all, where none is named."""
        which = [_B.id == batch] if batch else [or_(_B.not_before.is_(None), _B.not_before < until)]
        with self._database.writing() as connection:
            connection.execute(update(schema.batches).where(_B.state == _UNKNOWN, *which).values(not_before=until))

    def found(self, batch: str, provider_id: str, said: str, at: datetime) -> None:
        """It was handed over, if it is still in doubt; who was written to by name stays what they are."""
        values = {"state": "accepted", "provider_id": provider_id, "detail": storable(said), "not_before": None}
        change = update(schema.batches).where(_B.id == batch, _B.state == "unknown")
        with self._database.writing() as connection:
            connection.execute(change.values(**values, updated_at=at))


def unknown(
    launch_id: str, item: str, purpose: str, channel: str | None = None, by: datetime | None = None
) -> ColumnElement[bool]:
    """Every delivery of an announcement, or of what was said after it, that may or may not have arrived.

    Those of one channel alone, and those of whom that was so by a moment, where these are given.
    """
    batches = select(_B.id).where(_B.launch_id == launch_id, _B.item == item, _B.state == "unknown")
    own = _D.state == "unknown"
    if by is not None:
        batches, own = batches.where(_B.updated_at <= by), and_(own, _D.updated_at <= by)
    theirs = or_(own, and_(_D.state == BATCHED, _D.batch.in_(batches)))
    return and_(_of(launch_id, item, purpose), theirs, _D.channel == channel if channel is not None else true())


def _of(launch_id: str, item: str, purpose: str) -> ColumnElement[bool]:
    return and_(_D.launch_id == launch_id, _D.item == item, _D.purpose == purpose)


def _together(found: Iterable[Doubtful]) -> tuple[Doubtful, ...]:
    """Each once, whether it stood in its own row or in those of batches, by launch, item and purpose."""
    known: dict[tuple[str, str, str], Doubtful] = {}
    for one in (one for one in found if one.count):
        key = one.launch_id, one.item, "" if one.purpose == ANNOUNCEMENT else one.purpose
        more = known.get(key, Doubtful(*key, 0, one.lost_at))
        last = max(one.lost_at, more.lost_at), max(one.round, more.round)
        known[key] = Doubtful(*key, one.count + more.count, *last)
    return tuple(known[key] for key in sorted(known))
