from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from checklists.errors import LaunchError
from ledger import migrate
from ledger.columns import metadata
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, entries
from tests.ledger.racer import migrated_at_once

VERSION_TABLE = "tminus_version"
COLUMNS = """id, slug, launch_id, item, product, version, title, body, audience, is_public, topics, types, locale,
variants, html, excerpt, found_by, drawn, corrections, recall_reason, published_at, updated_at, revision"""
PERSON = """id, address, key, domain, state, reason, name, locale, timezone, pace, channels, change_types, attributes,
texts, numbers, created_at, updated_at"""


def test_the_steps_lead_to_the_tables_the_program_uses(ledger: Ledger) -> None:
    with ledger.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(ledger: Ledger) -> None:
    ledger.append(LAUNCH, entries(3), 0)
    ledger.migrate()
    assert ledger.read(LAUNCH) == entries(3)


def test_changes_in_several_languages_are_drawn_again(database_url: str) -> None:
    ledger = Ledger(database_url)
    words = ", ".join(f"'{name}'" for name in ("item", "acme", "2.4.0", "Acme", "words", "customers"))
    lists = "true, '[]', '[]', 'en', '{0}', '', '', '', 2, '[]', '', '2026-12-01', '2026-12-01', {1}"
    with ledger.database.writing() as connection:
        command.upgrade(migrate._config(connection), "0013")
        for number, others in enumerate(("{}", '{"de": {"title": "a", "body": "b"}}')):
            given = f"('{number}', '{number}', '{number}', {words}, {lists.format(others, number)})"
            connection.exec_driver_sql(f"INSERT INTO publications ({COLUMNS}) VALUES {given}")
    ledger.migrate()
    old = [ledger.publications.get(str(number)) for number in range(2)]
    assert [(one.shown.drawn, one.shown.translated) for one in old if one] == [(2, {}), (0, {})]
    ledger.dispose()


def test_who_reads_digests_already_is_told_what_they_missed(database_url: str) -> None:
    ledger = Ledger(database_url)
    with ledger.database.writing() as connection:
        command.upgrade(migrate._config(connection), "0015")
        for pace in ("daily", "immediate"):
            times = "'{}', '{}', '{}', '2026-12-01', '2026-12-09'"
            given = f"'{pace}', '{pace}@example.net', '{pace}', '', 'confirmed', '', '', '', '', '{pace}', '', ''"
            connection.exec_driver_sql(f"INSERT INTO subscribers ({PERSON}) VALUES ({given}, {times})")
    ledger.migrate()
    found = [ledger.subscribers.get(name) for name in ("daily", "immediate")]
    assert [one.digests_from for one in found if one] == [datetime(2026, 12, 1, tzinfo=UTC), None]
    ledger.dispose()


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
