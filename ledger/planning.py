"""Writing down who is to be told: each once, in batches of those who get the same rendering at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, and_, func, insert, literal, select, true, update

from ledger import schema
from ledger.batches import Of, fresh, in_all, move, was_late
from ledger.database import Database, chunks, insert_into
from ledger.deliveries import BATCHED, Namer, plain
from ledger.given import given_rows
from ledger.in_doubt import unknown
from ledger.neighbours import Named, in_order

MOST = 1_000
"""Deliveries in one batch: as many people as SendGrid takes in one call."""
_B = schema.batches.c
_D = schema.deliveries.c


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is to be told: `facts` is what stands in their message alone, `not_before` when they want it."""

    address: str
    segment: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    not_before: datetime | None = None


class Planning:
    """What is to be told to whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, of: Of, round_: int, recipients: Iterable[Recipient], now: datetime) -> int:
        """How many were new. Whoever has a delivery already keeps it, in whatever state.

        Recipients may be any number: all are read before the first is written, and few of them kept in memory.
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
        same = {**of._asdict(), "round": round_, "batch": id_, "state": BATCHED, "attempt": 0, "detail": ""}
        same |= {"updated_at": now}
        with self._database.writing() as connection:
            _write(connection, alike, same)
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
            is_in = select(_D.id).where(_D.batch == _B.id, _D.state == BATCHED)
            emptied = update(schema.batches).where(in_all(of), _B.state == "unknown", ~is_in.exists())
            connection.execute(emptied.values(state="suppressed", detail="nobody is left in it", updated_at=now))

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
        facts = plain(one.facts) if one.facts else None
        yield Named(name_of(one.address), one.address, facts, one.segment, one.not_before)


def _alike(named: Iterable[Named]) -> Iterator[Sequence[Named]]:
    """Those who get the same at the same time, a batch of neighbours at a time; who came first leaves first."""
    waiting: dict[tuple[str, datetime | None], list[Named]] = {}
    for one in in_order(_seen(named, waiting)):
        alike = waiting[one.segment, one.not_before]
        alike.append(one)
        if len(alike) == MOST:
            yield alike
            waiting[one.segment, one.not_before] = []
    yield from filter(None, waiting.values())


def _seen(named: Iterable[Named], waiting: dict[tuple[str, datetime | None], list[Named]]) -> Iterator[Named]:
    for one in named:
        waiting.setdefault((one.segment, one.not_before), [])
        yield one


def _write(connection: Connection, alike: Sequence[Named], same: Mapping[str, object]) -> None:
    """Those who have no delivery yet, in the order of their ids: so two who plan at once cannot deadlock."""
    rows, own = given_rows(connection, [(one.id, one.address, one.facts) for one in alike])
    values = [literal(value, _D[name].type) for name, value in same.items()]
    query = select(*own, *values).select_from(rows).where(true())  # SQLite would read ON CONFLICT as part of a join
    new = insert_into(connection, schema.deliveries).from_select(["id", "recipient", "facts", *same], query)
    connection.execute(new.on_conflict_do_nothing())
