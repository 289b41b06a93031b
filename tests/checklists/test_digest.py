from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.digest import (
    EVENING,
    FIRST,
    LONGEST,
    MORNING,
    News,
    Period,
    day_of,
    due,
    follows,
    gathered,
    is_left,
    merged,
    wants,
)
from checklists.selection import Reason
from checklists.subscriber import Pace, Subscriber

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Tehran",
)


def reader(pace: Pace = "daily", zone: str = "Europe/Berlin", **more: object) -> Subscriber:
    given: dict[str, object] = {"topics": frozenset({"acme"}), **more}
    return Subscriber("1" * 32, "a@example.net", "a@example.net", "confirmed", timezone=zone, pace=pace, **given)  # type: ignore[arg-type]


def news(id_: str, at: datetime, product: str = "acme", *topics: str, types: tuple[str, ...] = ()) -> News:
    return News(id_, product, at, topics, types)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("who", "now", "name", "until"),
    [
        (reader(), "2026-11-25T08:04:59Z", None, None),
        (reader(), "2026-11-25T08:05:00Z", "daily-2026-11-25", "2026-11-25T08:00:00Z"),
        (reader(), "2026-11-25T18:59:00Z", "daily-2026-11-25", "2026-11-25T08:00:00Z"),
        (reader(), "2026-11-25T19:00:00Z", None, None),
        (reader("weekly"), "2026-11-23T08:30:00Z", "weekly-2026-11-23", "2026-11-23T08:00:00Z"),
        (reader("weekly"), "2026-11-27T12:00:00Z", "weekly-2026-11-23", "2026-11-23T08:00:00Z"),
        (reader("weekly"), "2026-11-30T12:00:00Z", "weekly-2026-11-30", "2026-11-30T08:00:00Z"),
        (reader(zone="Asia/Tokyo"), "2026-11-25T00:30:00Z", "daily-2026-11-25", "2026-11-25T00:00:00Z"),
        (reader(zone="America/New_York"), "2026-11-25T00:30:00Z", "daily-2026-11-24", "2026-11-24T14:00:00Z"),
        (reader(zone=""), "2026-11-25T09:30:00Z", "daily-2026-11-25", "2026-11-25T09:00:00Z"),
        (reader(zone="Nowhere/Land"), "2026-11-25T09:30:00Z", "daily-2026-11-25", "2026-11-25T09:00:00Z"),
        (reader("immediate"), "2026-11-25T12:00:00Z", None, None),
        (reader(channels=frozenset({"feed"})), "2026-11-25T12:00:00Z", None, None),
        (reader(paused_until=day("2026-11-26T00:00:00Z")), "2026-11-25T12:00:00Z", None, None),
        (reader(paused_until=day("2026-11-25T11:00:00Z")), "2026-11-25T12:00:00Z", "daily-2026-11-25", None),
        (reader(), "2026-03-29T07:30:00Z", "daily-2026-03-29", "2026-03-29T07:00:00Z"),  # the night of summer time
        (reader(), "2026-10-25T08:30:00Z", "daily-2026-10-25", "2026-10-25T08:00:00Z"),
    ],
)
def test_a_digest_is_due_in_the_readers_own_morning(
    who: Subscriber, now: str, name: str | None, until: str | None
) -> None:
    found = due(who, day(now))
    assert (found.name if found else None) == name
    assert found is None or until is None or found.until == day(until)


@pytest.mark.parametrize("state", ["unconfirmed", "unsubscribed", "bounced", "blocked"])
def test_nobody_gets_one_who_does_not_want_mail(state: str) -> None:
    who = Subscriber("1", "a@example.net", "a@example.net", state, pace="daily")  # type: ignore[arg-type]
    assert due(who, MONDAY) is None


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(["daily", "weekly"]),
)
def test_periods_follow_each_other_without_a_gap_whatever_clocks_do(zone: str, at: datetime, pace: Pace) -> None:
    """Every moment is in exactly one period: each begins where the one before it ended."""
    now = at.replace(tzinfo=UTC)
    found = due(reader(pace, zone), now)
    local = now.astimezone(ZoneInfo(zone))
    assert (found is not None) is (FIRST <= local.time() < EVENING)
    if found is None:
        return
    assert found.ends == found.until <= now
    assert found.until.astimezone(ZoneInfo(zone)).time() == MORNING
    length = timedelta(days=1 if pace == "daily" else 7)
    before = due(reader(pace, zone), found.until - length + timedelta(hours=3))
    assert before is not None
    assert (before.until, before.name) != (found.until, found.name)
    lasted = found.until.astimezone(ZoneInfo(zone)).date() - before.until.astimezone(ZoneInfo(zone)).date()
    assert lasted == length or zone == "Pacific/Apia"


@given(st.sampled_from(ZONES), st.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 1)))
def test_a_day_has_one_digest_however_often_it_is_looked_for(zone: str, at: datetime) -> None:
    start = at.replace(tzinfo=UTC)
    moments = [start + timedelta(minutes=15 * number) for number in range(4 * 24)]
    names = [found.name for moment in moments if (found := due(reader("daily", zone), moment))]
    assert len(set(names)) <= 2
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("zone", "now", "opens"),
    [
        ("Europe/Berlin", "2026-11-25T08:05:00Z", "2026-11-25T08:05:00Z"),
        ("Europe/Berlin", "2026-11-25T18:59:59Z", "2026-11-25T18:59:59Z"),
        ("Europe/Berlin", "2026-11-25T19:00:00Z", "2026-11-26T08:05:00Z"),
        ("Europe/Berlin", "2026-11-26T01:00:00Z", "2026-11-26T08:05:00Z"),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T07:05:00Z"),  # the night of summer time
        ("Asia/Tokyo", "2026-11-25T12:00:00Z", "2026-11-26T00:05:00Z"),
        ("", "2026-11-25T23:30:00Z", "2026-11-26T09:05:00Z"),
    ],
)
def test_digests_leave_by_day(zone: str, now: str, opens: str) -> None:
    assert day_of(reader(zone=zone), day(now)) == day(opens)


def test_it_gathers_what_came_since_the_last_one() -> None:
    period = Period("daily-2026-11-25", day("2026-11-25T08:00:00Z"), day("2026-11-25T08:00:00Z"))
    chose = reader(digests_from=day("2026-11-24T08:00:01Z"))
    some = [
        news("before", day("2026-11-24T08:00:00Z")),
        news("first", day("2026-11-24T08:00:01Z")),
        news("last", day("2026-11-25T08:00:00Z")),
        news("after", day("2026-11-25T08:00:01Z")),
    ]
    missed = day("2026-11-20T08:00:00Z")
    for who, last, expected in (
        (reader(), day("2026-11-24T08:00:00Z"), ["first", "last"]),
        (reader(), missed, ["before", "first", "last"]),
        (reader(), None, ["before", "first", "last"]),
        (chose, None, ["first", "last"]),
        (chose, missed, ["first", "last"]),
    ):
        assert [one.id for one in gathered(who, some, period, last)] == expected
    old = [news("old", period.until - LONGEST - timedelta(seconds=1))]
    assert gathered(reader(), old, period, day("2020-01-01T00:00:00Z")) == ()


@pytest.mark.parametrize(
    ("now", "name"),
    [
        ("2026-11-25T15:00:00Z", None),
        ("2026-11-26T08:04:00Z", None),
        ("2026-11-26T08:05:00Z", "last-2026-11-26"),
        ("2026-12-29T12:00:00Z", "last-2026-12-29"),
        ("2026-12-31T12:00:00Z", None),
    ],
)
def test_who_hears_at_once_now_gets_what_was_kept_back_until_then(now: str, name: str | None) -> None:
    left = day("2026-11-25T10:00:00Z")
    found = due(reader("immediate", digests_until=left), day(now))
    assert (found.name if found else None) == name
    assert found is None or found.ends == left
    some = [news("before", left), news("after", left + timedelta(seconds=1))]
    assert found is None or [one.id for one in gathered(reader("immediate"), some, found, None)] == ["before"]


def test_people_hear_of_what_they_follow() -> None:
    at = MONDAY
    assert follows(reader(), news("1", at, "acme"))
    assert not follows(reader(), news("1", at, "sdk"))
    assert follows(reader(topics=frozenset({"exports"})), news("1", at, "acme", "api", "exports"))
    assert not follows(reader(topics=frozenset()), news("1", at, "acme"))


def test_nobody_hears_what_they_do_not_want() -> None:
    picky = reader(change_types=frozenset({"security"}))
    kinds: tuple[tuple[str, ...], ...] = (("security", "new"), ("new",), ())
    assert [wants(picky, news("1", MONDAY, types=some)) for some in kinds] == [True, False, True]
    left = reader(topics=frozenset(), refused=frozenset({"sso"}))
    about = replace(news("1", MONDAY), about=("acme", "sso"))
    assert [wants(who, about) for who in (left, replace(left, topics=frozenset({"acme"})))] == [False, True]


def test_what_is_owed_comes_whatever_they_follow_and_when_it_was() -> None:
    period = Period("daily-2026-11-25", day("2026-11-25T08:00:00Z"), day("2026-11-25T08:00:00Z"))
    some = [news(str(number), period.until - timedelta(days=number), "sdk") for number in (-1, 0, 1, 35, 36)]
    owed = {one.id for one in some}
    chose = reader(digests_from=period.until)
    assert [one.id for one in gathered(chose, some, period, period.until, owed)] == ["0", "1", "35"]


@pytest.mark.parametrize(
    ("who", "why", "is_theirs"),
    [
        (reader(), "digest", True),
        (reader("immediate"), "digest", True),
        (reader(), "paused", True),
        (reader("immediate"), "paused", False),
        (reader(digests_from=MONDAY + timedelta(hours=1)), "paused", False),
    ],
)
def test_a_digest_tells_what_an_announcement_left_to_it(who: Subscriber, why: Reason, is_theirs: bool) -> None:
    assert is_left(who, news("1", MONDAY), why) is is_theirs


def test_changes_to_one_thing_stand_together() -> None:
    def hour(number: int) -> datetime:
        return MONDAY + timedelta(hours=number)

    some = [
        news("a", hour(1), "acme", "exports"),
        news("b", hour(2), "sdk"),
        news("c", hour(3), "acme", "exports", "api"),
        news("d", hour(4), "acme"),
    ]
    found = [(thing.product, thing.topic, [one.id for one in thing.news]) for thing in merged(some)]
    assert found == [("acme", "", ["d"]), ("acme", "exports", ["c", "a"]), ("sdk", "", ["b"])]
    assert merged([]) == ()
