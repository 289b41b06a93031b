"""What people say about hearing from us: yes, no, about what, how often. Said twice, it is the same as once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from checklists.subscriber import Pace, State
from ledger import people_schema as tables
from ledger.database import Database, insert_into
from ledger.forgetting import blank
from ledger.newcomers import Newcomer, fresh_row, known_as, note
from ledger.subscribers import LEFT, keys_of

LATEST = 5_000
THEMSELVES = ("link", "page")
"""Ways of a yes that nobody can say for somebody else: the link in a mail, and one's own page."""
HARDLY = timedelta(days=1)
"""Who reads digests again so soon never stopped: what was kept back for one may not have left yet."""
SECOND = timedelta(seconds=1)
"""As finely as providers tell when something happened."""
_P = tables.subscribers.c
_S = tables.subscriptions.c
_L = tables.cohorts.c
_C = tables.consents.c


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody said yes or no to: `what` is a state, `topic:acme` or `preferences`; how, when, where from."""

    at: datetime
    what: str
    how: str
    origin: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything somebody chooses by themselves; `topics` are all they want of those that were `offered`."""

    topics: frozenset[str]
    offered: frozenset[str]
    change_types: frozenset[str]
    channels: frozenset[str]
    pace: Pace
    locale: str
    timezone: str
    paused_until: datetime | None


class Wishes:
    """Each says how it came (`one-click`, `page`, `event`, ...) and where from; True where it changed something."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def confirm(
        self,
        id_: str,
        how: str,
        origin: str,
        now: datetime,
        topics: Collection[str] | None = None,
        locale: str = "",
    ) -> bool:
        """They followed the link in a mail: the address is theirs, and they want it. Complaints stay complaints.

        Who had left comes back to these `topics` and no others, and to this language; unsaid, to what they had.
        """
        with self._database.writing() as connection:
            row = _row(connection, id_)
            if row is None or row["state"] not in ("unconfirmed", "unsubscribed", "bounced"):
                return False
            new = {"state": "confirmed", "reason": "", "locale": locale or row["locale"], "updated_at": now}
            connection.execute(update(tables.subscribers).where(_P.id == id_).values(new))
            note(connection, [(id_, "confirmed", how, origin)], now)
            if topics is not None and row["state"] in LEFT:
                both = _topics_of(connection, id_).union(topics)
                _switch(connection, id_, {one: one in topics for one in both}, (how, origin), now)
            return True

    def unsubscribe(
        self, id_: str, how: str, origin: str, now: datetime, topics: Collection[str] | None = None
    ) -> bool:
        """From these topics, or from everything. Whoever had no say in a topic yet has given it up now."""
        if topics is None:
            return self._become(_P.id == id_, "unsubscribed", ("unconfirmed", "confirmed"), "", (how, origin), now)
        with self._database.writing() as connection:
            return _switch(connection, id_, dict.fromkeys(topics, False), (how, origin), now)

    def left(self, address: str, origin: str, now: datetime, at: datetime) -> bool:
        """They ended everything at the provider, at that moment; who said yes by themselves since then stays."""
        who, via = and_(_P.key.in_(keys_of(address)), _no_yes_since(at)), ("event", origin)
        return self._become(who, "unsubscribed", ("unconfirmed", "confirmed"), "", via, now)

    def bounced(self, address: str, detail: str, origin: str, now: datetime, at: datetime | None = None) -> bool:
        """Nothing arrived there at that moment, or now; who said yes by themselves since then stays.

        Somebody who left has left all the same.
        """
        return self._struck(address, "bounced", ("unconfirmed", "confirmed"), detail, origin, now, at)

    def complained(self, address: str, detail: str, origin: str, now: datetime) -> bool:
        """They called it spam: nothing ever goes there again, whenever they did."""
        may: tuple[State, ...] = ("unconfirmed", "confirmed", "unsubscribed", "bounced")
        return self._struck(address, "blocked", may, detail, origin, now)

    def prefer(self, id_: str, wanted: Preferences, how: str, origin: str, now: datetime) -> bool:
        """What they chose on their page; topics that were not offered to them stay as they are."""
        own = ("change_types", "channels", "pace", "locale", "timezone", "paused_until")
        new = {name: getattr(wanted, name) for name in own}
        with self._database.writing() as connection:
            row = _row(connection, id_)
            if row is None:
                return False
            on = _topics_of(connection, id_)
            choice = {topic: topic in wanted.topics for topic in wanted.offered if topic in wanted.topics | on}
            switched = _switch(connection, id_, choice, (how, origin), now)
            if all(row[name] == value for name, value in new.items()):
                return switched
            new |= {"updated_at": now, **_paced(row, wanted.pace, now)}
            connection.execute(update(tables.subscribers).where(_P.id == id_).values(**new))
            note(connection, [(id_, "preferences", how, origin)], now)
            return True

    def consents(self, id_: str) -> tuple[Consent, ...]:
        """All that they ever said, the oldest first."""
        query = select(_C.at, _C.what, _C.how, _C.origin).where(_C.person == id_).order_by(_C.id)
        with self._database.reading() as connection:
            return tuple(Consent(*row) for row in connection.execute(query))

    def agreed(self, ids: Collection[str]) -> dict[str, Consent]:
        """How each of these, a thousand at most, said yes last; those who never did are left out."""
        query = select(_C.person, _C.at, _C.what, _C.how, _C.origin).order_by(_C.at, _C.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(_C.person.in_(ids), _C.what == "confirmed"))
            return {person: Consent(*said) for person, *said in rows}

    def noted(self, id_: str, what: str, how: str, origin: str, now: datetime) -> None:
        """Write down what somebody said that changes nothing by itself."""
        with self._database.writing() as connection:
            note(connection, [(id_, what, how, origin)], now)

    def signed_up(self, origin: str, since: datetime) -> tuple[int, int]:
        """How many signed up since then from this place, and in all; of the latest that were written down."""
        latest = select(_C.at, _C.what, _C.origin).order_by(_C.id.desc()).limit(LATEST).subquery()
        query = select(latest.c.origin).where(latest.c.what == "signed-up", latest.c.at > since)
        with self._database.reading() as connection:
            origins = connection.execute(query).scalars().all()
        return origins.count(origin), len(origins)

    def forget(self, id_: str, now: datetime) -> bool:
        """Leave nothing of them but a hash of their address, so that no import brings them back."""
        with self._database.writing() as connection:
            row = _row(connection, id_)
            if row is None or not row["address"]:
                return False
            gone = dict.fromkeys(("address", "domain", "name", "locale", "timezone"), "")
            kept = {"key": keys_of(row["key"])[1], "state": "blocked", "reason": "forgotten", "updated_at": now}
            connection.execute(update(tables.subscribers).where(_P.id == id_).values(**gone, **kept, **known_as({})))
            for table, person in ((tables.subscriptions, _S), (tables.cohorts, _L), (tables.consents, _C)):
                connection.execute(delete(table).where(person.person == id_))
            blank(connection, id_, row["address"])
            return True

    def _struck(
        self,
        address: str,
        state: State,
        may: tuple[State, ...],
        detail: str,
        origin: str,
        now: datetime,
        at: datetime | None = None,
    ) -> bool:
        """Also an address that nobody knew as a subscriber's: it is remembered with what befell it."""
        fresh = fresh_row(Newcomer(address, state=state), now) | {"reason": detail[:500]}
        with self._database.writing() as connection:
            known = select(_P.id).where(_P.key.in_(keys_of(address)))
            if connection.execute(known).first() is None:
                connection.execute(insert_into(connection, tables.subscribers).on_conflict_do_nothing(), fresh)
                note(connection, [(fresh["id"], state, "event", origin)], now)
                return True
        who = and_(_P.key.in_(keys_of(address)), _no_yes_since(at or now))
        return self._become(who, state, may, detail, ("event", origin), now)

    def _become(
        self, who: Any, state: State, may: tuple[str, ...], detail: str, via: tuple[str, str], now: datetime
    ) -> bool:
        change = update(tables.subscribers).where(who, _P.state.in_(may)).returning(_P.id)
        with self._database.writing() as connection:
            values = {"state": state, "reason": detail[:500], "updated_at": now}
            ids = connection.execute(change.values(values)).scalars().all()
            note(connection, [(id_, state, *via) for id_ in ids], now)
            return bool(ids)


def _paced(row: Mapping[str, Any], pace: Pace, now: datetime) -> dict[str, datetime | None]:
    """From when on somebody reads digests, or until when they did, where this changes."""
    if (row["pace"] == "immediate") is (pace == "immediate"):
        return {}
    if pace == "immediate":
        return {"digests_until": now}
    left = row["digests_until"]
    is_new = left is None or left + HARDLY <= now
    return {"digests_until": None, "digests_from": now if is_new else row["digests_from"]}


def _no_yes_since(at: datetime) -> ColumnElement[bool]:
    """In the statement that changes somebody: two doors cannot come between what it asks and what it does."""
    yes = (_C.person == _P.id, _C.what == "confirmed", _C.how.in_(THEMSELVES), _C.at >= at + SECOND)
    return ~select(_C.id).where(*yes).exists()


def _row(connection: Connection, id_: str) -> Mapping[str, Any] | None:
    query = select(tables.subscribers).where(_P.id == id_).with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def _topics_of(connection: Connection, id_: str) -> frozenset[str]:
    query = select(_S.topic).where(_S.person == id_, _S.is_on.is_(True))
    return frozenset(connection.execute(query).scalars())


def _switch(connection: Connection, id_: str, choice: Mapping[str, bool], via: tuple[str, str], now: datetime) -> bool:
    """Turn topics on and off; one that was never on is only written down where somebody leaves it."""
    known = {row[0]: row[1] for row in connection.execute(select(_S.topic, _S.is_on).where(_S.person == id_))}
    new = {topic: on for topic, on in sorted(choice.items()) if known.get(topic) is not on}
    if not new:
        return False
    rows = [{"person": id_, "topic": topic, "is_on": on, "at": now} for topic, on in new.items()]
    added = insert_into(connection, tables.subscriptions)
    latest = {"is_on": added.excluded.is_on, "at": added.excluded.at}
    connection.execute(added.on_conflict_do_update(index_elements=["person", "topic"], set_=latest), rows)
    note(connection, [(id_, f"{'topic' if on else 'no'}:{topic}", *via) for topic, on in new.items()], now)
    return True
