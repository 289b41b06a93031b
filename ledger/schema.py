"""The tables of the ledger room."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Text

from ledger.columns import Instant, metadata
from ledger.delivery_tables import batches as batches
from ledger.delivery_tables import deliveries as deliveries
from ledger.delivery_tables import delivery_events as delivery_events
from ledger.delivery_tables import switches as switches

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
    Column("files", String(64), nullable=False, server_default=""),
    Index("receipts_by_state", "state", "received_at"),
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

# What stands on the change channel. The words are as approved; html, excerpt and found_by are made of them by `drawn`.
publications = Table(
    "publications",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("slug", String(200), nullable=False),
    Column("launch_id", String(160), nullable=False),
    Column("item", String(60), nullable=False),
    Column("product", String(60), nullable=False),
    Column("version", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("audience", String(60), nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("types", JSON, nullable=False),
    Column("locale", String(35), nullable=False),
    Column("variants", JSON, nullable=False),
    Column("html", Text, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("found_by", Text, nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("translated", JSON, nullable=False),
    Column("corrections", JSON, nullable=False),
    Column("recalled_at", Instant),
    Column("recall_reason", Text, nullable=False),
    Column("recall_reasons", JSON, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("publications_by_slug", "slug", unique=True),
    Index("publications_by_revision", "revision", unique=True),
    Index("publications_newest", "published_at", "id"),
    Index("publications_state", "is_public", "audience", "product", "recalled_at", "revision", "updated_at"),
)

# The topics and change types of publications, to be searched by.
publication_tags = Table(
    "publication_tags",
    metadata,
    Column("publication_id", String(36), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("name", String(60), primary_key=True),
    Index("publication_tags_by_name", "kind", "name"),
)

# Who may read, with a link of theirs, what was published for one audience only. The link itself is made with the key.
readers = Table(
    "readers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(254), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("readers_of_person", "person"),
)

# What people are writing in notes and have not saved; once it is saved it is an entry, and no more here.
unsaved = Table(
    "unsaved",
    metadata,
    Column("launch_id", String(160), primary_key=True),
    Column("item", String(60), primary_key=True),
    Column("audience", String(20), primary_key=True),
    Column("person", String(254), primary_key=True),
    Column("words", Text, nullable=False),
    Column("base", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)

# What each digest gathers: the ids of publications. Its mail is the delivery of the same id.
digests = Table(
    "digests",
    metadata,
    Column("delivery_id", String(36), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("until", Instant, nullable=False),
    Column("publications", JSON, nullable=False),
    Index("digests_of_person", "person", "until"),
)
