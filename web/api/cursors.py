"""Where the next page begins, as a text. Whoever makes one up sees nothing they could not ask for."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

from ledger.pages import Place
from web.api.problems import Problem

LAUNCH = re.compile(r"[a-z][a-z0-9-]*-[0-9][0-9A-Za-z.+-]*", re.ASCII)
LONGEST = 400


def of_place(place: Place | None) -> str | None:
    return _written([place.started_at.isoformat(), place.launch_id]) if place else None


def of_number(number: int | None) -> str | None:
    return None if number is None else _written(number)


def place(cursor: str | None) -> Place | None:
    """Raises Problem for a text that no answer contained."""
    match _read(cursor):
        case None:
            return None
        case [str(at), str(name)] if LAUNCH.fullmatch(name) and len(name) <= 160:
            return Place(_instant(at), name)
    raise _strange()


def number(cursor: str | None) -> int:
    """Raises Problem for a text that no answer contained."""
    match _read(cursor):
        case None:
            return 0
        case int(found) if 0 <= found < 2**31:
            return found
    raise _strange()


def _written(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _read(cursor: str | None) -> Any:
    if not cursor:
        return None
    try:
        whole = cursor[:LONGEST].encode("ascii")
        found = json.loads(urlsafe_b64decode(whole + b"=" * (-len(whole) % 4)).decode())
    except (ValueError, RecursionError) as error:
        raise _strange() from error
    if found is None or isinstance(found, bool):
        raise _strange()
    return found


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _strange() from error


def _strange() -> Problem:
    return Problem(422, "cursor: take it as it stands in `next` of the page before", kind="not-valid")
