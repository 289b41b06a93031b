"""The tables of what leaves."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, text

from ledger.columns import Instant, metadata

ALONE, BATCHED = text("batch IS NULL"), text("batch IS NOT NULL")
"""Of those in batches a million are in one state: an index over them would help nobody, and mislead PostgreSQL."""
UNKNOWN = text("state = 'unknown'")
"""What is in doubt is hardly ever anything, and is looked for in every round of the patrol."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("launch_id", String(160), nullable=False),
    Column("item", String(60), nullable=False),
    Column("channel", String(60), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("purpose", String(60), nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("claimed_by", Text),
    Column("lease_until", Instant),
    Column("not_before", Instant),
    Column("provider_id", Text),
    Column("detail", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("batch", String(36)),
    Column("facts", Text),
    Index("deliveries_by_state", "launch_id", "item", "state"),
    Index("deliveries_waiting", "state", "not_before", sqlite_where=ALONE, postgresql_where=ALONE),
    Index("deliveries_of_batch", "batch", sqlite_where=BATCHED, postgresql_where=BATCHED),
    Index("deliveries_in_doubt", "launch_id", "item", "purpose", sqlite_where=UNKNOWN, postgresql_where=UNKNOWN),
)

# Up to a thousand deliveries that are claimed, written and settled together. A delivery in state `batched` is what its
# batch is; it has a state of its own as soon as something is true of it alone.
batches = Table(
    "batches",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("launch_id", String(160), nullable=False),
    Column("item", String(60), nullable=False),
    Column("channel", String(60), nullable=False),
    Column("purpose", String(60), nullable=False),
    Column("round", Integer, nullable=False),
    Column("segment", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("claimed_by", Text),
    Column("lease_until", Instant),
    Column("not_before", Instant),
    Column("provider_id", Text),
    Column("detail", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("batches_to_send", "launch_id", "item", "channel", "purpose", "state"),
    Index("batches_in_doubt", "updated_at", sqlite_where=UNKNOWN, postgresql_where=UNKNOWN),
)

# What providers tell of deliveries: arrived, bounced, opened, clicked. Each once, however often it is told.
delivery_events = Table(
    "delivery_events",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("delivery_id", String(36), nullable=False),
    Column("launch_id", String(160), nullable=False),
    Column("item", String(60), nullable=False),
    Column("channel", String(60), nullable=False),
    Column("purpose", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("is_machine", Boolean, nullable=False),
    Column("url", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("delivery_events_of_item", "launch_id", "item", "kind"),
    Index("delivery_events_of_delivery", "delivery_id"),
)

# Who stopped or started all sending, the newest last; what concerns one announcement stands in its launch's entries.
switches = Table(
    "switches",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("by", String(254), nullable=False),
    Column("via", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
