"""What was last seen of a repository that tminus watches: its tags, and when it may be looked at again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from ledger import schema
from ledger.database import Database, insert_into

_W = schema.watches.c


@dataclass(frozen=True, slots=True)
class Watch:
    """`tags` are those seen so far with their commits, `pages` what a host's REST API is asked with the next time."""

    key: str
    tags: dict[str, str | None] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)
    looked_at: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0
    said: str = ""


class Watches:
    """Every repository that was ever looked at."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: str) -> Watch | None:
        """None for a repository that nobody has looked at yet."""
        with self._database.reading() as connection:
            row = connection.execute(select(schema.watches).where(_W.key == key)).mappings().first()
        return Watch(**row) if row else None

    def keep(self, watch: Watch) -> None:
        """This is what was seen last."""
        row = asdict(watch)
        with self._database.writing() as connection:
            new = insert_into(connection, schema.watches).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=["key"], set_=row))

    def looked(self, key: str, at: datetime) -> None:
        """Nothing has changed since."""
        with self._database.writing() as connection:
            connection.execute(update(schema.watches).where(_W.key == key).values(looked_at=at))

    def forget(self, key: str) -> None:
        """The next look is a first one."""
        with self._database.writing() as connection:
            connection.execute(delete(schema.watches).where(_W.key == key))
