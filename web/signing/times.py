"""Instants as the reader's own clock shows them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tasks.world import World

Moment = dict[str, str]


def zone_of(world: World, email: str, product: str) -> ZoneInfo:
    """Where the reader lives; where nobody said, where the product does."""
    organisation = world.organisation
    person, found = organisation.people.get(email), organisation.products.get(product)
    return ZoneInfo((person and person.timezone) or (found.timezone if found else "UTC"))


def moment(at: datetime, zone: ZoneInfo) -> Moment:
    """For machines and for people: `Thu 26 Nov 2026, 17:00 CET`."""
    local = at.astimezone(zone)
    return {"iso": local.isoformat(timespec="seconds"), "text": f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"}


def due(at: datetime, now: datetime, zone: ZoneInfo) -> Moment:
    """The same, with how far away it is; `late` is empty before it is over."""
    there, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    return {**moment(at, zone), "distance": _distance(there, today), "late": "late" if now > at else ""}


def _distance(there: date, today: date) -> str:
    days = (there - today).days
    near = {0: "today", 1: "tomorrow", -1: "since yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")
