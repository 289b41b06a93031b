"""What is in doubt is found by itself, whichever launch it is of: most of those that were corrected are over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

UNKNOWN = sa.text("state = 'unknown'")


def upgrade() -> None:
    for name, table, columns in (
        ("deliveries_in_doubt", "deliveries", ["launch_id", "item", "purpose"]),
        ("batches_in_doubt", "batches", ["updated_at"]),
    ):
        op.create_index(name, table, columns, sqlite_where=UNKNOWN, postgresql_where=UNKNOWN)
