"""The tables of people who hear of launches, and of who was meant by an announcement."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from ledger.columns import DATA, Instant, Words, metadata

# People outside who hear of launches. `key` is the address as it is compared, `texts` and `numbers` are the attributes
# as rules compare them: nothing that `address` and `attributes` do not say.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", String(254), nullable=False),
    Column("key", String(300), nullable=False, unique=True),
    Column("domain", String(254), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("name", String(200), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("timezone", String(60), nullable=False),
    Column("pace", String(10), nullable=False),
    Column("channels", Words, nullable=False),
    Column("change_types", Words, nullable=False),
    Column("paused_until", Instant),
    Column("digests_from", Instant),
    Column("digests_until", Instant),
    Column("attributes", DATA, nullable=False),
    Column("texts", DATA, nullable=False),
    Column("numbers", DATA, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("subscribers_by_pace", "pace", "id"),
)

# What each subscribes to. A topic that was given up stays, switched off: no import brings it back.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("topic", String(60), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("subscriptions_of_topic", "topic", "person", "is_on"),
)

# The lists people came with.
cohorts = Table(
    "cohorts",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("list", String(60), primary_key=True),
    Index("cohorts_of_list", "list", "person"),
)

# What somebody said yes or no to: how, when, where from. Only ever added to.
consents = Table(
    "consents",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", String(80), nullable=False),
    Column("how", String(40), nullable=False),
    Column("origin", Text, nullable=False),
    Index("consents_of_person", "person", "id"),
)

# That an announcement's recipients are settled, by which rule, and how many there are by reason.
freezes = Table(
    "freezes",
    metadata,
    Column("launch_id", String(160), primary_key=True),
    Column("item", String(60), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("audience", String(60), nullable=False),
    Column("rule", Text, nullable=False),
    Column("topics", Words, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

# Everybody who was meant when it was settled, each once, and why some of them get nothing.
rosters = Table(
    "rosters",
    metadata,
    Column("launch_id", String(160), primary_key=True),
    Column("item", String(60), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("key", String(300), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("address", String(254), nullable=False),
    Column("name", String(200), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("timezone", String(60), nullable=False),
    Column("is_required", Boolean, nullable=False),
    Column("reason", String(12), nullable=False),
)
