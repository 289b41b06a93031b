"""Who lets whom sign for them, as it was granted by command; what the organisation file says is not here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from checklists.people import Delegation
from ledger import schema
from ledger.database import Database

_D = schema.delegations.c


@dataclass(frozen=True, slots=True)
class Granted:
    """One delegation, who granted it, and who ended it early."""

    id: str
    who: str
    to: str
    starts: date
    ends: date
    granted_by: str
    granted_at: datetime
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    @property
    def delegation(self) -> Delegation:
        return Delegation(self.who, self.to, self.starts, self.ends)


class Delegations:
    """Every delegation that was ever granted: none is deleted, so that the record of signatures can be understood."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grant(self, granted: Granted) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(schema.delegations).values(asdict(granted)))

    def standing(self, since: date) -> tuple[Granted, ...]:
        """Those that hold on that day or later, and were not revoked; the first to begin first."""
        query = select(schema.delegations).where(_D.ends >= since, _D.revoked_at.is_(None))
        return self._all(query.order_by(_D.starts, _D.granted_at, _D.id))

    def revoke(self, ids: tuple[str, ...], by: str, now: datetime) -> None:
        """End these now; one that was ended before stays as it is."""
        ended = update(schema.delegations).where(_D.id.in_(ids), _D.revoked_at.is_(None))
        with self._database.writing() as connection:
            connection.execute(ended.values(revoked_by=by, revoked_at=now))

    def all(self) -> tuple[Granted, ...]:
        """Also those that are over, the newest first."""
        return self._all(select(schema.delegations).order_by(_D.granted_at.desc(), _D.id))

    def _all(self, query: Select[Any]) -> tuple[Granted, ...]:
        with self._database.reading() as connection:
            return tuple(Granted(**row) for row in connection.execute(query).mappings())
