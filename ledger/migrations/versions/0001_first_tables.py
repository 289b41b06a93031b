"""The entries and their index, the receipts of webhooks, and the deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _entries()
    _launches()
    _receipts()
    _deliveries()


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("launch_id", sa.String(160), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _launches() -> None:
    op.create_table(
        "launches",
        sa.Column("launch_id", sa.String(160), primary_key=True),
        sa.Column("product", sa.String(60), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    )
    op.create_index("launches_open", "launches", ["is_open"])


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("release_key", sa.Text, primary_key=True),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("delivery_id", sa.Text, nullable=False),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("deliveries", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("launch_id", sa.String(160)),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("receipts_by_state", "receipts", ["state", "received_at"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("launch_id", sa.String(160), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("channel", sa.String(60), nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("purpose", sa.String(60), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("claimed_by", sa.Text),
        sa.Column("lease_until", INSTANT),
        sa.Column("not_before", INSTANT),
        sa.Column("provider_id", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    )
    op.create_index("deliveries_by_state", "deliveries", ["launch_id", "item", "state"])
