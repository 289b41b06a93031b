"""The change channel: what was published, and who may read what is not public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("launch_id", sa.String(160), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("product", sa.String(60), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("audience", sa.String(60), nullable=False),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("types", sa.JSON, nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("variants", sa.JSON, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("excerpt", sa.Text, nullable=False),
        sa.Column("found_by", sa.Text, nullable=False),
        sa.Column("drawn", sa.Integer, nullable=False),
        sa.Column("corrections", sa.JSON, nullable=False),
        sa.Column("recalled_at", INSTANT),
        sa.Column("recall_reason", sa.Text, nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_index("publications_by_slug", "publications", ["slug"], unique=True)
    op.create_index("publications_by_revision", "publications", ["revision"], unique=True)
    op.create_index("publications_newest", "publications", ["published_at", "id"])
    _create_tags_and_readers()


def _create_tags_and_readers() -> None:
    op.create_table(
        "publication_tags",
        sa.Column("publication_id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("name", sa.String(60), primary_key=True),
    )
    op.create_index("publication_tags_by_name", "publication_tags", ["kind", "name"])
    op.create_table(
        "readers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("person", sa.String(254), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
    )
    op.create_index("readers_of_person", "readers", ["person"])
