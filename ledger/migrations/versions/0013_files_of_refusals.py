"""A refused release is tried again when organisation and checklists are not those any more that refused it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("receipts", sa.Column("files", sa.String(64), nullable=False, server_default=""))
