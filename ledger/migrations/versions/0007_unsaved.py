"""What people are writing in notes and have not saved yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "unsaved",
        sa.Column("launch_id", sa.String(160), primary_key=True),
        sa.Column("item", sa.String(60), primary_key=True),
        sa.Column("audience", sa.String(20), primary_key=True),
        sa.Column("person", sa.String(254), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
