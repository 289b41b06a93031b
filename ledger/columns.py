"""What columns of the ledger room are made of, beside what SQLAlchemy has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
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


class Words(TypeDecorator[frozenset[str]]):
    """A small set of names without spaces, in one text: each between spaces, so that one can be looked for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str:
        return f" {' '.join(sorted(value))} " if value else ""

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str]:
        return frozenset(str(value).split())


DATA = JSON().with_variant(JSONB(), "postgresql")
"""Data that rules look into."""
