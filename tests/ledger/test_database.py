from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import bindparam, event, select, text, update
from sqlalchemy.exc import IntegrityError

from checklists.errors import LaunchError, Unreachable
from ledger import schema
from ledger.database import Database
from ledger.store import Conflict, Ledger
from tests.ledger.examples import LAUNCH, entries

SECRET = "hunter2-s3cret"


def everything_said(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://ada:{SECRET}@127.0.0.1:1/tminus",
        f"postgresql://127.0.0.1:1/tminus?user=ada&password={SECRET}",
        f"postgresql+asyncpg://ada:{SECRET}@127.0.0.1:1/tminus",
    ],
)
def test_a_database_that_does_not_answer_is_named_without_its_password(url: str) -> None:
    with pytest.raises(Unreachable) as raised:
        Ledger(url).read(LAUNCH)
    assert str(raised.value).startswith("the PostgreSQL database tminus at 127.0.0.1:1: ")
    assert str(raised.value).endswith("check that it runs and that TMINUS_DATABASE_URL is right, then try again")
    assert SECRET not in everything_said(raised.value)
    assert raised.value.__cause__ is not None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no address",
        "sqlite://",
        "sqlite:///:memory:",
        f"mysql://ada:{SECRET}@127.0.0.1/tminus",
        f"postgresql://ada:{SECRET}@127.0.0.1:port/tminus",
        f"postgresql:ada:{SECRET}",
    ],
)
def test_an_address_of_no_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(
        LaunchError, match="TMINUS_DATABASE_URL: tminus can use no such database; write sqlite"
    ) as raised:
        Ledger(url)
    assert SECRET not in everything_said(raised.value)


@pytest.mark.parametrize("use", ["migrate", "read"])
@pytest.mark.parametrize("folder", ["missing", "a-file", "/proc"])
def test_a_folder_that_cannot_be_written_is_an_error_with_its_remedy(tmp_path: Path, folder: str, use: str) -> None:
    (tmp_path / "a-file").touch()
    ledger = Ledger(f"sqlite:///{tmp_path / folder / 'ledger.sqlite3'}")
    with pytest.raises(Unreachable, match=r"the SQLite file .* check that its folder exists, can be written"):
        ledger.migrate() if use == "migrate" else ledger.read(LAUNCH)


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may write everywhere, so a test run as root becomes nobody for a moment."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_user_without_rights_on_the_folder_is_told() -> None:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/ledger.sqlite3")
        Path(folder).chmod(0o555)
        with (
            without_rights(),
            pytest.raises(Unreachable, match=r"ledger\.sqlite3: unable to open database file; check"),
        ):
            database.writing().__enter__()


def test_a_user_without_rights_on_the_file_is_told() -> None:
    with TemporaryDirectory() as folder:
        ledger = Ledger(f"sqlite:///{folder}/ledger.sqlite3")
        ledger.migrate()
        ledger.dispose()
        Path(folder).chmod(0o755)
        with without_rights(), pytest.raises(Unreachable, match="can be written"):
            ledger.append(LAUNCH, entries(1), 0)
        ledger.dispose()


def test_a_database_nobody_prepared_says_how_to(database_url: str) -> None:
    ledger = Ledger(database_url)
    with pytest.raises(Unreachable, match="it is not prepared for this version: `tminus up` and `tminus demo` do that"):
        ledger.read(LAUNCH)
    with pytest.raises(Unreachable, match="not prepared"):
        ledger.append(LAUNCH, entries(1), 0)
    ledger.dispose()


def test_a_file_that_is_no_database_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"no database" * 1_000)
    with pytest.raises(Unreachable, match=r"ledger\.sqlite3: file is not a database"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite3'}").migrate()


def test_a_file_another_program_keeps_locked_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    other, ledger = Ledger(url), Ledger(url)
    other.migrate()
    event.listen(ledger.database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 1"))
    with other.database.writing(), pytest.raises(Unreachable, match="another program keeps it locked"):
        ledger.append(LAUNCH, entries(1), 0)
    ledger.append(LAUNCH, entries(1), 0)
    other.dispose()
    ledger.dispose()


def test_readers_do_not_wait_for_a_writer(ledger: Ledger) -> None:
    ledger.append(LAUNCH, entries(2), 0)
    with ledger.database.writing() as connection:
        connection.execute(text("DELETE FROM entries"))
        assert ledger.read(LAUNCH) == entries(2)
        connection.rollback()


def test_what_is_committed_to_sqlite_is_synced_at_once(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    ledger.migrate()
    with ledger.database.reading() as connection:
        said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")}
    ledger.dispose()
    assert said == {"synchronous": 2, "journal_mode": "wal"}


WORDED = update(schema.launches).values(product=bindparam("said_"))


def test_only_a_statement_that_says_so_waits_for_no_disk(ledger: Ledger) -> None:
    ledger.append(LAUNCH, entries(2), 0)
    is_sqlite = ledger.database.url.get_backend_name() == "sqlite"
    setting = "(SELECT synchronous FROM pragma_synchronous)" if is_sqlite else "current_setting('synchronous_commit')"
    asked = text(setting)
    says = WORDED.returning(asked)
    for does_wait in (True, False, True, False, False, True, True):
        with ledger.database.changed(says, {"said_": "acme"}, waits=does_wait) as changed:
            assert changed.scalar() == ((1, 2) if is_sqlite else ("off", "on"))[does_wait]
        with ledger.database.writing() as connection:
            assert connection.execute(select(asked)).scalar() == (2 if is_sqlite else "on")


@pytest.mark.parametrize("waits", [True, False])
def test_what_one_statement_changed_others_see_at_once(ledger: Ledger, waits: bool) -> None:
    other = Ledger(ledger.database.url.render_as_string(hide_password=False))
    ledger.append(LAUNCH, entries(2), 0)
    with ledger.database.changed(WORDED, {"said_": "other"}, waits=waits) as changed:
        assert changed.rowcount == 1
    with other.database.reading() as connection:
        assert connection.execute(select(schema.launches.c.product)).scalars().all() == ["other"]
    other.dispose()


@pytest.mark.parametrize("waits", [True, False])
def test_a_statement_that_fails_changes_nothing(ledger: Ledger, waits: bool) -> None:
    ledger.append(LAUNCH, entries(2), 0)
    before = ledger.read(LAUNCH)
    twice = update(schema.entries).values(seq=bindparam("said_"))
    with pytest.raises(IntegrityError), ledger.database.changed(twice, {"said_": 7}, waits=waits):
        pass
    assert ledger.read(LAUNCH) == before


def test_a_restart_of_the_server_is_not_noticed(ledger: Ledger) -> None:
    if ledger.database.url.drivername == "sqlite":
        pytest.skip("SQLite has no server")
    ledger.append(LAUNCH, entries(2), 0)
    _end_connections(ledger.database)
    assert ledger.read(LAUNCH) == entries(2)
    _end_connections(ledger.database)
    with ledger.database.changed(WORDED, {"said_": "other"}) as changed:
        assert changed.rowcount == 1


def _end_connections(database: Database) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    mine = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid"
    with database.reading() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with other.reading() as connection:
        connection.execute(text(mine), {"pid": pid})
    other.dispose()


def test_tables_of_an_older_version_say_so(changeable_ledger: Ledger) -> None:
    with changeable_ledger.database.writing() as connection:
        connection.execute(text("ALTER TABLE entries DROP COLUMN prev"))
    with pytest.raises(Unreachable, match="not prepared for this version"):
        changeable_ledger.sealed(LAUNCH)
    with pytest.raises(Unreachable, match="not prepared for this version"):
        changeable_ledger.append(LAUNCH, entries(1), 0)


def test_a_conflict_does_not_repeat_what_was_to_be_written(ledger: Ledger) -> None:
    ledger.append(LAUNCH, entries(2), 0)
    with pytest.raises(Conflict) as raised:
        ledger.append(LAUNCH, entries(1), 0)
    assert "ada@example.com" not in everything_said(raised.value)
