"""An index that tells readers of feeds whether there is news, without a look at any words."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    columns = ["is_public", "audience", "product", "recalled_at", "revision", "updated_at"]
    op.create_index("publications_state", "publications", columns)
