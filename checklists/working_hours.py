"""The next moment at which somebody works: nobody is reminded in the night, at a weekend or on a holiday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from checklists.dates import Calendar
from checklists.organisation import WorkingHours

FURTHEST = 400
"""Days looked ahead; a calendar without a working day in more than a year holds nothing back."""


def next_moment(at: datetime, hours: WorkingHours, calendar: Calendar) -> datetime:
    """`at` itself where they work then, else the next beginning of their day. The calendar is in their time zone."""
    zone = ZoneInfo(calendar.timezone)
    local = at.astimezone(zone)
    if calendar.is_working(local.date()) and hours.starts <= local.time() < hours.ends:
        return at
    today = local.date() if local.time() < hours.starts else local.date() + timedelta(days=1)
    days = (today + timedelta(days=ahead) for ahead in range(FURTHEST))
    day = next((day for day in days if calendar.is_working(day)), None)
    return datetime.combine(day, hours.starts, zone).astimezone(UTC) if day else at
