"""People who hear of launches, as they are looked up: one, those who are meant, those who do not want it any more."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, and_, case, false, func, literal, or_, select, true

from checklists.selection import Reason, Selection
from checklists.subscriber import Scalar, State, Subscriber, key_of
from ledger import people_schema as tables
from ledger.audience_sql import has_given_up, is_meant, is_paused, reason, refusals
from ledger.database import Database
from ledger.given import given

__all__ = ["Subscriber", "Subscribers"]

BATCH = 1_000
T = TypeVar("T")
FORGOTTEN = "forgotten:"
"""Begins the key of somebody who asked to be forgotten; the rest is the hash of what it was."""
LEFT: tuple[State, ...] = ("unsubscribed", "bounced", "blocked")
"""Nothing is written to these, however they came to be meant."""
GONE: tuple[Reason, ...] = ("bounced", "blocked")
"""What keeps even a mail back that somebody's role asks for."""
_P = tables.subscribers.c
_S = tables.subscriptions.c
_L = tables.cohorts.c


class Subscribers:
    """Everybody outside who hears of launches, or once did."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, id_: str) -> Subscriber | None:
        return next(self._found(_P.id == id_), None)

    def find(self, address: str) -> Subscriber | None:
        """The person at this address, in whatever letter case; also one who was forgotten."""
        return next(self._found(_P.key.in_(keys_of(address))), None)

    def find_all(self, ids: Collection[str]) -> dict[str, Subscriber]:
        """Those of these that there are, by id; at most a thousand are asked for at once."""
        return {one.id: one for one in self._found(_P.id.in_(ids))}

    def attributes_of(self, keys: Collection[str]) -> dict[str, Mapping[str, Scalar]]:
        """What is known of those of whom anything is, by key; at most a thousand are asked for at once."""
        with self._database.reading() as connection:
            wanted = given(connection, keys)
            known = select(_P.attributes).where(_P.key == wanted.c.value).scalar_subquery()
            rows = connection.execute(select(wanted.c.value, known)).all()
        return {key: attributes for key, attributes in rows if attributes}

    def members(
        self, selection: Selection, now: datetime, reasons: Sequence[Reason] = ("",), after: str = ""
    ) -> Iterator[Subscriber]:
        """Those who are meant and whose reason is one of these (`""`: who get it), by id, a thousand in memory."""
        wanted = and_(is_meant(selection), reason(selection, now).in_(reasons))
        while batch := tuple(self._found(and_(wanted, _P.id > after), BATCH)):
            yield from batch
            after = batch[-1].id

    def counts(self, selection: Selection, now: datetime) -> dict[Reason, int]:
        """How many are meant, by the reason why they get nothing; `""` are those who get it."""
        why = reason(selection, now).label("why")
        query = select(why, func.count()).where(is_meant(selection)).group_by(why)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def excluded(self, selection: Selection, now: datetime) -> dict[Reason, int]:
        """How many are meant and get nothing, by reason."""
        return {why: count for why, count in self.counts(selection, now).items() if why}

    def opted_out(
        self,
        who: Collection[str],
        topics: Collection[str],
        now: datetime,
        *,
        required: bool = False,
        chosen: Selection | None = None,
    ) -> dict[str, Reason]:
        """Those of these ids or addresses who are not to be written to now, and why: asked inside every claim.

        Somebody nobody knows has not opted out, nor has who never confirmed: they get what they are named for.
        `required` is mail that a role asks for: only a dead address is in its way. Everything else also minds who has
        left, paused, or given up every one of the topics; and what people have `chosen` for themselves, where that is
        to be minded: about what, of which kind, by which channel.
        """
        by_key = {key: one for one in who if "@" in one for key in keys_of(one)}
        by_id = {one: one for one in who if "@" not in one}
        why, found = _refusal(topics, now, chosen), dict[str, Reason]()
        for names, where in ((by_key, _P.key), (by_id, _P.id)):
            for part in batches(names, BATCH):
                with self._database.reading() as connection:
                    wanted = given(connection, part)
                    asked = why.where(where == wanted.c.value).scalar_subquery()
                    told = select(wanted.c.value, asked.label("why")).subquery()
                    rows = connection.execute(select(told).where(told.c.why != "")).all()
                found |= {names[name]: said for name, said in rows if said in GONE or not required}
        return found

    def everybody(self, after: str = "") -> Iterator[Subscriber]:
        """All who are not forgotten, by id, a thousand in memory."""
        while batch := tuple(self._found(and_(_P.address != "", _P.id > after), BATCH)):
            yield from batch
            after = batch[-1].id

    def digest_readers(self, since: datetime | None = None, after: str = "") -> Iterator[Subscriber]:
        """Those who hear in digests, or did `since` then, by id, a thousand in memory."""
        did = _P.digests_until >= since if since else false()
        wanted = and_(_P.state == "confirmed", or_(_P.pace != "immediate", did), _P.address != "")
        while batch := tuple(self._found(and_(wanted, _P.id > after), BATCH)):
            yield from batch
            after = batch[-1].id

    def attribute_names(self) -> tuple[str, ...]:
        """Every attribute that is known of anybody."""
        is_lite = self._database.url.drivername == "sqlite"
        keys = func.json_each(_P.texts).table_valued("key") if is_lite else func.jsonb_object_keys(_P.texts)
        query = select(keys.c.key).select_from(tables.subscribers.join(keys, true())) if is_lite else select(keys)
        with self._database.reading() as connection:
            return tuple(sorted(connection.execute(query.distinct()).scalars()))

    def _found(self, condition: Any, limit: int = BATCH) -> Iterator[Subscriber]:
        query = select(tables.subscribers).where(condition).order_by(_P.id).limit(limit)
        with self._database.reading() as connection:
            yield from tuple(whole(connection, connection.execute(query).mappings().all()))


def whole(connection: Connection, rows: Sequence[RowMapping]) -> Iterator[Subscriber]:
    """The people of these rows, with their topics and lists."""
    ids = [row["id"] for row in rows]
    topics = _by_person(connection, select(_S.person, _S.topic).where(_S.person.in_(ids), _S.is_on.is_(True)))
    refused = _by_person(connection, select(_S.person, _S.topic).where(_S.person.in_(ids), _S.is_on.is_(False)))
    lists = _by_person(connection, select(_L.person, _L.list).where(_L.person.in_(ids)))
    none: frozenset[str] = frozenset()
    for row in rows:
        of = row["id"]
        known = {name: row[name] for name in Subscriber.__slots__ if name in row}
        yield Subscriber(**known, topics=topics.get(of, none), refused=refused.get(of, none), lists=lists.get(of, none))


def _by_person(connection: Connection, query: Select[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for person, name in connection.execute(query):
        found.setdefault(person, set()).add(name)
    return {person: frozenset(names) for person, names in found.items()}


def _refusal(topics: Collection[str], now: datetime, chosen: Selection | None) -> Select[tuple[str]]:
    """Why somebody is not to be written to now; empty where they are."""
    why = case(
        (_P.state.in_(LEFT), _P.state),
        (is_paused(now), literal("paused")),
        (has_given_up(topics), literal("topic")),
        *(refusals(chosen) if chosen else ()),
        else_=literal(""),
    )
    return select(why)


def keys_of(address: str) -> tuple[str, str]:
    """The keys an address may be found by: its own, and what is left of it where it was to be forgotten."""
    key = key_of(address)
    return key, FORGOTTEN + hashlib.sha256(key.encode()).hexdigest()


def batches(names: Iterable[T], size: int) -> Iterator[list[T]]:
    """These in lists of at most this size."""
    batch: list[T] = []
    for name in names:
        batch.append(name)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
