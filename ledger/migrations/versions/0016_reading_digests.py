"""When people chose digests, and until when they read them: what was kept back for one is told, whatever failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.columns import Instant

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    for name in ("digests_from", "digests_until"):
        op.add_column("subscribers", sa.Column(name, Instant))
    op.execute("UPDATE subscribers SET digests_from = created_at WHERE pace <> 'immediate'")
