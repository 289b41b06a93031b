"""A digest: when somebody gets one, what stands in it, and what of that belongs together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from checklists.selection import Reason, has_given_up
from checklists.subscriber import Subscriber

MORNING, FIRST, EVENING = time(9), time(9, 5), time(20)
"""Local times: changes are gathered up to MORNING; digests come from FIRST on, when what was published until then can
be seen, whatever was under way; and none comes in the night."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)
LAST = "last"
"""The pace of what comes after they chose to hear at once."""
LONGEST = timedelta(days=35)
"""Older changes are no news to anybody, also not to those who were paused."""


@dataclass(frozen=True, slots=True)
class Period:
    """One digest of somebody: its name is the same however often it is asked for; it gathers up to `until` (UTC).

    What they follow counts as far as they read digests: to `ends`, which is earlier where they hear at once by now.
    """

    name: str
    until: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class News:
    """A published change, as far as it decides who hears of it in a digest. `about` is what they may have given up."""

    id: str
    product: str
    published_at: datetime
    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """All that is new about one thing, the newest first. No topic: about the product as a whole."""

    product: str
    topic: str
    news: tuple[News, ...]


def due(who: Subscriber, now: datetime) -> Period | None:
    """The digest they should have by now; None where they get none, or where it is night with them."""
    if who.state != "confirmed" or "email" not in who.channels:
        return None
    if who.paused_until is not None and who.paused_until > now:
        return None
    zone = zone_of(who.timezone)
    local = now.astimezone(zone)
    if not FIRST <= local.time() < EVENING:
        return None
    if who.pace == "immediate":
        return _last(who, local.date(), zone)
    day = local.date() if who.pace == "daily" else local.date() - timedelta(days=local.weekday())
    until = _morning(day, zone)
    return Period(f"{who.pace}-{day}", until, until)


def _last(who: Subscriber, day: date, zone: tzinfo) -> Period | None:
    """On the mornings after they chose to hear at once: what was kept back for a digest until then."""
    left, until = who.digests_until, _morning(day, zone)
    if left is None or not left <= until < left + LONGEST:
        return None
    return Period(f"{LAST}-{day}", until, left)


def day_of(who: Subscriber, now: datetime) -> datetime:
    """When it is day with them: now, or once their next one has begun."""
    zone = zone_of(who.timezone)
    local = now.astimezone(zone)
    if FIRST <= local.time() < EVENING:
        return now
    day = local.date() + timedelta(days=int(local.time() >= EVENING))
    return datetime.combine(day, FIRST, zone).astimezone(UTC)


def gathered(
    who: Subscriber, news: Iterable[News], period: Period, last: datetime | None, owed: Collection[str] = ()
) -> tuple[News, ...]:
    """What they follow of what was published since their last digest, and since they chose to read any; and what is
    `owed` to them, by id."""
    return tuple(
        one
        for one in news
        if period.until - LONGEST <= one.published_at <= period.until
        and (one.id in owed or (_is_new(who, one, last) and one.published_at <= period.ends and follows(who, one)))
        and wants(who, one)
    )


def _is_new(who: Subscriber, one: News, last: datetime | None) -> bool:
    return (last or LONG_AGO) < one.published_at and (who.digests_from or LONG_AGO) <= one.published_at


def is_left(who: Subscriber, one: News, why: Reason) -> bool:
    """Whether the announcement left it to a digest to tell them, or did so but for a pause, as `why` they got none."""
    has_paused = why == "paused" and who.pace != "immediate" and _is_new(who, one, None)
    return why == "digest" or has_paused


def follows(who: Subscriber, one: News) -> bool:
    """One of its topics is theirs; its product is one."""
    return bool(who.topics.intersection((one.product, *one.topics)))


def wants(who: Subscriber, one: News) -> bool:
    """They have not given up what it is about, and one of its change types is theirs, where they chose any."""
    kinds = not who.change_types or not one.types or bool(who.change_types.intersection(one.types))
    return kinds and not has_given_up(one.about, who)


def merged(news: Iterable[News]) -> tuple[Thing, ...]:
    """What is about one thing stands together: the same product and its first topic; what is newest comes first."""
    things: dict[tuple[str, str], list[News]] = {}
    for one in sorted(news, key=lambda one: (one.published_at, one.id), reverse=True):
        things.setdefault((one.product, one.topics[0] if one.topics else ""), []).append(one)
    return tuple(Thing(product, topic, tuple(some)) for (product, topic), some in things.items())


def zone_of(name: str) -> tzinfo:
    """UTC for somebody whose time zone nobody knows."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _morning(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
