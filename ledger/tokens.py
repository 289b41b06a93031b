"""Keys to the JSON API and to the command, by the hash of their secret part."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, insert, select, update

from ledger import schema
from ledger.database import Database

_T = schema.tokens.c


@dataclass(frozen=True, slots=True)
class Token:
    """Somebody's key; `hash` is that of its secret, which nobody here knows."""

    id: str
    person: str
    scopes: frozenset[str]
    note: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    hash: str = field(default="", repr=False)

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything at that moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Tokens:
    """Every key that was ever made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, token: Token) -> None:
        row = {name: getattr(token, name) for name in schema.tokens.columns.keys()}  # noqa: SIM118
        with self._database.writing() as connection:
            connection.execute(insert(schema.tokens).values(row | {"scopes": " ".join(sorted(token.scopes))}))

    def find(self, id_: str) -> Token | None:
        found = self._all(select(schema.tokens).where(_T.id == id_))
        return found[0] if found else None

    def all(self) -> tuple[Token, ...]:
        """The newest first."""
        return self._all(select(schema.tokens).order_by(_T.created_at.desc(), _T.id))

    def revoke(self, id_: str, now: datetime) -> bool:
        """Whether there is such a key; from now on it opens nothing. The first time stands."""
        mine = update(schema.tokens).where(_T.id == id_)
        with self._database.writing() as connection:
            connection.execute(mine.where(_T.revoked_at.is_(None)).values(revoked_at=now))
        return self.find(id_) is not None

    def use(self, id_: str, now: datetime) -> None:
        """Note that it was used."""
        with self._database.writing() as connection:
            connection.execute(update(schema.tokens).where(_T.id == id_).values(used_at=now))

    def _all(self, query: Select[Any]) -> tuple[Token, ...]:
        with self._database.reading() as connection:
            return tuple(_token(row) for row in connection.execute(query).mappings())


def _token(row: RowMapping) -> Token:
    return Token(**{**row, "scopes": frozenset(row["scopes"].split())})
