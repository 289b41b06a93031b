"""What Alembic runs: the steps, on the connection and in the transaction it is given."""

from __future__ import annotations

from alembic import context

from ledger.columns import metadata

VERSION_TABLE = "tminus_version"  # not Alembic's default name: Prefect's server may live in the same database

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
