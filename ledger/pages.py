"""The launches a page at a time: each page begins after the last launch of the one before, whatever has come since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from ledger import schema
from ledger.database import Database
from ledger.index import Head

AT_ONCE = 200
_L = schema.launches.c


@dataclass(frozen=True, slots=True)
class Place:
    """Where a launch stands in the list: by when it was started, the newest first, and then by its name."""

    started_at: datetime
    launch_id: str


def heads_after(database: Database, place: Place | None, product: str | None = None) -> Iterator[Head]:
    """The launches that follow this place, read as they are asked for."""
    while True:
        query = select(*schema.launches.c).where(*_where(place, product))
        with database.reading() as connection:
            rows = connection.execute(query.order_by(_L.started_at.desc(), _L.launch_id).limit(AT_ONCE)).all()
        yield from (Head(*row) for row in rows)
        if len(rows) < AT_ONCE:
            return
        place = Place(rows[-1].started_at, rows[-1].launch_id)


def _where(place: Place | None, product: str | None) -> Iterator[ColumnElement[bool]]:
    if product is not None:
        yield _L.product == product
    if place is not None:
        same = and_(_L.started_at == place.started_at, _L.launch_id > place.launch_id)
        yield or_(_L.started_at < place.started_at, same)
