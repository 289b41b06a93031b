"""What becomes of an announcement: it leaves, or waits, or its time passes and a person is asked."""

from __future__ import annotations

import time

from checklists.launch import Launch
from checklists.request import ItemRun
from ledger.batches import TOO_LATE
from tasks.announcements.announcing import announcement, batches_of, drain, is_late, is_wanted, plan, rests_until, tally
from tasks.senders.ways_out import way_out
from tasks.world import World

Outcome = tuple[bool, str, tuple[str, ...]]


def leave(world: World, run: ItemRun) -> Outcome | None:
    """Plan and send it, and tell what became of it; None where the launch wants it to wait."""
    is_done = is_wanted(world, run) and plan(world, run) and drain(world, run)
    if is_late(world, run):  # also where a vendor asked for time until then
        return _give_up(world, run)
    return tally(world, run) if is_done and rests_until(world, run) is None else None


def _give_up(world: World, run: ItemRun) -> Outcome:
    """All is well where all of it had left in time, and only its report was lost."""
    launch, item = announcement(world, run)
    until = f"{launch.dates.not_after[run.item]:%d %b %Y %H:%M} UTC"
    late = sum(_closed(world, launch, run, channel, f"not after {until}") for channel in item.announce.channels)
    is_planned = bool(world.ledger.deliveries.counts(run.launch_id, run.item))
    ok, told, findings = tally(world, run)
    if is_planned and not late:
        return ok, told, findings
    told = told if is_planned else "nobody was told"
    remedy = "give the launch another day and run it again, or waive it"
    return False, f"{TOO_LATE}it was not to leave after {until}; {told}; {remedy}", findings


def _closed(world: World, launch: Launch, run: ItemRun, channel: str, why: str) -> int:
    """How many batches were given up, once nothing of this channel can leave and nobody is writing any more."""
    of, batches = batches_of(run, channel), world.ledger.batches
    repeatable = channel in world.organisation.channels and way_out(world, launch, channel).repeatable
    while True:
        batches.expire(of, world.now(), repeatable=repeatable)
        late = batches.give_up(of, why, world.now())
        if batches.is_drained(of):
            return late
        time.sleep(0.5)  # somebody writes in this moment; a lease lapses where they were killed
