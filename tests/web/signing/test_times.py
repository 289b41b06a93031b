from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.web.signing.scene import Scene
from web.signing.times import due, moment, zone_of

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def test_an_instant_is_shown_as_the_readers_clock_shows_it() -> None:
    assert moment(NOON, BERLIN) == {"iso": "2026-11-26T13:00:00+01:00", "text": "Thu 26 Nov 2026, 13:00 CET"}
    assert moment(NOON, TOKYO)["text"] == "Thu 26 Nov 2026, 21:00 JST"


@pytest.mark.parametrize(
    ("now", "distance", "late"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "in 3 days", ""),
        (datetime(2026, 11, 25, 22, tzinfo=UTC), "tomorrow", ""),
        (datetime(2026, 11, 25, 23, tzinfo=UTC), "today", ""),
        (datetime(2026, 11, 26, 13, tzinfo=UTC), "today", "late"),
        (datetime(2026, 11, 27, 12, tzinfo=UTC), "since yesterday", "late"),
        (datetime(2026, 11, 30, 12, tzinfo=UTC), "4 days ago", "late"),
    ],
)
def test_a_due_date_says_how_far_away_it_is_in_days_of_the_reader(now: datetime, distance: str, late: str) -> None:
    found = due(NOON, now, BERLIN)
    assert (found["distance"], found["late"]) == (distance, late)


def test_the_zone_is_the_readers_or_else_the_products(here: Scene) -> None:
    assert str(zone_of(here.world, "kim@example.com", "acme")) == "Europe/Istanbul"
    assert str(zone_of(here.world, "eva@example.com", "acme")) == "Europe/Berlin"
    assert str(zone_of(here.world, "", "nothing")) == "UTC"
