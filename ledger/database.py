"""The one door to the database: connections, transactions, and what its failures mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Table, Update, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from checklists.errors import LaunchError, Unreachable

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
UNPREPARED = r"no such (table|column)|has no column|(relation|column) .* does not exist"
READS_ONLY = "AUTOCOMMIT"
AT_ONCE = 500
"""Rows in one statement: SQLite and PostgreSQL both limit how many values one may carry."""
T = TypeVar("T")
SQLITE_ON_CONNECT = (
    "PRAGMA busy_timeout = 10000",
    # What was answered with 2xx, and that a message is being written, must survive a power cut: NORMAL would sync the
    # WAL only at its checkpoints. fullfsync is the same for the disks of a Mac; elsewhere it does nothing.
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
)
FOLLOWING = "tminus_following"


class Database:
    """A pool of connections to a SQLite file or a PostgreSQL database; safe for threads, opened on first use."""

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.engine = _engine(self.url)
        self._reader = self.engine.execution_options(isolation_level=READS_ONLY)
        self._following = self.engine.execution_options(**{FOLLOWING: True})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for single statements that change nothing."""
        with self._translated(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or none."""
        with self._translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def changed(
        self, statement: Update, said: Mapping[str, object], *, waits: bool = True
    ) -> Iterator[CursorResult[Any]]:
        """What came of one statement that is a transaction by itself: PostgreSQL is spared the calls that frame one.

        Where it does not wait for the disk, a power cut may undo it, though never what stands before it, and the next
        one that waits takes it along. A process that dies undoes nothing.
        """
        is_sqlite = self.url.drivername == "sqlite"
        stated = statement if waits or is_sqlite else _not_waiting(statement)
        engine = self.engine if waits else self._following
        with self._translated(), engine.begin() if is_sqlite else self._reader.connect() as connection:
            yield connection.execute(stated, said)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoConnectionLeft) as error:
            if _is_our_mistake(error):
                raise
            said = str(getattr(error, "orig", error)).strip().partition("\n")[0]
            raise Unreachable(f"{_name(self.url)}: {said}; {_remedy(said, self.url)}") from error

    def dispose(self) -> None:
        """Close every connection; the next use opens new ones."""
        self.engine.dispose()


@cache
def _not_waiting(statement: Update) -> Update:
    """The same for PostgreSQL, which then answers before it is on the disk: set for its own transaction alone."""
    return statement.where(text("set_config('synchronous_commit', 'off', true) = 'off'"))


def chunks(rows: Sequence[T], size: int = AT_ONCE) -> list[Sequence[T]]:
    """So many at a time, in their order."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens on a conflict."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _checked(url: str) -> URL:
    """The address with the driver we use; its password never reaches a message."""
    try:
        found = make_url(url)
        driver = DRIVERS[found.get_backend_name()]
        if driver != "sqlite" or found.database not in (None, "", ":memory:"):
            return found.set(drivername=driver)
    except (ArgumentError, KeyError, ValueError):
        pass
    raise LaunchError(
        "TMINUS_DATABASE_URL: tminus can use no such database; "
        "write sqlite:////folder/tminus.db or postgresql+psycopg://user@host/database"
    )


def _engine(url: URL) -> Engine:
    if url.drivername == "sqlite":
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # Asking first whether a connection still lives costs 0.1 ms and hides a restart of the server.
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 5})


def _prepare_sqlite(connection: Any, _: object) -> None:
    # A rotten byte must reach `verify`, which names its entry, instead of failing here.
    connection.text_factory = lambda text: text.decode(errors="replace")
    for pragma in SQLITE_ON_CONNECT:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start: a transaction that reads before it writes could otherwise fail halfway."""
    options, driver = connection.get_execution_options(), connection.connection.dbapi_connection
    if options.get("isolation_level") != READS_ONLY and driver is not None:
        # Within a transaction it could not be said; the connection may have been lent for the other kind before.
        driver.cursor().execute(f"PRAGMA synchronous = {'NORMAL' if options.get(FOLLOWING) else 'FULL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _name(url: URL) -> str:
    """What the database is called in messages: no user, no password, no options."""
    if url.drivername == "sqlite":
        return f"the SQLite file {url.database}"
    return f"the PostgreSQL database {url.database or '(default)'} at {url.host or 'localhost'}:{url.port or 5432}"


def _is_our_mistake(error: Exception) -> bool:
    return isinstance(error, IntegrityError | DataError | ProgrammingError) and not _is_unprepared(str(error))


def _is_unprepared(said: str) -> bool:
    return re.search(UNPREPARED, said) is not None


def _remedy(said: str, url: URL) -> str:
    if _is_unprepared(said):
        return "it is not prepared for this version: `tminus up` and `tminus demo` do that"
    if "locked" in said:
        return "another program keeps it locked: end that program, or try again"
    if url.drivername == "sqlite":
        return "check that its folder exists, can be written and has space left, or set TMINUS_DATABASE_URL"
    return "check that it runs and that TMINUS_DATABASE_URL is right, then try again"
