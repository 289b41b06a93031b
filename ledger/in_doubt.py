"""Deliveries of an announcement whose fate nobody knows: how many, for whom, and what a person says of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, true, update

from ledger import schema
from ledger.database import Database
from ledger.deliveries import ANNOUNCEMENT, BATCHED, storable

_B = schema.batches.c
_D = schema.deliveries.c


class Lost(NamedTuple):
    """One delivery of a batch that left between these moments, if it did."""

    launch_id: str
    item: str
    batch: str
    id: str
    recipient: str
    planned_at: datetime
    lost_at: datetime


class InDoubt:
    """What is `unknown`, whether it stands so in its own row or in that of its batch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, launch_id: str, item: str) -> int:
        query = select(func.count()).select_from(schema.deliveries).where(unknown(launch_id, item))
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

    def some(self, launch_id: str, item: str, most: int) -> list[tuple[str, str]]:
        """The first of them: address and channel."""
        query = select(_D.recipient, _D.channel).where(unknown(launch_id, item)).order_by(_D.channel, _D.recipient)
        with self._database.reading() as connection:
            return [(recipient, channel) for recipient, channel in connection.execute(query.limit(most))]

    def arrived(self, launch_id: str, item: str, said: str, at: datetime) -> None:
        """What was unknown at that moment has arrived, as somebody says; done twice, it is done once."""
        values = {"state": "accepted", "detail": storable(said)}
        batches = and_(_B.launch_id == launch_id, _B.item == item, _B.purpose == ANNOUNCEMENT, _B.state == "unknown")
        mine = and_(_of(launch_id, item), _D.state == "unknown")
        with self._database.writing() as connection:
            connection.execute(update(schema.batches).where(batches, _B.updated_at <= at).values(**values))
            connection.execute(update(schema.deliveries).where(mine, _D.updated_at <= at).values(**values))

    def lost(
        self, launches: Collection[str], channels: Collection[str], within: tuple[datetime, datetime], now: datetime
    ) -> Lost | None:
        """What to look up next: any delivery of the batch that has waited longest for it, lost within these moments.

        None where nothing is to be looked up now. A batch that everybody has left for another one is none.
        """
        asked = _B.launch_id.in_(launches), _B.channel.in_(channels), _B.purpose == ANNOUNCEMENT
        due = _B.updated_at.between(*within), or_(_B.not_before.is_(None), _B.not_before <= now)
        is_in = select(_D.id).where(_D.batch == _B.id, _D.state == BATCHED)
        turn = func.coalesce(_B.not_before, _B.updated_at), func.random()
        batches = select(_B.id).where(_B.state == "unknown", *asked, *due, is_in.exists()).order_by(*turn).limit(1)
        columns = _B.launch_id, _B.item, _B.id, _D.id, _D.recipient, _D.updated_at, _B.updated_at
        query = select(*columns).join_from(schema.batches, schema.deliveries, _D.batch == _B.id)
        mine = query.where(_B.id == batches.scalar_subquery(), _D.state == BATCHED).order_by(func.random()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(mine).first()
        return Lost(*row) if row else None

    def put_off(self, until: datetime, batch: str | None = None) -> None:
        """Look this batch up no sooner than that; none at all, where none is named."""
        which = [_B.id == batch] if batch else [or_(_B.not_before.is_(None), _B.not_before < until)]
        with self._database.writing() as connection:
            connection.execute(update(schema.batches).where(_B.state == "unknown", *which).values(not_before=until))

    def found(self, batch: str, provider_id: str, said: str, at: datetime) -> None:
        """It was handed over, if it is still in doubt; who was written to by name stays what they are."""
        values = {"state": "accepted", "provider_id": provider_id, "detail": storable(said), "not_before": None}
        change = update(schema.batches).where(_B.id == batch, _B.state == "unknown")
        with self._database.writing() as connection:
            connection.execute(change.values(**values, updated_at=at))


def unknown(launch_id: str, item: str, channel: str | None = None) -> ColumnElement[bool]:
    """Every delivery of an announcement that may or may not have arrived."""
    batches = select(_B.id).where(_B.launch_id == launch_id, _B.item == item, _B.state == "unknown")
    theirs = or_(_D.state == "unknown", and_(_D.state == BATCHED, _D.batch.in_(batches)))
    return and_(_of(launch_id, item), theirs, _D.channel == channel if channel is not None else true())


def _of(launch_id: str, item: str) -> ColumnElement[bool]:
    return and_(_D.launch_id == launch_id, _D.item == item, _D.purpose == ANNOUNCEMENT)
