"""What somebody said yes or no to is written down whole: topics that begin alike were cut to the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("consents") as table:
        table.alter_column("what", existing_type=sa.String(20), type_=sa.String(80), existing_nullable=False)
