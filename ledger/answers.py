"""Answers of the API to requests that carried an idempotency key: the first one is worked on, later ones are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from ledger import schema
from ledger.database import Database, insert_into

KEPT = timedelta(hours=24)
"""So long an answer is given again; after that a key may be used anew."""
_A = schema.answers.c


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a key: its request by fingerprint, and the answer; no status while nobody has one."""

    fingerprint: str
    status: int | None
    body: str | None
    at: datetime


class Answers:
    """What was answered under which key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: str, fingerprint: str, now: datetime) -> Answer | None:
        """None where the work is the caller's, to be ended with `finish` or `forget`; else what is there already."""
        there = select(_A.fingerprint, _A.status, _A.body, _A.at).where(_A.key == key)
        while True:
            with self._database.writing() as connection:
                if _is_first(connection, key, fingerprint, now):
                    return None
                if found := connection.execute(there).mappings().first():
                    return Answer(**found)
            # whoever was first has just given it up

    def finish(self, key: str, status: int, body: str) -> None:
        """Keep the answer, for whoever asks again."""
        with self._database.writing() as connection:
            connection.execute(update(schema.answers).where(_A.key == key).values(status=status, body=body))

    def forget(self, key: str) -> None:
        """Nothing came of the request, so that the key is free; an answer stays."""
        with self._database.writing() as connection:
            connection.execute(delete(schema.answers).where(_A.key == key, _A.status.is_(None)))

    def tidy(self, now: datetime) -> None:
        """Drop what is older than a day."""
        old = select(_A.key).where(_A.at < now - KEPT).with_for_update(skip_locked=True)
        with self._database.writing() as connection:
            connection.execute(delete(schema.answers).where(_A.key.in_(old)))


def _is_first(connection: Connection, key: str, fingerprint: str, now: datetime) -> bool:
    """Of many at once, the one whose row it is; a key that has had its day begins anew."""
    connection.execute(delete(schema.answers).where(_A.key == key, _A.at < now - KEPT))
    new = {"key": key, "fingerprint": fingerprint, "at": now}
    mine = insert_into(connection, schema.answers).values(new).on_conflict_do_nothing().returning(_A.key)
    return connection.execute(mine).first() is not None
