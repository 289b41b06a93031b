"""Writing down who is to be told: each once, in batches of those who get the same rendering at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, and_, func, insert, select, update

from ledger import schema
from ledger.batches import Of, fresh, in_all, move, was_late
from ledger.database import Database, chunks, insert_into
from ledger.deliveries import BATCHED, Namer
from ledger.in_doubt import unknown

MOST = 1_000
"""Deliveries in one batch: as many people as SendGrid takes in one call."""
NEIGHBOURS = 40_000
"""Receivers that are held in memory, so that batches can be made of those whose ids are neighbours."""
_B = schema.batches.c
_D = schema.deliveries.c


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is to be told: `facts` is what stands in their message alone, `not_before` when they want it."""

    address: str
    segment: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    not_before: datetime | None = None


class Named(NamedTuple):
    """A receiver with the id of their delivery, as they are written."""

    id: str
    address: str
    facts: str | None
    segment: str
    not_before: datetime | None


class Planning:
    """What is to be told to whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, of: Of, round_: int, recipients: Iterable[Recipient], now: datetime) -> int:
        """How many were new. Whoever has a delivery already keeps it, in whatever state.

        Recipients may be any number: they are read as they are written, a thousand at a time.
        """
        new, last = 0, self._last(of)
        for number, alike in enumerate(_alike(_named(of, recipients)), start=last + 1):
            new += self._add(of, round_, number, alike, now)
        return new

    def _last(self, of: Of) -> int:
        with self._database.reading() as connection:
            return connection.execute(select(func.max(_B.number)).where(in_all(of))).scalar() or 0

    def _add(self, of: Of, round_: int, number: int, alike: Sequence[Named], now: datetime) -> int:
        id_, first = str(uuid4()), alike[0]
        rows = sorted(_rows(of, round_, id_, alike, now), key=itemgetter("id"))  # so that two planners cannot deadlock
        with self._database.writing() as connection:
            connection.execute(insert_into(connection, schema.deliveries).on_conflict_do_nothing(), rows)
            size = connection.execute(select(func.count()).where(_D.batch == id_)).scalar_one()
            if size:
                made = {**of._asdict(), **fresh(now), "id": id_, "round": round_, "number": number, "size": size}
                made |= {"segment": first.segment, "not_before": first.not_before}
                connection.execute(insert(schema.batches), [made])
        return size

    def plan_rejected_again(self, of: Of, round_: int, now: datetime) -> None:
        """Plan what was refused in an earlier round once more, since a person said so: it certainly did not leave."""
        earlier = and_(in_all(of), _B.state == "rejected", _B.round < round_)
        with self._database.writing() as connection:
            connection.execute(update(schema.batches).where(earlier).values(**fresh(now), round=round_))
        mine = [_D.launch_id == of.launch_id, _D.item == of.item, _D.channel == of.channel, _D.purpose == of.purpose]
        query = select(_D.id).where(*mine, _D.state == "rejected", _D.round < round_).order_by(_D.id)
        with self._database.reading() as connection:
            refused = connection.execute(query).scalars().all()
        self.plan_again(refused, of, round_, now)

    def plan_unknown_again(self, of: Of, round_: int, now: datetime, by: datetime | None = None) -> None:
        """Plan what was left unknown in an earlier round once more, since a person said so: it may arrive twice.

        `by` is when they did, where what became unknown since is not meant.

        Of two who plan at once, one finds nothing left to plan: else what the other has sent could leave once more.
        """
        left = and_(unknown(of.launch_id, of.item, of.purpose, of.channel, by), _D.round < round_)
        query = select(_D.id).where(left).order_by(_D.id).with_for_update()
        with self._database.writing() as connection:
            _again(connection, connection.execute(query).scalars().all(), of, round_, now)

    def plan_late_again(self, of: Of, round_: int, now: datetime) -> None:
        """Plan what was given up once more: somebody has given it another time, and it certainly did not leave."""
        with self._database.writing() as connection:
            again = update(schema.batches).where(in_all(of), was_late())
            connection.execute(again.values(**fresh(now), round=round_))

    def plan_again(self, ids: Sequence[str], of: Of, round_: int, now: datetime) -> None:
        """Plan these deliveries once more, in batches of their own."""
        with self._database.writing() as connection:
            _again(connection, ids, of, round_, now)


def _again(connection: Connection, ids: Sequence[str], of: Of, round_: int, now: datetime) -> None:
    query = select(_D.id, _B.segment).outerjoin(schema.batches, _B.id == _D.batch)
    segments: dict[str, list[str]] = {}
    for some in chunks(ids):
        for id_, segment in connection.execute(query.where(_D.id.in_(some))):
            segments.setdefault(segment or "", []).append(id_)
    for segment, alike in segments.items():
        for part in chunks(alike, MOST):
            batch = {**of._asdict(), **fresh(now), "id": str(uuid4()), "round": round_, "number": 0}
            batch |= {"segment": segment, "size": len(part)}
            connection.execute(insert(schema.batches), [batch])
            move(connection, part, str(batch["id"]), round=round_, updated_at=now)


def _named(of: Of, recipients: Iterable[Recipient]) -> Iterator[Named]:
    """Each with the id of their delivery."""
    name_of = Namer(*of)
    for one in recipients:
        facts = json.dumps(one.facts, ensure_ascii=False) if one.facts else None
        yield Named(name_of(one.address), one.address, facts, one.segment, one.not_before)


def _alike(named: Iterable[Named]) -> Iterator[Sequence[Named]]:
    """Those who get the same at the same time, a batch at a time."""
    waiting: dict[tuple[str, datetime | None], list[Named]] = {}
    for count, one in enumerate(named, start=1):
        waiting.setdefault((one.segment, one.not_before), []).append(one)
        if count % NEIGHBOURS == 0:
            for alike in waiting.values():
                yield from _neighbours(alike, len(alike) // MOST)
    for alike in waiting.values():
        yield from _neighbours(alike, -(-len(alike) // MOST))


def _neighbours(alike: list[Named], batches: int) -> Iterator[Sequence[Named]]:
    """Take so many batches out, each of neighbours by id: written together they share the pages of a large table."""
    alike.sort(key=itemgetter(0))
    yield from chunks(alike[: batches * MOST], MOST)
    del alike[: batches * MOST]


def _rows(of: Of, round_: int, batch: str, alike: Iterable[Named], now: datetime) -> Iterator[dict[str, object]]:
    same = {**of._asdict(), "round": round_, "batch": batch, "state": BATCHED, "attempt": 0, "detail": ""}
    for one in alike:
        yield {**same, "id": one.id, "recipient": one.address, "facts": one.facts, "updated_at": now}
