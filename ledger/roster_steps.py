"""Filling a roster: who is named first, then whom the rule means, all in statements of the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, literal, select

from checklists.selection import Selection
from checklists.subscriber import key_of
from ledger import people_schema as tables
from ledger.audience_sql import is_meant, reason
from ledger.database import insert_into
from ledger.subscribers import BATCH, GONE, keys_of

_P = tables.subscribers.c
_R = tables.rosters.c
_F = tables.freezes.c
NOBODY = Selection()
COLUMNS = ("key", "person", "address", "name", "locale", "timezone", "is_required", "reason")


@dataclass(frozen=True, slots=True)
class Required:
    """Somebody of the house who hears because of a role: they cannot unsubscribe from their own launch."""

    address: str
    name: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """All of an audience: by role, by address, and by rule. `words` say the rule as it was approved."""

    audience: str
    words: str
    roles: tuple[Required, ...] = ()
    addresses: tuple[str, ...] = ()
    selection: Selection = NOBODY

    @property
    def named(self) -> frozenset[str]:
        """The keys of those who are meant by their address."""
        return frozenset(map(key_of, self.addresses))

    def by(self, topics: tuple[str, ...]) -> Meant:
        """The same, but for the subscribers of these topics."""
        return replace(self, selection=self.selection.model_copy(update={"topics": topics}))


def in_roster(launch_id: str, item: str, round_: int) -> ColumnElement[bool]:
    return and_(_R.launch_id == launch_id, _R.item == item, _R.round == round_)


def fill(connection: Connection, of: Mapping[str, Any], meant: Meant, now: datetime) -> None:
    """First who is named, then whom the rule means: an address that comes twice is there once."""
    _add_roles(connection, of, meant.roles)
    for part in range(0, len(meant.addresses), BATCH):
        keys = [key_of(one) for one in meant.addresses[part : part + BATCH]]
        _add(connection, of, _P.key.in_(keys), reason(as_named(meant), now))
    _add(connection, of, is_meant(meant.selection), reason(meant.selection, now))


def copied(connection: Connection, of: Mapping[str, Any], words: str, since: datetime | None) -> bool:
    """Take over who hears it from the round before, where the same are meant and nobody has approved it since.

    Whoever has come meanwhile was not approved. Where nobody heard it, it is settled anew: people were added since.
    """
    earlier = (_F.launch_id == of["launch_id"], _F.item == of["item"], _F.round < of["round"])
    query = select(_F.round, _F.rule, _F.counts, _F.at).where(*earlier).order_by(_F.round.desc()).limit(1)
    row = connection.execute(query).first()
    somebody = row is not None and (row.counts.get("") or row.counts.get("digest"))
    if row is None or row.rule != words or not somebody or (since is not None and row.at < since):
        return False
    values = (literal(value) for value in of.values())
    there = select(*values, *(_R[name] for name in COLUMNS)).where(in_roster(of["launch_id"], of["item"], row.round))
    connection.execute(insert(tables.rosters).from_select([*of, *COLUMNS], there))
    connection.execute(tables.freezes.update().where(*_mine(of)).values(at=row.at))
    return True


def as_named(meant: Meant) -> Selection:
    """Who is named one by one gets it at once, whatever it is about, and before they have confirmed."""
    return Selection(urgent=True, named=True, channel=meant.selection.channel)


def unreachable(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """Those of these addresses where nothing arrives, or may arrive, any more."""
    is_gone = case((_P.state.in_(GONE), _P.state), else_=literal(""))
    return {key: why for key, (why,) in known_of(connection, keys, is_gone).items()}


def known_of(connection: Connection, keys: Collection[str], *what: ColumnElement[str]) -> dict[str, tuple[str, ...]]:
    """This of those of these people who are known, or asked to be forgotten, by key."""
    asked = {one: key for key in keys for one in keys_of(key)}
    rows = connection.execute(select(_P.key, *what).where(_P.key.in_(asked)))
    return {asked[row[0]]: tuple(row[1:]) for row in rows}


def _add(connection: Connection, of: Mapping[str, Any], who: ColumnElement[bool], why: ColumnElement[str]) -> None:
    own = (_P.key, _P.id, _P.address, _P.name, _P.locale, _P.timezone, literal(False), why)
    query = select(*(literal(value) for value in of.values()), *own).where(who, _P.address != "")
    new = insert_into(connection, tables.rosters).from_select([*of, *COLUMNS], query)
    connection.execute(new.on_conflict_do_nothing())


def _add_roles(connection: Connection, of: Mapping[str, Any], roles: Sequence[Required]) -> None:
    """Only a dead address keeps back what somebody's role asks for."""
    keys = {key_of(one.address): one for one in roles}
    gone = unreachable(connection, keys)
    rows = [
        {**of, "key": key, "person": "", "address": one.address, "name": one.name, "locale": ""}
        | {"timezone": one.timezone, "is_required": True, "reason": gone.get(key, "")}
        for key, one in sorted(keys.items())
    ]
    if rows:
        connection.execute(insert(tables.rosters), rows)


def count_up(connection: Connection, of: Mapping[str, Any]) -> None:
    here = in_roster(of["launch_id"], of["item"], of["round"])
    rows = connection.execute(select(_R.reason, func.count()).where(here).group_by(_R.reason))
    counts = {row[0]: row[1] for row in rows}
    connection.execute(tables.freezes.update().where(*_mine(of)).values(counts=counts))


def _mine(of: Mapping[str, Any]) -> tuple[ColumnElement[bool], ...]:
    return _F.launch_id == of["launch_id"], _F.item == of["item"], _F.round == of["round"]
