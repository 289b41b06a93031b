"""How long another machine asks us to wait (RFC 9110, 10.2.3): so many seconds, or until a moment by its own clock."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """In seconds, 0 for a moment that is over; None where it says nothing that is a time."""
    said = (headers.get("Retry-After") or "").strip()
    if SECONDS.fullmatch(said):
        return float(said)
    until, its_now = _moment(said), _moment(headers.get("Date") or "")
    return None if until is None else max(until - (its_now or time.time()), 0.0)


def _moment(said: str) -> float | None:
    """As Unix time. Dates of HTTP are in GMT, also the old ones that do not say so."""
    try:
        found = parsedate_to_datetime(said)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
