"""Who has a personal link to the change channel: one a person, until it is revoked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update

from ledger import schema
from ledger.database import Database, insert_into

_R = schema.readers.c


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody's link; the row says for whom it is and whether it still opens anything."""

    id: str
    person: str
    created_at: datetime
    revoked_at: datetime | None = None


class Readers:
    """Every link that was ever made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, reader: Reader) -> None:
        """One that is there already stays as it is, revoked or not."""
        with self._database.writing() as connection:
            connection.execute(insert_into(connection, schema.readers).values(asdict(reader)).on_conflict_do_nothing())

    def find(self, id_: str) -> Reader | None:
        with self._database.reading() as connection:
            row = connection.execute(select(schema.readers).where(_R.id == id_)).mappings().first()
        return Reader(**row) if row else None

    def of(self, person: str) -> tuple[Reader, ...]:
        """All that were made for them, the newest first."""
        query = select(schema.readers).where(_R.person == person).order_by(_R.created_at.desc(), _R.id)
        with self._database.reading() as connection:
            return tuple(Reader(**row) for row in connection.execute(query).mappings())

    def revoke(self, person: str, now: datetime) -> int:
        """How many opened something until now."""
        mine = update(schema.readers).where(_R.person == person, _R.revoked_at.is_(None))
        with self._database.writing() as connection:
            return connection.execute(mine.values(revoked_at=now)).rowcount
