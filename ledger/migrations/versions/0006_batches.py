"""Deliveries leave in batches; what providers tell of them; the switch that stops all sending."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("batch", sa.String(36)))
    op.add_column("deliveries", sa.Column("facts", sa.Text))
    op.create_index("deliveries_of_batch", "deliveries", ["batch"])
    _batches()
    _delivery_events()
    _switches()
    _batch_what_was_planned()


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String(36), primary_key=True),
        *_of_item(),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("claimed_by", sa.Text),
        sa.Column("lease_until", INSTANT),
        sa.Column("not_before", INSTANT),
        sa.Column("provider_id", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    )
    op.create_index("batches_to_send", "batches", ["launch_id", "item", "channel", "purpose", "state"])


def _delivery_events() -> None:
    op.create_table(
        "delivery_events",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("delivery_id", sa.String(36), nullable=False),
        *_of_item(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("is_machine", sa.Boolean, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
    )
    op.create_index("delivery_events_of_item", "delivery_events", ["launch_id", "item", "kind"])
    op.create_index("delivery_events_of_delivery", "delivery_events", ["delivery_id"])


def _switches() -> None:
    op.create_table(
        "switches",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("by", sa.String(254), nullable=False),
        sa.Column("via", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )


def _of_item() -> tuple[sa.Column[str], ...]:
    named = {"launch_id": 160, "item": 60, "channel": 60, "purpose": 60}
    return tuple(sa.Column(name, sa.String(length), nullable=False) for name, length in named.items())


def _batch_what_was_planned() -> None:
    """Announcements on the way: each delivery that is still to leave becomes a batch of its own, with its id.

    What is claimed or being written keeps its owner and its lease, and ends as it would have.
    """
    unfinished = "purpose = 'announcement' AND state IN ('planned', 'claimed', 'writing')"
    same = "id, launch_id, item, channel, purpose, round"
    then = "state, attempt, claimed_by, lease_until, not_before, provider_id, detail, updated_at"
    op.execute(
        f"INSERT INTO batches ({same}, segment, number, size, {then}) "  # noqa: S608 every name is ours
        f"SELECT {same}, '', 1, 1, {then} FROM deliveries WHERE {unfinished}"
    )
    op.execute(f"UPDATE deliveries SET batch = id, state = 'batched' WHERE {unfinished}")  # noqa: S608
