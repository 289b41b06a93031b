"""Real databases for tests: `database_url` and a migrated `ledger`, each test on SQLite and on PostgreSQL.

A room takes them with `from tests.databases import database_url, kept_postgres, ledger` in its conftest.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url, text

from ledger.columns import metadata
from ledger.store import Ledger

__all__ = ["changeable_ledger", "database_url", "kept_postgres", "ledger", "postgres_url"]

POSTGRES = os.environ.get("TMINUS_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


OURS = "WHERE relnamespace = current_schema()::regnamespace"
ANEW = f"SELECT setval(oid::regclass, 1, false) FROM pg_class {OURS} AND relkind = 'S'"
SHAPE = f"""SELECT (SELECT string_agg(version_num, ' ') FROM tminus_version), count(*)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND NOT attisdropped {OURS}"""


def make_ready(ledger: Ledger) -> None:
    """Give it its tables. A new file is a copy of one that was migrated once: that takes longer than most tests."""
    url = ledger.database.url
    file = Path(url.database or "") if url.drivername == "sqlite" else None
    if file is None or file.exists():
        ledger.migrate()
    else:
        file.write_bytes(_empty_ledger())


@cache
def _empty_ledger() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite3"
        ledger = Ledger(f"sqlite:///{file}")
        ledger.migrate()
        ledger.dispose()
        return file.read_bytes()


@contextmanager
def postgres_url() -> Iterator[str]:
    """A schema of its own in the PostgreSQL at `TMINUS_TEST_POSTGRES`; skips where none listens."""
    server, schema = make_url(POSTGRES), f"tminus_{uuid4().hex[:12]}"
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        admin = psycopg.connect(address, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL answers at {server.host}:{server.port} ({error}); set TMINUS_TEST_POSTGRES")
    with admin:
        admin.execute(f'CREATE SCHEMA "{schema}"')
        yield server.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
        admin.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture(scope="session")
def kept_postgres() -> Iterator[str]:
    """A schema with all tables, once a process: to make them takes longer than most tests."""
    with postgres_url() as url:
        ledger = Ledger(url)
        ledger.migrate()
        ledger.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database that is gone after the test; in PostgreSQL a `ledger` is in one that is kept."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    elif "ledger" in request.fixturenames:
        yield request.getfixturevalue("kept_postgres")
    else:
        with postgres_url() as url:
            yield url


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger ready for use, with nothing in it. Who changes its tables takes a `changeable_ledger`."""
    ready = Ledger(database_url)
    if ready.database.url.drivername == "sqlite":
        make_ready(ready)
        yield ready
    else:
        before = _emptied(ready)
        yield ready
        after = _emptied(ready)
        ready.dispose()
        assert after == before, "this test changes tables that others use after it"
    ready.dispose()


@pytest.fixture
def changeable_ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger ready for use, in a database of its own."""
    ready = Ledger(database_url)
    make_ready(ready)
    yield ready
    ready.dispose()


def _emptied(ledger: Ledger) -> object:
    """Take away all rows, and let numbers begin anew. Returns what differs where the tables do."""
    with ledger.database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text(ANEW))
        return connection.execute(text(SHAPE)).all()
