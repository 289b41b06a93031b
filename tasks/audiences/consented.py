"""When somebody agreed, as files and programs write it down."""

from __future__ import annotations

import re
from datetime import UTC, datetime

WRITTEN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
"""ISO 8601: a day, or a time with its zone."""
EARLIEST = 1970


def consented_at(said: str, now: datetime) -> datetime:
    """The moment in UTC; of a day its beginning there. Raises ValueError, also for what is after `now`."""
    if not re.fullmatch(WRITTEN, said):
        raise ValueError(f"{said[:40]!r} is no moment; one reads like 2026-03-31 or 2026-03-31T09:30:00+02:00")
    try:
        found = datetime.fromisoformat(said)
    except ValueError as error:
        raise ValueError(f"{said[:40]!r} is in no calendar") from error
    if found.year < EARLIEST:
        raise ValueError(f"{said[:40]} is too long ago; {EARLIEST} is the earliest")
    at = found if found.tzinfo else found.replace(tzinfo=UTC)
    if at > now:
        raise ValueError(f"{said[:40]} is still to come; nobody has agreed then")
    return at.astimezone(UTC)
