"""The switch that stops all sending. Every turn of it is kept; the newest one counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, insert, select

from checklists.value import Value
from ledger import schema
from ledger.database import Database

_S = schema.switches.c


class Turn(Value):
    """Somebody turned it: who, through which door, and why."""

    number: int
    is_on: bool
    by: str
    via: str
    reason: str
    at: datetime


class Switches:
    """Whether anything may leave at all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def turn(self, by: str, via: str, reason: str, now: datetime, *, is_on: bool) -> None:
        row = {"is_on": is_on, "by": by, "via": via, "reason": reason, "at": now}
        with self._database.writing() as connection:
            connection.execute(insert(schema.switches), [row])

    def now(self) -> Turn | None:
        """The newest turn; None where nobody ever stopped anything."""
        return next(iter(self.turns(1)), None)

    def is_on(self) -> bool:
        newest = self.now()
        return newest is None or newest.is_on

    def turns(self, most: int = 100) -> tuple[Turn, ...]:
        """The newest first."""
        query = select(schema.switches).order_by(_S.number.desc()).limit(most)
        with self._database.reading() as connection:
            return tuple(Turn.model_validate(dict(row)) for row in connection.execute(query).mappings())


def is_stopped() -> ColumnElement[bool]:
    """For a statement that must not take effect while all sending is stopped."""
    newest = select(func.max(_S.number)).scalar_subquery()
    return exists().where(_S.number == newest, _S.is_on.is_(False))
