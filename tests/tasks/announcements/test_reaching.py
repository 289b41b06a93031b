"""What became of announcements, from the ledger."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import insert

from ledger import schema
from tasks.announcements.announcing import drain, plan
from tasks.announcements.previewing import send_test
from tasks.announcements.reaching import as_csv, as_plain, reach_of
from tasks.world import World
from tests.tasks.newsroom import RUN, newsroom, opened


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = newsroom(tmp_path)
    yield made
    made.ledger.dispose()


def tell(world: World, kind: str, *, machine: bool = False, times: int = 1, purpose: str = "announcement") -> None:
    """Events of the first delivery by mail."""
    one = next(row for row in world.ledger.deliveries.of(RUN.launch_id) if row.channel == "email")
    about = {"delivery_id": one.id, "launch_id": one.launch_id, "item": one.item, "channel": "email"}
    now = {"at": world.now(), "received_at": world.now(), "url": "", "detail": "", "purpose": purpose}
    rows = [
        {"id": f"{kind}-{purpose}-{machine}-{number}", "kind": kind, "is_machine": machine, **about, **now}
        for number in range(times)
    ]
    with world.ledger.database.writing() as connection:
        connection.execute(insert(schema.delivery_events), rows)


def test_before_anything_leaves_there_is_nothing_to_tell(world: World) -> None:
    (told,) = reach_of(world, opened(world))
    assert {(row.handed_over, row.audience) for row in told.channels} == {(0, 0)}


def test_each_channel_says_what_became_of_it(world: World) -> None:
    launch = opened(world, customers=3)
    plan(world, RUN)
    assert drain(world, RUN)
    tell(world, "clicked", times=3)
    tell(world, "opened", machine=True)
    tell(world, "opened", purpose="test/1")
    (told,) = reach_of(world, launch)
    mail = next(row for row in told.channels if row.channel == "email")
    assert (mail.audience, mail.handed_over, mail.unknown) == (4, 4, 0)
    assert (mail.clicked, mail.opened) == (1, 0), "one person clicked three times, and a scanner opened"


def test_a_test_is_in_no_number(world: World) -> None:
    launch = opened(world)
    assert send_test(world, launch, RUN.item, "ada@example.com") == "accepted"
    (told,) = reach_of(world, launch)
    assert all((row.audience, row.handed_over) == (0, 0) for row in told.channels)


def test_programs_and_spreadsheets_get_the_same_numbers(world: World) -> None:
    launch = opened(world)
    plan(world, RUN)
    drain(world, RUN)
    told = reach_of(world, launch)
    plain = as_plain(launch, told)["announcements"][0]["channels"]
    rows = list(csv.DictReader(StringIO(as_csv(launch, told))))
    assert [row["handed_over"] for row in rows] == [str(one["handed_over"]) for one in plain]
    assert rows[0]["launch"] == "acme-2.4.0"


def test_no_title_becomes_a_formula(world: World) -> None:
    launch = opened(world)
    (told,) = reach_of(world, launch)
    worst = told.__class__(told.item, '=HYPERLINK("https://evil.example")\r\nx', told.status, told.channels)
    assert "\n'=HYPERLINK" in as_csv(launch, (worst,)).replace('"', "") or ",\"'=HYPERLINK" in as_csv(launch, (worst,))
