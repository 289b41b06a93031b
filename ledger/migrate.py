"""Bring a database to the tables of this version; safe when several processes do it at once."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from checklists.errors import LaunchError
from ledger.database import Database

LOCK = 7_465_120_011
"""PostgreSQL's advisory lock of the one who migrates; any number nobody else uses."""


def migrate(database: Database) -> None:
    """All steps in one transaction under SQLite's write lock or PostgreSQL's advisory lock; others then find none."""
    if database.url.drivername == "sqlite":
        with database.reading() as connection:
            # Kept in the file itself: readers and the writer do not wait for each other.
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        try:
            command.upgrade(_config(connection), "head")
        except CommandError as error:
            raise LaunchError(
                f"the database cannot be prepared: {error}; a newer tminus has used it: use that"
            ) from error


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "ledger:migrations")
    config.attributes["connection"] = connection
    return config
