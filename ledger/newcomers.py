"""People as they come in: by import, over the API, through the sign-up form. Nobody who left is brought back."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from checklists.subscriber import CHANNELS, Scalar, State, key_of, numbers, texts
from ledger import people_schema as tables
from ledger.columns import metadata
from ledger.database import Database, insert_into
from ledger.given import given
from ledger.subscribers import BATCH, LEFT, keys_of

Fate = Literal["new", "renewed", "same", "left"]
"""`left`: they are not to be written to, whatever is said of them now."""
OWN = ("name", "locale", "timezone")
_P = tables.subscribers.c


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is said of somebody. An empty text leaves what is known as it is; so does an attribute that is not named.

    `state` is `confirmed` only where they agreed (`consent` says how; `consented` when, if not now); who leaves is
    taken at their word at once.
    """

    address: str
    state: State = "unconfirmed"
    name: str = ""
    locale: str = ""
    timezone: str = ""
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    consent: str = ""
    consented: datetime | None = None

    @property
    def key(self) -> str:
        return key_of(self.address)


class Newcomers:
    """The way in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, many: Iterable[Newcomer], how: str, origin: str, now: datetime, *, rehearse: bool = False
    ) -> Counter[Fate]:
        """Add these, or renew what is known of them; a thousand in a transaction, and twice is the same as once.

        `how` is the way they came, `origin` where from, such as the name of a file. `rehearse` writes nothing, and
        says what would come of it.
        """
        if rehearse:
            with _beside() as scratch:
                return self._added(many, partial(self._rehearse, scratch, how=how, origin=origin, now=now))
        return self._added(many, partial(self._keep, how=how, origin=origin, now=now))

    def _added(self, many: Iterable[Newcomer], keep: Callable[[dict[str, Newcomer]], Counter[Fate]]) -> Counter[Fate]:
        fates: Counter[Fate] = Counter()
        batch: dict[str, Newcomer] = {}
        for one in many:
            if one.key in batch or len(batch) == BATCH:
                fates += keep(batch)
                batch = {}
            batch[one.key] = one
        return fates + (keep(batch) if batch else Counter())

    def _keep(self, batch: Mapping[str, Newcomer], how: str, origin: str, now: datetime) -> Counter[Fate]:
        with self._database.writing() as connection:
            return self._kept(connection, batch, how, origin, now)

    def _rehearse(
        self, scratch: Database, batch: Mapping[str, Newcomer], how: str, origin: str, now: datetime
    ) -> Counter[Fate]:
        """Let it happen beside, where of these people is known what is known here, and what came before."""
        with self._database.reading() as connection:
            known = list(_known(connection, batch).values())
        with scratch.writing() as connection:
            if known:
                connection.execute(insert_into(connection, tables.subscribers).on_conflict_do_nothing(), known)
        return Newcomers(scratch)._keep(batch, how, origin, now)

    def _kept(
        self, connection: Connection, batch: Mapping[str, Newcomer], how: str, origin: str, now: datetime
    ) -> Counter[Fate]:
        known = _known(connection, batch)
        fresh = [fresh_row(batch[key], now) for key in sorted(batch) if key not in known]
        if fresh:  # another writer may be quicker: then theirs stands
            connection.execute(insert_into(connection, tables.subscribers).on_conflict_do_nothing(), fresh)
        heard = {key: row for key, row in known.items() if row["state"] not in LEFT}
        renewed = {key: new for key, row in heard.items() if (new := _renewed(row, batch[key]))}
        _renew(connection, [known[key] | new for key, new in renewed.items()], now)
        ids = _ids(connection, [*heard, *(row["key"] for row in fresh)])
        _join(connection, {id_: batch[key] for key, id_ in ids.items()}, now)
        states = {row["key"]: row["state"] for row in fresh}
        states |= {key: new["state"] for key, new in renewed.items() if "state" in new}
        said = [(ids[key], state, how, _from(origin, batch[key])) for key, state in states.items()]
        note(connection, said, now, _agreed({ids[key]: batch[key] for key in states}))
        return _fates(len(fresh), len(renewed), len(known) - len(heard), len(batch))


@contextmanager
def _beside() -> Iterator[Database]:
    """An empty database for people, in a file that is gone afterwards: of a million there is no room in memory."""
    with TemporaryDirectory() as folder:
        made = Database(f"sqlite:///{folder}/people.sqlite3")
        metadata.create_all(made.engine, [tables.subscribers, tables.subscriptions, tables.cohorts, tables.consents])
        try:
            yield made
        finally:
            made.dispose()


def _fates(new: int, renewed: int, left: int, whole: int) -> Counter[Fate]:
    return Counter({"new": new, "renewed": renewed, "left": left, "same": whole - new - renewed - left})


def _known(connection: Connection, batch: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is known of them, by key; those who asked to be forgotten by what is left of them.

    The rows are taken in one order, so that two writers cannot deadlock.
    """
    keys = {one: key for key in batch for one in keys_of(key)}
    there = list(_ids(connection, keys).values())
    query = select(tables.subscribers).where(_P.id.in_(there)).order_by(_P.key).with_for_update()
    return {keys[row["key"]]: dict(row) for row in connection.execute(query).mappings()}


def fresh_row(one: Newcomer, now: datetime) -> dict[str, Any]:
    """The row of somebody who is new here; their id says nothing about them."""
    own = {name: getattr(one, name) for name in ("address", "key", "state", *OWN)}
    wishes = {"reason": "", "pace": "immediate", "channels": frozenset(CHANNELS), "change_types": frozenset()}
    when = {"paused_until": None, "created_at": now, "updated_at": now}
    return {
        "id": new_id(now),
        "domain": one.key.rpartition("@")[2],
        **own,
        **wishes,
        **when,
        **known_as(one.attributes),
    }


def new_id(now: datetime) -> str:
    """Grows with time, so that a million of them are written at one end of the index; the rest is chance."""
    return f"{int(now.timestamp() * 1_000):012x}{secrets.token_hex(10)}"


def known_as(attributes: Mapping[str, Scalar]) -> dict[str, Any]:
    """Attributes as they are kept: as they were said, and as rules compare them."""
    return {"attributes": dict(attributes), "texts": texts(attributes), "numbers": numbers(attributes)}


def _renewed(row: Mapping[str, Any], one: Newcomer) -> dict[str, Any]:
    """What is different now from what is known."""
    new: dict[str, Any] = {name: said for name in OWN if (said := getattr(one, name)) and said != row[name]}
    merged = {**row["attributes"], **one.attributes}
    new |= known_as(merged) if merged != row["attributes"] else {}
    if one.state != row["state"] and (one.state in LEFT or row["state"] == "unconfirmed"):
        new["state"] = one.state
    return new


def _renew(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    if not rows:
        return
    names = ("state", *OWN, "attributes", "texts", "numbers")
    change = update(tables.subscribers).where(_P.id == bindparam("of"))
    change = change.values({name: bindparam(name) for name in names} | {"updated_at": now})
    connection.execute(change, [{"of": row["id"], **{name: row[name] for name in names}} for row in rows])


def _ids(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """Of those who are known."""
    wanted = given(connection, keys)
    query = select(wanted.c.value, select(_P.id).where(_P.key == wanted.c.value).scalar_subquery())
    return {key: id_ for key, id_ in connection.execute(query) if id_ is not None}


def _join(connection: Connection, people: Mapping[str, Newcomer], now: datetime) -> None:
    """Add topics and lists; a topic somebody gave up stays given up."""
    topics = [
        {"person": id_, "topic": topic, "is_on": True, "at": now} for id_, one in people.items() for topic in one.topics
    ]
    lists = [{"person": id_, "list": name} for id_, one in people.items() for name in one.lists]
    for table, rows in ((tables.subscriptions, topics), (tables.cohorts, lists)):
        if rows:
            connection.execute(insert_into(connection, table).on_conflict_do_nothing(), rows)


def _from(origin: str, one: Newcomer) -> str:
    return f"{origin}: {one.consent}" if one.consent else origin


def _agreed(people: Mapping[str, Newcomer]) -> dict[str, datetime]:
    """When, of those who agreed before now."""
    return {id_: one.consented for id_, one in people.items() if one.state == "confirmed" and one.consented}


def note(
    connection: Connection,
    said: Iterable[tuple[str, str, str, str]],
    now: datetime,
    earlier: Mapping[str, datetime] | None = None,
) -> None:
    """Write down who (an id) said what, how and where from; now, but for those who said it earlier."""
    at = earlier or {}
    rows = [
        {"person": id_, "at": at.get(id_, now), "what": what, "how": how, "origin": origin}
        for id_, what, how, origin in said
    ]
    if rows:
        connection.execute(insert(tables.consents), rows)
