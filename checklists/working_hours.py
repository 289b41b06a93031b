"""The next moment within somebody's hours: nobody is reminded in the night, at a weekend or on a holiday."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from checklists.dates import Calendar
from checklists.organisation import Hours

FURTHEST = 400
"""Days looked ahead; a calendar without a working day in more than a year holds nothing back."""


def next_moment(at: datetime, hours: Hours, calendar: Calendar) -> datetime:
    """`at` itself where they work then, else the next beginning of their day. The calendar is in their time zone."""
    return next_within(at, hours, calendar.timezone, calendar.is_working)


def next_within(at: datetime, hours: Hours, timezone: str, counts: Callable[[date], bool] = lambda _: True) -> datetime:
    """`at` itself where it is within these hours there, else when they begin next; only days that count, or all."""
    zone = ZoneInfo(timezone)
    local = at.astimezone(zone)
    if counts(local.date()) and hours.starts <= local.time() < hours.ends:
        return at
    today = local.date() if local.time() < hours.starts else local.date() + timedelta(days=1)
    days = (today + timedelta(days=ahead) for ahead in range(FURTHEST))
    day = next((day for day in days if counts(day)), None)
    return datetime.combine(day, hours.starts, zone).astimezone(UTC) if day else at
