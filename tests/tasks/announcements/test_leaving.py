"""Never late: what has not left by the end of its time does not leave, and a person is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from checklists.commands import TMINUS, Hold, Rerun, Reschedule, Resume, Waive
from checklists.dates import Calendar
from checklists.decide import Refusal
from checklists.launch import ItemState
from checklists.request import ItemRun
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcing import batches_of, drain, plan, put_off
from tasks.announcements.leaving import leave
from tasks.announcements.reaching import as_csv, reach_of
from tasks.checking import report
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, arrivals, newsroom, opened, states
from tests.tasks.worlds import Clock

YEAR = datetime.now(UTC).year + 1
UNTIL = datetime(YEAR, 12, 1, 18, 0, tzinfo=UTC)
IN_TIME, MINUTE = UNTIL - timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(IN_TIME)


@pytest.fixture
def timed(tmp_path: Path, peer: SendGridPeer, clock: Clock) -> Iterator[World]:
    """An announcement that may leave until 18:00 of its launch day; an hour before."""
    world = newsroom(tmp_path / "home", peer.host)
    opened(world, checklist="news-until")
    there = replace(world, now=clock)
    moved(there, UNTIL.date())
    yield there
    world.ledger.dispose()


def moved(world: World, day: date) -> None:
    assert not isinstance(act(world, RUN.launch_id, Reschedule(by=TMINUS, launch_on=day, calendar=Calendar())), Refusal)


def told(world: World, run: ItemRun = RUN) -> ItemState:
    """The item after its run has done what it could and said so."""
    outcome = leave(world, run)
    assert outcome is not None
    ok, summary, findings = outcome
    report(world, run, ok=ok, summary=summary, findings=findings)
    return advance(world, RUN.launch_id).items[RUN.item]


def again(world: World) -> ItemRun:
    """The flow run of the next round that a person asks for."""
    act(world, RUN.launch_id, Rerun(by=TMINUS, item=RUN.item))
    state = advance(world, RUN.launch_id).items[RUN.item]
    assert state.run is not None
    return RUN.model_copy(update={"round": state.round, "number": state.run.number})


def test_what_leaves_in_time_is_all_well(timed: World, peer: SendGridPeer) -> None:
    assert (told(timed).status, states(timed), arrivals(timed, peer)) == ("passed", {"accepted": 4}, {1})


def test_nothing_is_planned_for_a_time_that_is_over(timed: World, clock: Clock, peer: SendGridPeer) -> None:
    clock.at = UNTIL
    state = told(timed)
    assert (state.status, states(timed), peer.received) == ("failed", {}, [])
    assert state.summary == (
        f"too late: it was not to leave after 01 Dec {YEAR} 18:00 UTC; nobody was told; "
        "give the launch another day and run it again, or waive it"
    )


def test_who_was_down_over_the_slot_sends_nothing_of_what_was_planned(
    timed: World, clock: Clock, peer: SendGridPeer
) -> None:
    plan(timed, RUN)
    clock.at = UNTIL + MINUTE
    assert not drain(timed, RUN), "nor does a run that has its plan already"
    state = told(timed)
    assert (state.status, states(timed), peer.received) == ("failed", {"suppressed": 4}, [])
    assert "; 0 of 4 handed over, 4 suppressed; " in state.summary
    said = {one.detail for one in timed.ledger.deliveries.of(RUN.launch_id)}
    assert said == {f"too late: not after 01 Dec {YEAR} 18:00 UTC"}


def test_reach_says_that_it_was_too_late_and_not_that_anybody_opted_out(timed: World, clock: Clock) -> None:
    plan(timed, RUN)
    clock.at = UNTIL
    told(timed)
    launch = timed.launch(RUN.launch_id)
    assert launch is not None
    (reached,) = reach_of(timed, launch)
    assert [(row.audience, row.excluded) for row in reached.channels] == [(4, {"too-late": 4})]
    assert ",too-late 4," in as_csv(launch, (reached,))


def over_after(clock: Clock, peer: SendGridPeer, messages: int) -> None:
    """Let the time be over while this message is being taken."""
    accept = peer.reply

    def taken(mode: str, request: object) -> object:
        if len(peer.received) == messages:
            clock.at = UNTIL
        return accept(mode, request)  # type: ignore[arg-type]

    peer.reply = taken  # type: ignore[method-assign,assignment]


@pytest.mark.usefixtures("one_by_one")
def test_the_moment_is_looked_at_within_each_claim(timed: World, clock: Clock, peer: SendGridPeer) -> None:
    over_after(clock, peer, 2)
    state = told(timed)
    assert (state.status, len(peer.received)) == ("failed", 2)
    assert states(timed) == {"accepted": 2, "suppressed": 2}
    assert "; 2 of 4 handed over, 2 suppressed; " in state.summary


def test_a_sender_that_has_claimed_a_batch_may_not_write_it_any_more(timed: World, clock: Clock) -> None:
    plan(timed, RUN)
    of, batches = batches_of(RUN, "email"), timed.ledger.batches
    claimed = batches.claim(of, "another worker", clock(), timedelta(minutes=2))
    assert claimed is not None
    clock.at = UNTIL
    told(timed)
    assert not batches.writing(claimed.id, "another worker", clock())
    assert not batches.settle(claimed.id, "another worker", "planned", clock())
    assert states(timed) == {"suppressed": 4}


def test_what_was_being_written_then_is_not_said_to_be_suppressed(timed: World, clock: Clock) -> None:
    plan(timed, RUN)
    of, batches = batches_of(RUN, "email"), timed.ledger.batches
    claimed = batches.claim(of, "killed", clock(), timedelta(minutes=2))
    assert claimed is not None
    assert batches.writing(claimed.id, "killed", clock())
    clock.at = UNTIL
    state = told(timed)
    assert states(timed) == {"unknown": claimed.size, "suppressed": 4 - claimed.size}
    assert any("unknown" in finding for finding in state.findings)


def test_whose_report_was_lost_has_sent_it_in_time_all_the_same(timed: World, clock: Clock) -> None:
    plan(timed, RUN)
    assert drain(timed, RUN)
    clock.at = UNTIL + MINUTE
    assert (told(timed).status, states(timed)) == ("passed", {"accepted": 4})


def test_running_it_again_sends_nothing_either(timed: World, clock: Clock, peer: SendGridPeer) -> None:
    plan(timed, RUN)
    clock.at = UNTIL
    told(timed)
    state = told(timed, again(timed))
    assert (state.status, states(timed), peer.received) == ("failed", {"suppressed": 4}, [])
    act(timed, RUN.launch_id, Waive(by=TMINUS, item=RUN.item, reason="the moment has passed"))
    assert advance(timed, RUN.launch_id).items[RUN.item].status == "waived"


@pytest.mark.usefixtures("one_by_one")
def test_with_another_launch_day_the_rest_leaves_and_nobody_hears_twice(
    timed: World, clock: Clock, peer: SendGridPeer
) -> None:
    over_after(clock, peer, 2)
    assert told(timed).status == "failed"
    moved(timed, (UNTIL + timedelta(days=7)).date())
    assert (told(timed, again(timed)).status, states(timed)) == ("passed", {"accepted": 4})
    assert (arrivals(timed, peer), len(peer.message_ids)) == ({1}, 4)


def test_a_hold_over_the_slot_is_a_hold_first_and_late_when_it_ends(timed: World, clock: Clock) -> None:
    plan(timed, RUN)
    act(timed, RUN.launch_id, Hold(by=TMINUS, reason="the price is wrong"))
    clock.at = UNTIL
    assert leave(timed, RUN) is None
    put_off(timed, RUN)
    act(timed, RUN.launch_id, Resume(by=TMINUS))
    state = advance(timed, RUN.launch_id).items[RUN.item]
    assert state.run is not None
    assert told(timed, RUN.model_copy(update={"number": state.run.number})).status == "failed"
    assert states(timed) == {"suppressed": 4}


def test_a_run_made_by_hand_gives_up_nothing_that_has_ended(timed: World, clock: Clock) -> None:
    told(timed)
    clock.at = UNTIL
    assert leave(timed, RUN) is None
    assert states(timed) == {"accepted": 4}
