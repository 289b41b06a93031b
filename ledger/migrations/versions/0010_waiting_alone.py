"""What is in a batch leaves the index of what waits: a million in one state made PostgreSQL read them all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ALONE, BATCHED = sa.text("batch IS NULL"), sa.text("batch IS NOT NULL")


def upgrade() -> None:
    for name, columns, which in (
        ("deliveries_waiting", ["state", "not_before"], ALONE),
        ("deliveries_of_batch", ["batch"], BATCHED),
    ):
        op.drop_index(name, "deliveries")
        op.create_index(name, "deliveries", columns, sqlite_where=which, postgresql_where=which)
