"""Relative dates and the calendar that turns them into instants."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from checklists.dates import Calendar, RelativeDate

BERLIN = Calendar(timezone="Europe/Berlin", holidays=(date(2026, 12, 24), date(2026, 12, 25)))
TUESDAY = date(2026, 12, 1)


def relative(text: str) -> RelativeDate:
    return RelativeDate.model_validate(text)


@pytest.mark.parametrize(
    ("text", "days", "at", "said"),
    [
        ("T", 0, None, "T+0"),
        ("T-3d", -3, None, "T-3d"),
        ("T-3", -3, None, "T-3d"),
        ("T+0 09:00", 0, time(9), "T+0 09:00"),
        ("T+5d", 5, None, "T+5d"),
        ("T 23:59", 0, time(23, 59), "T+0 23:59"),
    ],
)
def test_a_relative_date_is_read_and_said(text: str, days: int, at: time | None, said: str) -> None:
    assert relative(text) == RelativeDate(days=days, at=at)
    assert str(relative(text)) == said


@pytest.mark.parametrize(
    "text",
    ["", "3d", "t-3d", "T--3d", "T-3w", "T+0 24:00", "T+0 9:00", "T+0 12:60", "T-3d\n", "T-1000d", "T-٣d", 3, None],
)
def test_what_is_no_relative_date_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        RelativeDate.model_validate(text)


@given(st.integers(-999, 999), st.none() | st.tuples(st.integers(0, 23), st.integers(0, 59)))
def test_what_is_said_is_read_back_the_same(days: int, at: tuple[int, int] | None) -> None:
    when = RelativeDate(days=days, at=time(*at) if at else None)
    assert relative(str(when)) == when


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (TUESDAY, 0, TUESDAY),
        (TUESDAY, -3, date(2026, 11, 26)),
        (TUESDAY, 4, date(2026, 12, 7)),
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 12, 28), -1, date(2026, 12, 23)),
        (date(2026, 12, 6), 0, date(2026, 12, 6)),
        (date(2026, 12, 6), 1, date(2026, 12, 7)),
    ],
)
def test_weekends_and_holidays_do_not_count(day: date, days: int, expected: date) -> None:
    assert BERLIN.shift(day, days) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_going_there_and_back_from_a_working_day_ends_where_it_began(day: date, days: int) -> None:
    start = BERLIN.shift(day, 1)
    there = BERLIN.shift(start, days)
    assert BERLIN.is_working(there)
    assert BERLIN.shift(there, -days) == start
    assert abs(there - start) >= timedelta(days=abs(days))


@pytest.mark.parametrize(
    ("day", "text", "expected"),
    [
        (TUESDAY, "T-3d", datetime(2026, 11, 26, 16, 0, tzinfo=UTC)),
        (TUESDAY, "T+0 09:00", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        (date(2026, 7, 1), "T+0 09:00", datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        (date(2026, 3, 30), "T-1d 09:00", datetime(2026, 3, 27, 8, 0, tzinfo=UTC)),
    ],
)
def test_an_instant_is_meant_in_the_products_time_zone(day: date, text: str, expected: datetime) -> None:
    assert BERLIN.instant(day, relative(text)) == expected


@pytest.mark.parametrize("zone", ["Berlin", "", "../../etc/passwd", "/etc/localtime", "Europe", "UTC\x00"])
def test_a_time_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="no time zone is called"):
        Calendar(timezone=zone)
