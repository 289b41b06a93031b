"""Links, tokens, delegations, the API's answers, anchors, and what lists and the patrol read of a launch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _launches()
    op.create_index("deliveries_waiting", "deliveries", ["state", "not_before"])
    _links()
    _tokens()
    _delegations()
    _answers()
    _anchors()


def _launches() -> None:
    op.add_column("launches", sa.Column("summary", sa.JSON))
    op.add_column("launches", sa.Column("wake_at", INSTANT))
    op.create_index("launches_wake", "launches", ["is_open", "wake_at"])
    op.create_index("launches_started", "launches", ["started_at", "launch_id"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("launch_id", sa.String(160), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("person", sa.String(254), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("mailing", sa.Integer, nullable=False),
        sa.Column("asks_code", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
    )
    op.create_index("links_of_item", "links", ["launch_id", "item", "round"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("person", sa.String(254), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.Column("used_at", INSTANT),
    )
    op.create_index("tokens_of_person", "tokens", ["person"])


def _delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("to", sa.String(254), nullable=False),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("ends", sa.Date, nullable=False),
        sa.Column("granted_by", sa.String(254), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("revoked_by", sa.String(254)),
        sa.Column("revoked_at", INSTANT),
    )
    op.create_index("delegations_by_end", "delegations", ["ends"])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("key", sa.String(300), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sa.Column("at", INSTANT, nullable=False),
    )


def _anchors() -> None:
    op.create_table(
        "anchors",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
