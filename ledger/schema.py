"""The tables of the ledger room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware instant; SQLite keeps no time zone, so UTC goes in and comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


# Two writers race for the primary key and one loses: that is the only lock. The body is the text that was hashed.
entries = Table(
    "entries",
    metadata,
    Column("launch_id", String(160), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# An index over the entries, written in their transaction: says nothing that they do not say.
launches = Table(
    "launches",
    metadata,
    Column("launch_id", String(160), primary_key=True),
    Column("product", String(60), nullable=False),
    Column("version", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("summary", JSON),
    Column("wake_at", Instant),
    Index("launches_open", "is_open"),
    Index("launches_wake", "is_open", "wake_at"),
    Index("launches_started", "started_at", "launch_id"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("release_key", Text, primary_key=True),
    Column("source", String(60), nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("event", String(60), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("deliveries", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("launch_id", String(160)),
    Column("reason", Text, nullable=False),
    Index("receipts_by_state", "state", "received_at"),
)

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
    Index("deliveries_by_state", "launch_id", "item", "state"),
    Index("deliveries_waiting", "state", "not_before"),
)

# Personal links to a gate: what each is bound to. The link itself is not here: it is made with the secret key.
links = Table(
    "links",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("launch_id", String(160), nullable=False),
    Column("item", String(60), nullable=False),
    Column("round", Integer, nullable=False),
    Column("person", String(254), nullable=False),
    Column("content", String(64), nullable=False),
    Column("mailing", Integer, nullable=False),
    Column("asks_code", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("links_of_item", "launch_id", "item", "round"),
)

# Keys to the JSON API, by the hash of their secret part.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("person", String(254), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("used_at", Instant),
    Index("tokens_of_person", "person"),
)

# Who lets whom sign for them; those of the organisation file are not here.
delegations = Table(
    "delegations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("who", String(254), nullable=False),
    Column("to", String(254), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("granted_by", String(254), nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("revoked_by", String(254)),
    Column("revoked_at", Instant),
    Index("delegations_by_end", "ends"),
)

# Answers of the API to POSTs that carried an idempotency key; no status while the first one is being worked on.
answers = Table(
    "answers",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("body", Text),
    Column("at", Instant, nullable=False),
)

# The heads of all launches on a day, signed, so that a record that was cut off shows.
anchors = Table(
    "anchors",
    metadata,
    Column("day", Date, primary_key=True),
    Column("body", Text, nullable=False),
    Column("signature", String(128), nullable=False),
    Column("key", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)

# What was last seen of repositories that are watched because no webhook tells of them.
watches = Table(
    "watches",
    metadata,
    Column("key", Text, primary_key=True),
    Column("tags", JSON, nullable=False),
    Column("pages", JSON, nullable=False),
    Column("looked_at", Instant),
    Column("not_before", Instant),
    Column("failures", Integer, nullable=False),
    Column("said", Text, nullable=False),
)
