"""What was last seen of repositories that are watched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("pages", sa.JSON, nullable=False),
        sa.Column("looked_at", INSTANT),
        sa.Column("not_before", INSTANT),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
    )
