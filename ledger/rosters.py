"""Who hears an announcement, settled once when it was approved: everybody who was meant, each with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, literal, select

from checklists.selection import Reason, Selection
from checklists.subscriber import key_of
from ledger import people_schema as tables
from ledger import schema
from ledger.audience_sql import is_meant, reason
from ledger.database import Database, insert_into
from ledger.given import given
from ledger.newcomers import Newcomer, Newcomers
from ledger.subscribers import BATCH, GONE

_P = tables.subscribers.c
_R = tables.rosters.c
_F = tables.freezes.c
_D = schema.deliveries.c
NOBODY = Selection()
FROM_FILE = "organisation file"
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

    def about(self, topics: tuple[str, ...]) -> Meant:
        """The same, about these topics."""
        return replace(self, selection=self.selection.model_copy(update={"topics": topics}))


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a roster. `person` is empty for somebody of the house; no `reason` means that they get it."""

    key: str
    person: str
    address: str
    name: str
    locale: str
    timezone: str
    is_required: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Freeze:
    """That the recipients are settled; `counts` are by reason, `""` are those who get it."""

    launch_id: str
    item: str
    round: int
    audience: str
    rule: str
    topics: frozenset[str]
    counts: Mapping[str, int]
    at: datetime

    @property
    def reach(self) -> int:
        return self.counts.get("", 0)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one delivery was, to whom, and what about: no topics where it was about none, or nothing was settled."""

    launch_id: str
    item: str
    recipient: str
    topics: frozenset[str]
    is_required: bool


class Rosters:
    """Every announcement's recipients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def freeze(self, launch_id: str, item: str, round_: int, meant: Meant, now: datetime) -> Freeze:
        """Settle who hears it, once: asked again it is what was settled, whoever has come or gone since.

        Only where other people are meant (`words` are others) is it settled anew: nobody approved those of before.
        """
        known = self.freeze_of(launch_id, item, round_)
        if known and known.rule == meant.words:
            return known
        Newcomers(self._database).add(
            (Newcomer(one, state="confirmed") for one in meant.addresses), "organisation", FROM_FILE, now
        )
        of = {"launch_id": launch_id, "item": item, "round": round_}
        said = {"audience": meant.audience, "rule": meant.words, "topics": frozenset(meant.selection.topics)}
        with self._database.writing() as connection:
            marker = insert_into(connection, tables.freezes).values(**of, **said, counts={}, at=now)
            anew = marker.on_conflict_do_update(
                index_elements=list(of), set_={**said, "counts": {}, "at": now}, where=_F.rule != meant.words
            )
            if connection.execute(anew.returning(_F.round)).first():
                connection.execute(delete(tables.rosters).where(_of(launch_id, item, round_)))
                _fill(connection, of, meant, now)
                _count(connection, of)
        return self.freeze(launch_id, item, round_, meant, now)  # by us or by whoever was quicker

    def counted(self, meant: Meant, now: datetime) -> dict[str, int]:
        """How many would get it if it were settled now (`""`), and how many not, by reason; nothing is written."""
        roles = {key_of(one.address) for one in meant.roles}
        named = {key_of(one) for one in meant.addresses} - roles
        why = reason(meant.selection, now).label("why")
        others = and_(is_meant(meant.selection), _P.address != "", _P.key.not_in(roles | named))
        with self._database.reading() as connection:
            known = _gone(connection, roles) | _reasons(connection, named, reason(_named(meant), now))
            rest = connection.execute(select(why, func.count()).where(others).group_by(why))
            counts = Counter({row[0]: row[1] for row in rest})
        counts.update(known.get(key, "") for key in roles | named)
        return dict(counts)

    def freeze_of(self, launch_id: str, item: str, round_: int) -> Freeze | None:
        """What was settled for this round; None where nothing is yet."""
        query = select(tables.freezes).where(_F.launch_id == launch_id, _F.item == item, _F.round == round_)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
            return Freeze(**row) if row else None

    def roster(
        self, launch_id: str, item: str, round_: int, reasons: Sequence[Reason] | None = ("",), after: str = ""
    ) -> Iterator[Listed]:
        """Those who get it, or those with one of these reasons, or all (None), by key, a thousand in memory."""
        wanted = [_of(launch_id, item, round_), *([] if reasons is None else [_R.reason.in_(reasons)])]
        query = select(*(_R[name] for name in COLUMNS)).order_by(_R.key).limit(BATCH)
        while True:
            with self._database.reading() as connection:
                batch = [Listed(*row) for row in connection.execute(query.where(*wanted, _R.key > after))]
            yield from batch
            if len(batch) < BATCH:
                return
            after = batch[-1].key

    def absent(self, launch_id: str, item: str, round_: int, addresses: Collection[str]) -> frozenset[str]:
        """Which of these, at most a thousand, are not among those who get it, as it is settled now."""
        keys = {one: key_of(one) for one in addresses}
        with self._database.reading() as connection:
            wanted = given(connection, keys.values())
            there = select(_R.reason).where(_of(launch_id, item, round_), _R.key == wanted.c.value).scalar_subquery()
            query = select(wanted.c.value).where(func.coalesce(there, "nobody") != "")
            absent = set(connection.execute(query).scalars())
        return frozenset(one for one, key in keys.items() if key in absent)

    def sent(self, delivery_id: str) -> Sent | None:
        """What this delivery was; None where there is none of this id."""
        query = select(_D.launch_id, _D.item, _D.recipient).where(_D.id == delivery_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            about = select(_F.topics, _F.round).where(_F.launch_id == row[0], _F.item == row[1])
            latest = connection.execute(about.order_by(_F.round.desc()).limit(1)).first()
            topics, round_ = latest or (frozenset(), 0)
            here = (_of(row[0], row[1], round_), _R.key == key_of(row[2]), _R.is_required.is_(True))
            is_required = connection.execute(select(_R.key).where(*here)).first() is not None
            return Sent(row[0], row[1], row[2], topics, is_required)

    def why(self, launch_id: str, item: str, round_: int, address: str) -> Listed | None:
        """Their line; None where they were not meant at all."""
        query = select(*(_R[name] for name in COLUMNS)).where(_of(launch_id, item, round_), _R.key == key_of(address))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            return Listed(*row) if row else None


def _of(launch_id: str, item: str, round_: int) -> ColumnElement[bool]:
    return and_(_R.launch_id == launch_id, _R.item == item, _R.round == round_)


def _fill(connection: Connection, of: Mapping[str, Any], meant: Meant, now: datetime) -> None:
    """First who is named, then whom the rule means: an address that comes twice is there once."""
    _add_roles(connection, of, meant.roles)
    for part in range(0, len(meant.addresses), BATCH):
        keys = [key_of(one) for one in meant.addresses[part : part + BATCH]]
        _add(connection, of, _P.key.in_(keys), reason(_named(meant), now))
    _add(connection, of, is_meant(meant.selection), reason(meant.selection, now))


def _named(meant: Meant) -> Selection:
    """Who is named one by one gets it at once, whatever it is about."""
    return Selection(urgent=True, channel=meant.selection.channel)


def _gone(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """Those of these addresses where nothing arrives, or may arrive, any more."""
    return _reasons(connection, keys, case((_P.state.in_(GONE), _P.state), else_=literal("")))


def _reasons(connection: Connection, keys: Collection[str], why: ColumnElement[str]) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(select(_P.key, why).where(_P.key.in_(keys)))}


def _add(connection: Connection, of: Mapping[str, Any], who: ColumnElement[bool], why: ColumnElement[str]) -> None:
    own = (_P.key, _P.id, _P.address, _P.name, _P.locale, _P.timezone, literal(False), why)
    query = select(*(literal(value) for value in of.values()), *own).where(who, _P.address != "")
    new = insert_into(connection, tables.rosters).from_select([*of, *COLUMNS], query)
    connection.execute(new.on_conflict_do_nothing())


def _add_roles(connection: Connection, of: Mapping[str, Any], roles: Sequence[Required]) -> None:
    """Only a dead address keeps back what somebody's role asks for."""
    keys = {key_of(one.address): one for one in roles}
    gone = _gone(connection, keys)
    rows = [
        {**of, "key": key, "person": "", "address": one.address, "name": one.name, "locale": ""}
        | {"timezone": one.timezone, "is_required": True, "reason": gone.get(key, "")}
        for key, one in sorted(keys.items())
    ]
    if rows:
        connection.execute(insert(tables.rosters), rows)


def _count(connection: Connection, of: Mapping[str, Any]) -> None:
    here = _of(of["launch_id"], of["item"], of["round"])
    rows = connection.execute(select(_R.reason, func.count()).where(here).group_by(_R.reason))
    counts = {row[0]: row[1] for row in rows}
    mine = (_F.launch_id == of["launch_id"], _F.item == of["item"], _F.round == of["round"])
    connection.execute(tables.freezes.update().where(*mine).values(counts=counts))
