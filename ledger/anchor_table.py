"""The anchors that were made, one a day. Each keeps the heads that changed since the one before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import rfc8785
from sqlalchemy import Row, func, select

from ledger import schema
from ledger.anchors import Anchor, Covered, Heads, Kept, Misfit, compare, make
from ledger.chain import FIRST, Garbled, Sealed, canonical_object
from ledger.database import Database, insert_into

_A = schema.anchors.c
_L = schema.launches.c


class Anchors:
    """What stands in the table `anchors`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_day(self) -> date | None:
        with self._database.reading() as connection:
            found: date | None = connection.execute(select(func.max(_A.day))).scalar()
        return found

    def make(self, now: datetime, seed: bytes) -> bool:
        """Anchor all heads, unless it was done on this UTC day already; whether it was done now."""
        day = now.astimezone(UTC).date()
        if self.last_day() == day:
            return False
        before, heads = self.newest(), self._heads()
        anchor = make(heads, before.anchor if before else None, now, seed)
        row = {"day": day, "body": _body(anchor, before, heads), "signature": anchor.signature, "key": anchor.key}
        with self._database.writing() as connection:
            adding = insert_into(connection, schema.anchors).values(**row, at=now).on_conflict_do_nothing()
            return connection.execute(adding.returning(_A.day)).first() is not None

    def newest(self) -> Kept | None:
        found = None
        for found in self.history():  # noqa: B007
            pass
        return found

    def history(self) -> Iterator[Kept]:
        """Every anchor with its heads, the oldest first. Raises Garbled for a row that cannot be read."""
        heads: dict[str, tuple[int, str]] = {}
        with self._database.reading() as connection:
            rows = connection.execute(select(_A.body, _A.signature, _A.key).order_by(_A.day)).all()
        for row in rows:
            anchor, changed = _read(row)
            heads.update(changed)
            yield Kept(anchor, dict(heads))

    def cover(self, launch_id: str) -> Covered | None:
        """The newest anchor as far as it speaks of this launch; None where it does not know it."""
        kept = self.newest()
        return kept.cover(launch_id) if kept and launch_id in kept.heads else None

    def _heads(self) -> dict[str, tuple[int, str]]:
        with self._database.reading() as connection:
            rows = connection.execute(select(_L.launch_id, _L.seq, _L.hash)).all()
        return {name: (seq, hash_) for name, seq, hash_ in rows}

    def compare(self, launch_id: str, chain: Sequence[Sealed], key: str | None) -> str:
        """How far the anchors cover the chain, in words; empty where none does. Raises Misfit; `key` is our own."""
        prev, said = FIRST, ""
        try:
            for kept in self.history():
                _check(kept, prev, key)
                prev = kept.anchor.hash
                if head := kept.heads.get(launch_id):
                    said = compare(chain, head, kept.anchor)
        except Garbled as error:
            raise Misfit(len(chain), str(error)) from error
        return said


def _body(anchor: Anchor, before: Kept | None, heads: Heads) -> str:
    known = before.heads if before else {}
    changed = {name: list(head) for name, head in heads.items() if known.get(name) != head}
    said: dict[str, Any] = {"changed": changed, "statement": anchor.statement}
    return rfc8785.dumps(said).decode()


def _read(row: Row[Any]) -> tuple[Anchor, dict[str, tuple[int, str]]]:
    body, signature, key = row
    try:
        match canonical_object(body):
            case {"changed": dict(changed), "statement": str(statement)}:
                json.loads(statement)
                return Anchor(statement, signature, key), {name: (head[0], head[1]) for name, head in changed.items()}
    except (Garbled, ValueError, LookupError, TypeError) as error:
        raise Garbled("an anchor in the database is not what was written there") from error
    raise Garbled("an anchor in the database is not what was written there")


def _check(kept: Kept, prev: str, key: str | None) -> None:
    """Raises Garbled unless this anchor is signed, with our key, over these heads, and follows the one before."""
    kept.check()
    day = kept.anchor.day
    if key is not None and kept.anchor.key != key:
        raise Garbled(f"the anchor of {day} is signed with another key than the one kept here")
    if kept.anchor.said["prev"] != prev:
        raise Garbled(f"the anchor of {day} does not follow the one before it; one was taken away or replaced")
