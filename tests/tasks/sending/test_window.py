"""Mail at a time of day that is the reader's: nobody's phone rings in the night, and nobody is forgotten over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checklists.launch import ItemState
from checklists.request import ItemRun
from ledger.newcomers import Newcomer
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan, put_off
from tasks.announcements.leaving import leave
from tasks.boards.table_text import table
from tasks.checking import report
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.announcements.test_leaving import moved
from tests.tasks.newsroom import RUN, newsroom, opened
from tests.tasks.worlds import Clock

DAY = datetime(datetime.now(UTC).year + 1, 12, 1, tzinfo=UTC)
BERLIN, NEW_YORK, TOKYO, NOWHERE = (f"customer-{number}@example.net" for number in range(4))
ADA, BOARD = "ada@example.com", "board"
ZONES = {BERLIN: "Europe/Berlin", NEW_YORK: "America/New_York", TOKYO: "Asia/Tokyo", NOWHERE: ""}


def hour(hours: float) -> datetime:
    """UTC, on the launch day; in December Berlin is an hour ahead, New York five behind, Tokyo nine ahead."""
    return DAY + timedelta(hours=hours)


@pytest.fixture
def clock() -> Clock:
    return Clock(hour(8.5))


@pytest.fixture
def around(tmp_path: Path, peer: SendGridPeer, clock: Clock) -> Iterator[World]:
    """Readers around the world, mailed between nine and five of their own day."""
    world = newsroom(tmp_path / "home", peer.host)
    opened(world, customers=4, checklist="news-by-day")
    known = (Newcomer(address, "confirmed", timezone=zone, consent="asked") for address, zone in ZONES.items())
    world.ledger.newcomers.add(known, "import", "people.csv", datetime.now(UTC))
    there = replace(world, now=clock)
    moved(there, DAY.date())
    yield there
    world.ledger.dispose()


def told(world: World) -> set[str]:
    rows = world.ledger.deliveries.of(RUN.launch_id)
    return {one.recipient for one in rows if one.state == "accepted"}


def carried_out(world: World) -> ItemState:
    """The item after the flow run it has, if any, has done what it can now."""
    state = advance(world, RUN.launch_id).items[RUN.item]
    if state.run is None:
        return state
    run = ItemRun(launch_id=RUN.launch_id, item=RUN.item, round=state.round, number=state.run.number, form="work")
    outcome = leave(world, run)
    if outcome is None:
        put_off(world, run)
    else:
        ok, summary, findings = outcome
        report(world, run, ok=ok, summary=summary, findings=findings)
    return advance(world, RUN.launch_id).items[RUN.item]


def test_each_is_mailed_in_the_hours_of_their_own_day_and_once(around: World, clock: Clock, peer: SendGridPeer) -> None:
    state = carried_out(around)
    assert (state.status, state.run, told(around)) == ("waiting", None, {BERLIN, BOARD})
    assert state.rests_until == hour(9)
    (row,) = table(advance(around, RUN.launch_id))
    assert row["waits for"] == f"{DAY.year}-12-01 09:00 UTC"
    assert carried_out(around).status == "waiting", "nothing more is tried before"
    so_far = {BERLIN, BOARD}
    for at, next_, whom in ((9, 14, {ADA, NOWHERE}), (14, 24, {NEW_YORK})):
        clock.at, so_far = hour(at), so_far | whom
        state = carried_out(around)
        assert (state.status, state.rests_until, told(around)) == ("waiting", hour(next_), so_far)
    clock.at = hour(24)
    state = carried_out(around)
    assert (state.status, told(around)) == ("passed", so_far | {TOKYO})
    assert {peer.count(one.id) for one in around.ledger.deliveries.of(RUN.launch_id) if "@" in one.recipient} == {1}


def test_it_says_what_has_left_and_when_the_rest_does(around: World) -> None:
    plan(around, RUN)
    assert drain(around, RUN)
    said = put_off(around, RUN)
    assert said.startswith(f"tell rests until 01 Dec {DAY.year} 09:00 UTC: 2 of 6 handed over, 4 planned, ")


def test_who_was_down_until_the_day_was_over_waits_for_the_next(around: World, clock: Clock) -> None:
    plan(around, RUN)
    clock.at = hour(17)  # Berlin and all without a time zone are at home, New York has just had lunch
    assert drain(around, RUN)
    assert told(around) == {NEW_YORK, BOARD}
    assert carried_out(around).rests_until == hour(24)


def test_whose_day_begins_too_late_is_left_to_a_person(around: World, clock: Clock) -> None:
    clock.at = hour(35)  # 11 o'clock on the last day; Tokyo has gone home, New York sleeps, and at noon it is over
    state = carried_out(around)
    assert (state.status, told(around)) == ("waiting", {BERLIN, ADA, NOWHERE, BOARD})
    assert state.rests_until == hour(36)
    clock.at = hour(36)
    state = carried_out(around)
    assert state.status == "failed"
    assert "; 4 of 6 handed over, 2 suppressed, " in state.summary


def test_a_vendor_that_asks_for_half_an_hour_gets_it_and_nobody_has_to_do_anything(
    tmp_path: Path, peer: SendGridPeer, clock: Clock
) -> None:
    world = replace(newsroom(tmp_path / "home", peer.host), now=clock)
    opened(world)
    peer.reset_in = 1_700
    peer.answer("rate-limited", "accept")
    state = carried_out(world)
    assert (state.status, told(world)) == ("waiting", set())
    clock.wait(timedelta(minutes=30))
    state = carried_out(world)
    assert (state.status, len(told(world))) == ("passed", 4)
    world.ledger.dispose()
