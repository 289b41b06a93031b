"""What providers tell of deliveries, each kept once, and what that makes of them: no late word undoes a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, get_args

from sqlalchemy import Connection, case, func, or_, select, update

from ledger import schema
from ledger.database import Database, chunks, insert_into
from ledger.deliveries import BATCHED, storable

Kind = Literal[
    "processed",
    "deferred",
    "delivered",
    "bounced",
    "blocked",
    "dropped",
    "opened",
    "clicked",
    "complained",
    "unsubscribed",
]
"""`blocked`: this mail was turned away for good, and says nothing of its address; `bounced`: the address was."""
KINDS: tuple[Kind, ...] = get_args(Kind)
BECOMES: Mapping[Kind, str] = {
    "processed": "accepted",
    "deferred": "accepted",
    "dropped": "dropped",
    "delivered": "delivered",
    "opened": "delivered",
    "clicked": "delivered",
    "complained": "delivered",
    "unsubscribed": "delivered",
    "bounced": "bounced",
    "blocked": "bounced",
}
"""What an event makes of its delivery; a word that says less than what is known changes nothing."""
LADDER = ("accepted", "dropped", "delivered", "bounced")
BY_MACHINE = timedelta(seconds=2)
"""A click so close to when the mail arrived is that of a scanner: some look before they let it in."""
_E = schema.delivery_events.c
_D = schema.deliveries.c
_ABOUT = ("launch_id", "item", "channel", "purpose")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a provider tells of one delivery."""

    delivery_id: str
    kind: Kind
    at: datetime
    url: str = ""
    detail: str = ""
    is_machine: bool = False
    provider_id: str = ""

    @property
    def id(self) -> str:
        """The same word told twice has the same id, whatever the provider calls it the second time."""
        return sha256("\0".join((self.delivery_id, self.kind, self.at.isoformat(), self.url)).encode()).hexdigest()


class DeliveryEvents:
    """What became of deliveries after they were handed over."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, events: Iterable[Event], now: datetime) -> tuple[Event, ...]:
        """Those that are news. An event of a delivery that is none of ours is left out."""
        given = {one.id: one for one in events}
        with self._database.writing() as connection:
            about = _about(connection, {one.delivery_id for one in given.values()})
            ours = [one for one in given.values() if one.delivery_id in about]
            known = _known(connection, [one.id for one in ours])
            new = [_told_of(one, about[one.delivery_id]) for one in ours if one.id not in known]
            rows = [_row(one, about[one.delivery_id], now) for one in sorted(new, key=lambda one: one.id)]
            if rows:
                connection.execute(insert_into(connection, schema.delivery_events).on_conflict_do_nothing(), rows)
            _fold(connection, new, now)
            _find_machines(connection, {one.delivery_id for one in new})
        return tuple(new)

    def counts(self, launch_id: str, item: str, purpose: str = "announcement") -> dict[tuple[str, Kind], int]:
        """By channel and kind, how many deliveries it was told of; what machines did is left out."""
        people = [_E.launch_id == launch_id, _E.item == item, _E.purpose == purpose, _E.is_machine.is_(False)]
        query = select(_E.channel, _E.kind, func.count(_E.delivery_id.distinct())).where(*people)
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(_E.channel, _E.kind))
            return {(channel, kind): count for channel, kind, count in rows}


def _told_of(one: Event, about: Mapping[str, str]) -> Event:
    """Without what may name its receiver, where they were forgotten: their id has taken the place of the address."""
    return one if "@" in about["recipient"] else replace(one, detail="")


def _about(connection: Connection, ids: Collection[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for some in chunks(sorted(ids)):
        query = select(_D.id, *(_D[name] for name in (*_ABOUT, "recipient"))).where(_D.id.in_(some))
        found |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return found


def _known(connection: Connection, ids: Sequence[str]) -> set[str]:
    queries = (select(_E.id).where(_E.id.in_(some)) for some in chunks(ids))
    return {id_ for query in queries for id_ in connection.execute(query).scalars()}


def _row(one: Event, about: Mapping[str, str], now: datetime) -> dict[str, Any]:
    said = {"kind": one.kind, "is_machine": one.is_machine, "url": storable(one.url), "detail": storable(one.detail)}
    where = {name: about[name] for name in _ABOUT}
    return {"id": one.id, "delivery_id": one.delivery_id, **where, **said, "at": one.at, "received_at": now}


def _fold(connection: Connection, events: Sequence[Event], now: datetime) -> None:
    """From the least to the most that can be said: each takes what says less."""
    for place, state in enumerate(LADDER):
        lower = or_(_D.state.in_(LADDER[:place]), _D.state.in_((BATCHED, "planned", "unknown", "rejected")))
        of = {one.delivery_id: one for one in events if BECOMES.get(one.kind) == state}
        for some in chunks(sorted(of)):
            handed = {id_: of[id_].provider_id or None for id_ in some}
            details = {id_: storable(of[id_].detail) for id_ in some}
            values = {
                "state": state,
                "updated_at": now,
                "provider_id": case(handed, value=_D.id),
                "detail": case(details, value=_D.id),
            }
            connection.execute(update(schema.deliveries).where(_D.id.in_(some), lower).values(**values))


def _find_machines(connection: Connection, ids: Collection[str]) -> None:
    """Clicks and openings that came with the first delivery: a mail that arrives twice was read by a person before."""
    for some in chunks(sorted(ids)):
        query = select(_E.id, _E.delivery_id, _E.kind, _E.at).where(_E.delivery_id.in_(some), _E.is_machine.is_(False))
        told = query.where(_E.kind.in_(("delivered", "opened", "clicked"))).order_by(_E.at.desc())
        rows = connection.execute(told).all()
        arrived = {row.delivery_id: row.at for row in rows if row.kind == "delivered"}  # the earliest is the last
        quick = [
            row.id
            for row in rows
            if row.kind != "delivered" and (at := arrived.get(row.delivery_id)) and abs(row.at - at) <= BY_MACHINE
        ]
        for part in chunks(quick):
            connection.execute(update(schema.delivery_events).where(_E.id.in_(part)).values(is_machine=True))
