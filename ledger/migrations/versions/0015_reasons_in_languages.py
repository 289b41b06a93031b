"""Why a change was withdrawn is said in each of the organisation's languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("publications", sa.Column("recall_reasons", sa.JSON, nullable=False, server_default="{}"))
