"""Digests: what each of them gathers, kept with its notice in one transaction: neither is there without the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, func, insert, not_, or_, select

from checklists.subscriber import key_of
from ledger import schema
from ledger.database import Database, chunks, insert_into
from ledger.deliveries import ANNOUNCEMENT, STATE, WITH_BATCH, Namer
from ledger.notices import HAS_NEWER, Planned, row_of

UNTOLD = ("suppressed", "rejected", "bounced", "dropped")
"""States of a delivery after which its receiver knows nothing of it."""
UNSENT = ("planned", "claimed", *UNTOLD)
_B = schema.batches.c
_D = schema.digests.c
_M = schema.deliveries.c


@dataclass(frozen=True, slots=True)
class Digest:
    """Somebody's digest: the publications in it, by id, up to the moment it gathers to."""

    delivery_id: str
    person: str
    until: datetime
    publications: tuple[str, ...]


class Digests:
    """Every digest that was ever planned."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, planned: Iterable[tuple[Digest, Planned]], now: datetime) -> int:
        """How many of these are new; one that is there stays as it is, in whatever state."""
        count = 0
        for digest, notice in planned:
            with self._database.writing() as connection:
                new = insert_into(connection, schema.deliveries).values(row_of(notice, now))
                if connection.execute(new.on_conflict_do_nothing().returning(_M.id)).first():
                    row = {"publications": list(digest.publications), "person": digest.person, "until": digest.until}
                    connection.execute(insert(schema.digests).values(delivery_id=digest.delivery_id, **row))
                    count += 1
        return count

    def find(self, delivery_id: str) -> Digest | None:
        query = select(schema.digests).where(_D.delivery_id == delivery_id)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return Digest(**{**row, "publications": tuple(row["publications"])}) if row else None

    def is_newest(self, delivery_id: str) -> bool:
        """Whether none of the same person gathers further."""
        query = select(_M.id).where(_M.id == delivery_id, not_(HAS_NEWER))
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def latest(self, people: Collection[str]) -> dict[str, datetime]:
        """Up to which moment each of these has had digests; those who had none are left out."""
        query = select(_D.person, func.max(_D.until)).group_by(_D.person)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query.where(_D.person.in_(people)))}

    def owed(self, people: Collection[str], since: datetime) -> dict[str, frozenset[str]]:
        """What was gathered for each of these and did not reach them: it is still to leave, was refused, or dropped."""
        query = _gathered_since(since).where(_D.person.in_(people), _M.state.in_(UNSENT))
        found: dict[str, frozenset[str]] = {}
        with self._database.reading() as connection:
            for person, publications in connection.execute(query):
                found[person] = found.get(person, frozenset()).union(publications)
        return found

    def had(self, person: str, since: datetime) -> frozenset[str]:
        """What somebody's digests told them, or may have."""
        query = _gathered_since(since).where(_D.person == person, _M.state.not_in(UNSENT))
        with self._database.reading() as connection:
            return frozenset(id_ for _, publications in connection.execute(query) for id_ in publications)

    def told(self, recipient: str, announcements: Sequence[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Those of these (launch, item) that were mailed to somebody, in whatever letter case, or are on their way.

        They are looked for by their ids: of an announcement to a million nobody else's is read.
        """
        found: set[tuple[str, str]] = set()
        with self._database.reading() as connection:
            for some in chunks(announcements):
                theirs = [*_ids(connection, {recipient, key_of(recipient)}, some)]
                for ids in chunks(theirs):
                    query = select(_M.launch_id, _M.item).select_from(WITH_BATCH)
                    rows = connection.execute(query.where(_M.id.in_(ids), STATE.not_in(UNTOLD)))
                    found |= {(launch_id, item) for launch_id, item in rows}
        return frozenset(found)


def _gathered_since(since: datetime) -> Select[tuple[str, list[str]]]:
    """Persons with what was gathered for them, up to a moment since then."""
    with_mail = schema.digests.join(schema.deliveries, _M.id == _D.delivery_id)
    return select(_D.person, _D.publications).select_from(with_mail).where(_D.until >= since)


def _ids(connection: Connection, names: Collection[str], announcements: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The deliveries of these to somebody, on each channel they left by."""
    these = or_(*(and_(_B.launch_id == launch_id, _B.item == item) for launch_id, item in announcements))
    query = select(_B.launch_id, _B.item, _B.channel).where(these, _B.purpose == ANNOUNCEMENT).distinct()
    for launch_id, item, channel in connection.execute(query):
        name_of = Namer(launch_id, item, channel, ANNOUNCEMENT)
        yield from {name_of(name) for name in names}
