from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from checklists.errors import LaunchError
from ledger.columns import metadata
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, entries
from tests.ledger.racer import migrated_at_once

VERSION_TABLE = "tminus_version"


def test_the_steps_lead_to_the_tables_the_program_uses(ledger: Ledger) -> None:
    with ledger.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(ledger: Ledger) -> None:
    ledger.append(LAUNCH, entries(3), 0)
    ledger.migrate()
    assert ledger.read(LAUNCH) == entries(3)


def test_processes_that_migrate_at_once_all_succeed(database_url: str) -> None:
    assert migrated_at_once(database_url, 4) == [0] * 4
    ledger = Ledger(database_url)
    ledger.append(LAUNCH, entries(1), 0)
    with ledger.database.reading() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {VERSION_TABLE}")).scalar_one() == 1
    ledger.dispose()


def test_a_step_that_fails_leaves_no_half_of_the_tables(database_url: str) -> None:
    ledger = Ledger(database_url)
    with ledger.database.writing() as connection:
        connection.execute(text("CREATE TABLE deliveries (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        ledger.migrate()
    with ledger.database.reading() as connection:
        assert inspect(connection).get_table_names() == ["deliveries"]
    ledger.dispose()


def test_another_programs_migrations_in_the_same_database_are_left_alone(database_url: str) -> None:
    """Prefect's server keeps Alembic's default table."""
    ledger = Ledger(database_url)
    with ledger.database.writing() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('of-prefect')"))
    ledger.migrate()
    with ledger.database.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["of-prefect"]
    ledger.dispose()


def test_a_database_of_a_newer_version_is_left_alone_and_says_so(changeable_ledger: Ledger) -> None:
    with changeable_ledger.database.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(LaunchError, match="a newer tminus has used it"):
        changeable_ledger.migrate()
