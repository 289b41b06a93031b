"""What people are writing and have not saved yet: one text each for a launch's notes, item and audience.

It is nobody's word: nothing is decided on it, and it goes away once it is saved or thrown away.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from ledger import schema
from ledger.database import Database, insert_into

_U = schema.unsaved.c
KEY = ("launch_id", "item", "audience", "person")


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Somebody's text as it was kept last; `base` is the sha256 of the words they began with."""

    launch_id: str
    item: str
    audience: str
    person: str
    words: str
    base: str
    at: datetime


class UnsavedTexts:
    """Every text that is being written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, text: Unsaved) -> None:
        """This is what they have written by now."""
        row = asdict(text)
        with self._database.writing() as connection:
            new = insert_into(connection, schema.unsaved).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=list(KEY), set_=row))

    def find(self, launch_id: str, item: str, audience: str, person: str) -> Unsaved | None:
        with self._database.reading() as connection:
            query = select(schema.unsaved).where(*_of(launch_id, item, audience, person))
            row = connection.execute(query).mappings().first()
        return Unsaved(**row) if row else None

    def drop(self, launch_id: str, item: str, audience: str, person: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(schema.unsaved).where(*_of(launch_id, item, audience, person)))


def _of(*key: str) -> list[ColumnElement[bool]]:
    return [_U[name] == value for name, value in zip(KEY, key, strict=True)]
