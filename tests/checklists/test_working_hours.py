"""Nobody is reminded in the night, at a weekend or on a holiday."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from checklists.dates import Calendar
from checklists.organisation import Hours
from checklists.working_hours import next_moment

OFFICE = Hours.model_validate("09:00-17:00")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("22:00-06:00", "'22:00-06:00' goes over midnight, .* write '22:00-23:59' or '00:00-06:00'"),
        ("22:00-00:00", "'22:00-00:00' goes over midnight, .* write '22:00-23:59'$"),
        ("09:00-09:00", "hours of a day read like '09:00-17:00', not '09:00-09:00'"),
        ("9-17", "hours of a day read like '09:00-17:00', not '9-17'"),
        ("09:00-24:00", "hours of a day read like '09:00-17:00', not '09:00-24:00'"),
    ],
)
def test_hours_that_are_none_say_what_to_write(written: str, said: str) -> None:
    with pytest.raises(ValidationError) as found:
        Hours.model_validate(written)
    (problem,) = found.value.errors()
    assert re.search(said, problem["msg"]), problem["msg"]


@pytest.mark.parametrize(
    ("at", "next_"),
    [
        ("Tue 2026-11-24 09:00", "Tue 2026-11-24 09:00"),
        ("Tue 2026-11-24 16:59", "Tue 2026-11-24 16:59"),
        ("Tue 2026-11-24 17:00", "Wed 2026-11-25 09:00"),
        ("Tue 2026-11-24 03:00", "Tue 2026-11-24 09:00"),
        ("Fri 2026-11-27 17:30", "Mon 2026-11-30 09:00"),
        ("Sat 2026-11-28 12:00", "Mon 2026-11-30 09:00"),
        ("Wed 2026-12-23 18:00", "Mon 2026-12-28 09:00"),
        ("Fri 2026-03-27 18:00", "Mon 2026-03-30 09:00"),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_the_next_moment_of_work_is_local(at: str, next_: str, zone: str) -> None:
    calendar = Calendar(timezone=zone, holidays=(date(2026, 12, 24), date(2026, 12, 25)))
    found = next_moment(local(at, zone), OFFICE, calendar)
    assert f"{found.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}" == next_


def local(text: str, zone: str) -> datetime:
    return datetime.strptime(text, "%a %Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))


def test_a_moment_of_work_stays_as_it_is() -> None:
    now = datetime(2026, 11, 24, 12, 34, 56, 789, tzinfo=UTC)
    assert next_moment(now, OFFICE, Calendar()) == now


def test_an_hour_that_the_clocks_skip_is_no_trouble() -> None:
    early = Hours.model_validate("02:30-10:00")
    calendar = Calendar(timezone="Europe/Berlin")
    found = next_moment(datetime(2026, 3, 27, 12, 0, tzinfo=UTC), early, calendar)
    assert found == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_a_calendar_without_a_working_day_holds_nothing_back() -> None:
    holidays = tuple(date.fromordinal(date(2026, 11, 1).toordinal() + day) for day in range(500))
    saturday = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    assert next_moment(saturday, OFFICE, Calendar(holidays=holidays)) == saturday
