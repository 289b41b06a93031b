"""Digests: what each of them gathers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("delivery_id", sa.String(36), primary_key=True),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publications", sa.JSON, nullable=False),
    )
    op.create_index("digests_of_person", "digests", ["person", "until"])
