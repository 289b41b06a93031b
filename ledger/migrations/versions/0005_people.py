"""Subscribers: what they want to hear of, what they said yes to, and who was meant by an announcement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)
DATA = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _subscribers()
    _wishes()
    _recipients()


def _subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("domain", sa.String(254), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("timezone", sa.String(60), nullable=False),
        sa.Column("pace", sa.String(10), nullable=False),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("change_types", sa.Text, nullable=False),
        sa.Column("paused_until", INSTANT),
        sa.Column("attributes", DATA, nullable=False),
        sa.Column("texts", DATA, nullable=False),
        sa.Column("numbers", DATA, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    )
    op.create_index("subscribers_by_pace", "subscribers", ["pace", "id"])


def _wishes() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("person", sa.String(32), primary_key=True),
        sa.Column("topic", sa.String(60), primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("subscriptions_of_topic", "subscriptions", ["topic", "person", "is_on"])
    op.create_table(
        "cohorts",
        sa.Column("person", sa.String(32), primary_key=True),
        sa.Column("list", sa.String(60), primary_key=True),
    )
    op.create_index("cohorts_of_list", "cohorts", ["list", "person"])
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("how", sa.String(40), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
    )
    op.create_index("consents_of_person", "consents", ["person", "id"])


def _recipients() -> None:
    op.create_table(
        "freezes",
        *_of_round(),
        sa.Column("audience", sa.String(60), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "rosters",
        *_of_round(),
        sa.Column("key", sa.String(300), primary_key=True),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("timezone", sa.String(60), nullable=False),
        sa.Column("is_required", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
    )


def _of_round() -> tuple[sa.Column[str], sa.Column[str], sa.Column[int]]:
    return (
        sa.Column("launch_id", sa.String(160), primary_key=True),
        sa.Column("item", sa.String(60), primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    )
