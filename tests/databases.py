"""Real databases for tests: `database_url` and a migrated `ledger`, each test on SQLite and on PostgreSQL.

A room takes them with `from tests.databases import database_url, ledger` in its conftest.py.
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
from sqlalchemy import make_url

from ledger.store import Ledger

__all__ = ["database_url", "ledger", "postgres_url"]

POSTGRES = os.environ.get("TMINUS_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database that is gone after the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
        return
    with postgres_url() as url:
        yield url


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """A ledger ready for use."""
    ready = Ledger(database_url)
    make_ready(ready)
    yield ready
    ready.dispose()
