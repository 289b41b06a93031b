"""Tests of announcements: deliveries with a purpose of their own, which nothing that counts announcements sees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ledger import schema
from ledger.database import Database

_D = schema.deliveries.c


class Trials:
    """Who had which announcement sent to them as a test."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recent(self, launch_id: str, item: str, purpose: str, since: datetime) -> list[str]:
        """The receivers of tests of this announcement since then, one for each test; `purpose` begins theirs."""
        mine = (_D.launch_id == launch_id, _D.item == item, _D.purpose.startswith(purpose), _D.updated_at >= since)
        with self._database.reading() as connection:
            return list(connection.execute(select(_D.recipient).where(*mine)).scalars())
