"""Changes are kept as feeds show them in each of their languages; those that have several are drawn again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("publications", sa.Column("translated", sa.JSON, nullable=False, server_default="{}"))
    op.execute("UPDATE publications SET drawn = 0 WHERE CAST(variants AS TEXT) <> '{}'")
