"""Conditional GET (RFC 9110, 13): whether a reader has the newest already."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers


def has_newest(headers: Headers, etag: str, changed: datetime | None) -> bool:
    """An entity tag decides where one was sent; a date only where none was."""
    tags = headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = _moment(headers.get("if-modified-since"))
    return bool(since and changed and changed.replace(microsecond=0) <= since)


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _moment(said: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(said) if said else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
