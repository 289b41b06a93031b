"""Deliveries in doubt: people are asked about them, and what they say is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checklists.commands import TMINUS
from checklists.decide import Refusal
from checklists.delivery_commands import SETTLES, Settle
from checklists.entries import Questioned
from checklists.launch import Launch
from checklists.request import ItemRun
from ledger.deliveries import ANNOUNCEMENT
from ledger.store import Unreadable
from tasks.act import act
from tasks.senders.ways_out import way_out
from tasks.sending.follow_up_doubts import NAMED, settle_follow_ups
from tasks.world import World
from templates.doubts import doubt


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a report of an announcement says of its deliveries in doubt: empty where there are none."""

    unsettled: str = ""
    ask_from: datetime | None = None


def doubt_of(world: World, run: ItemRun) -> Doubt:
    """What has to be asked about this announcement, and from when on."""
    count = world.ledger.in_doubt.count(run.launch_id, run.item)
    if not count:
        return Doubt()
    total = sum(world.ledger.deliveries.counts(run.launch_id, run.item).values())
    some = world.ledger.in_doubt.some(run.launch_id, run.item, NAMED)
    return Doubt(doubt(count, total, some), world.now() + SETTLES)


def is_sent_again(launch: Launch, item: str) -> bool:
    """Whether that is the last word on what was in doubt of this announcement."""
    about = [key for key, asked in launch.questions.items() if asked.about == item and not asked.purpose]
    fates = [launch.items[key].fate for key in about]
    said = [fate for fate in fates if fate is not None]
    return said[-1:] == ["again"]


def end_lapsed(world: World) -> None:
    """What the dead were writing of launches that are over: nobody sends the rest of it, and finds out by that."""
    for of in world.ledger.batches.being_written():
        head = world.ledger.index.find(of.launch_id)
        launch = _read(world, of.launch_id) if head and not head.is_open else None
        if launch:
            is_known = of.channel in world.organisation.channels
            repeatable = is_known and way_out(world, launch, of.channel).repeatable
            world.ledger.batches.expire(of, world.now(), repeatable=repeatable)


def _read(world: World, name: str) -> Launch | None:
    """None where its record is damaged: that keeps nobody else in the dark."""
    try:
        return world.launch(name)
    except Unreadable:
        return None


def settle_doubts(world: World, launch: Launch) -> Launch:
    """Carry out what was said of deliveries in doubt, and close the questions that reports have answered.

    What a person said stands in the record before it is done: where a process dies in between, it is done next time.
    """
    for key, asked in launch.questions.items():
        state = launch.items[key]
        if asked.about is None or launch.is_over:
            continue
        if not asked.purpose and state.fate == "arrived" and state.ended_at:
            said = f"it arrived, says {state.ended_by}"
            world.ledger.in_doubt.arrived(launch.id, asked.about, said, state.ended_at)
        elif not state.has_ended and not _is_in_doubt(world, launch.id, asked):
            answer = act(world, launch.id, Settle(by=TMINUS, via="tminus", item=key, fate="known"))
            launch = launch if isinstance(answer, Refusal) else answer
    return settle_follow_ups(world, launch)


def _is_in_doubt(world: World, name: str, asked: Questioned) -> bool:
    return bool(asked.about and world.ledger.in_doubt.count(name, asked.about, asked.purpose or ANNOUNCEMENT))
