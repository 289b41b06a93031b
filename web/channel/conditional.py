"""Conditional GET (RFC 9110, 13): whether a reader has the newest already.

Dates there are whole seconds, and two changes may be of the same one. So the date that is sent is the second that
begins after the last change, once it has begun: who asks by a date has seen all that was changed before it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers

SECOND = timedelta(seconds=1)


def has_newest(headers: Headers, etag: str, changed: datetime | None) -> bool:
    """An entity tag decides where one was sent; a date only where none was."""
    tags = headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = _moment(headers.get("if-modified-since"))
    return bool(since and changed and changed < since)


def last_modified(changed: datetime | None, now: datetime) -> dict[str, str]:
    """The header that says when it had changed last; none while it may change again within the same second."""
    over = changed and changed.astimezone(UTC).replace(microsecond=0) + SECOND
    return {"Last-Modified": format_datetime(over, usegmt=True)} if over and over <= now else {}


def _moment(said: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(said) if said else None
    except (ValueError, OverflowError):
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
