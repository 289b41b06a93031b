"""What stands on the change channel: one row for each announcement that was published, corrected in its place.

Its id and slug are for ever. Every change of any row takes the next `revision`, so that one number tells readers of
feeds whether there is news, whatever the clocks of several machines say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ledger import schema
from ledger.database import Database, chunks
from ledger.publication import Brief, Correction, Publication, Shown, Words, columns, publication
from ledger.publication_search import Sought, holds

TRIES = 50
"""For a revision or a slug that somebody else took first."""
_P = schema.publications.c
_REVISION = select(func.max(_P.revision))
_BRIEF = select(*(_P[name] for name in Brief._fields))


@dataclass(frozen=True, slots=True)
class State:
    """What tells two looks at the same search apart; the moment is None where nothing stands there."""

    revision: int
    count: int
    updated_at: datetime | None


class Publications:
    """Everything that was ever published."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(self, new: Publication, slugs: Sequence[str]) -> Publication:
        """What stands for this announcement: this, under the first slug that is free, or what was there before."""

        def once(connection: Connection) -> None:
            if _row(connection, new.id) is None:
                taken = set(connection.scalars(select(_P.slug).where(_P.slug.in_(slugs))))
                slug = next((one for one in slugs if one not in taken), new.id)
                row = columns(replace(new, slug=slug, revision=_next(connection)))
                connection.execute(insert(schema.publications).values(row))
                _tag(connection, new)

        return self._until_written(new.id, once)

    def correct(
        self,
        id_: str,
        key: str,
        words: Words,
        shown: Shown,
        now: datetime,
        note: str = "",
        variants: Mapping[str, Words] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> Publication:
        """The same entry with these words in place of those, in every language. The same key again changes nothing."""

        def once(connection: Connection) -> None:
            old = _one(connection, id_)
            if any(one.key == key for one in old.corrections):
                return
            said = Correction(key, now, note, Words(old.title, old.body), notes or {})
            new = replace(old, title=words.title, body=words.body, variants=variants or {}, shown=shown)
            _change(connection, old, replace(new, corrections=(*old.corrections, said)), now)

        return self._until_written(id_, once)

    def recall(self, id_: str, reason: str, now: datetime, reasons: Mapping[str, str] | None = None) -> Publication:
        """Withdraw it: its address stays and says so. The first time stands."""

        def once(connection: Connection) -> None:
            old = _one(connection, id_)
            if not old.is_recalled:
                gone = replace(old, recalled_at=now, recall_reason=reason, recall_reasons=reasons or {})
                _change(connection, old, gone, now)

        return self._until_written(id_, once)

    def find(self, slug: str) -> Publication | None:
        with self._database.reading() as connection:
            found = connection.execute(select(schema.publications).where(_P.slug == slug)).mappings().first()
        return publication(found) if found else None

    def get(self, id_: str) -> Publication | None:
        with self._database.reading() as connection:
            found = _row(connection, id_)
        return publication(found) if found else None

    def search(self, sought: Sought, limit: int, offset: int = 0) -> tuple[Publication, ...]:
        """The newest first."""
        query = select(schema.publications).where(*holds(sought)).order_by(_P.published_at.desc(), _P.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).mappings()
            return tuple(publication(row) for row in rows)

    def found(self, sought: Sought, limit: int) -> Sequence[tuple[str, int]]:
        """What a search finds, the newest first: each one's id and its revision, and nothing else is read."""
        query = select(_P.id, _P.revision).where(*holds(sought)).order_by(_P.published_at.desc(), _P.id)
        with self._database.reading() as connection:
            return connection.execute(query.limit(limit)).tuples().all()

    def brief(self, ids: Sequence[str]) -> Iterator[list[Brief]]:
        """These as they stand now, some hundred at a time, in no order."""
        for some in chunks(ids):
            with self._database.reading() as connection:
                rows = connection.execute(_BRIEF.where(_P.id.in_(some))).all()
            yield [Brief(*row) for row in rows]

    def state(self, sought: Sought) -> State:
        """How far this search has come: equal twice means that nothing changed in between."""
        query = select(func.max(_P.revision), func.count(), func.max(_P.updated_at)).where(*holds(sought))
        with self._database.reading() as connection:
            revision, count, updated_at = connection.execute(query).one()
        return State(revision or 0, count, updated_at)

    def revision(self) -> int:
        """Of the newest change of anything; one look at an index."""
        with self._database.reading() as connection:
            return connection.execute(_REVISION).scalar() or 0

    def names(self, sought: Sought) -> dict[str, tuple[str, ...]]:
        """What a reader can filter by: the products, audiences, topics and types there are."""
        tags = schema.publication_tags
        tagged = select(tags.c.kind, tags.c.name).join(schema.publications, _P.id == tags.c.publication_id)
        found: dict[str, set[str]] = {"product": set(), "audience": set(), "topic": set(), "type": set()}
        with self._database.reading() as connection:
            rows = connection.execute(select(_P.product, _P.audience).where(*holds(sought)).distinct())
            for product, audience in rows:
                found["product"].add(product)
                found["audience"].add(audience)
            for kind, name in connection.execute(tagged.where(*holds(sought)).distinct()):
                found[kind].add(name)
        return {kind: tuple(sorted(names)) for kind, names in found.items()}

    def _until_written(self, id_: str, once: Callable[[Connection], None]) -> Publication:
        """Of two that write at once one takes the revision; the other looks again and takes the next."""
        for left in reversed(range(TRIES)):
            try:
                with self._database.writing() as connection:
                    once(connection)
                    return _one(connection, id_)
            except IntegrityError:
                if not left:
                    raise
        raise AssertionError("never reached")


def _next(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(_P.revision), 0))).scalar_one()) + 1


def _change(connection: Connection, old: Publication, new: Publication, now: datetime) -> None:
    """A later moment than the last one, also by a clock that was set back."""
    moment = max(now, old.updated_at + timedelta(microseconds=1))
    row = columns(replace(new, updated_at=moment, revision=_next(connection)))
    connection.execute(update(schema.publications).where(_P.id == old.id).values(row))


def _tag(connection: Connection, new: Publication) -> None:
    tags = schema.publication_tags
    connection.execute(delete(tags).where(tags.c.publication_id == new.id))
    named = (("topic", new.topics), ("type", new.types))
    rows = [{"publication_id": new.id, "kind": kind, "name": name} for kind, names in named for name in _each(names)]
    if rows:
        connection.execute(insert(tags), rows)


def _each(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _row(connection: Connection, id_: str) -> RowMapping | None:
    query = select(schema.publications).where(_P.id == id_)
    return connection.execute(query.with_for_update()).mappings().first()


def _one(connection: Connection, id_: str) -> Publication:
    """Raises LookupError for an id of nothing that was published."""
    found = _row(connection, id_)
    if found is None:
        raise LookupError(f"nothing was published as {id_}")
    return publication(found)
