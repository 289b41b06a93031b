"""A correction or a recall leaves: to exactly those who got the announcement, each at most once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from checklists.commands import FollowUp
from checklists.decide import Refusal, decide
from checklists.entries import FollowedUp
from checklists.errors import LaunchError
from checklists.launch import Launch
from ledger.batches import REPLACED, Of
from tasks.announcements.announcing import drained, is_stopped
from tasks.announcements.correcting import corrected
from tasks.senders.ways_out import way_out
from tasks.sending.batch import Errand
from tasks.sending.doubts import settle_doubts
from tasks.sending.progress import Progress
from tasks.sending.receiving import of_their_own, opted_out, personal
from tasks.world import World

PATIENCE = timedelta(seconds=20)  # of one round of the patrol, which sends it; the next one goes on


def prepared(world: World, name: str, command: FollowUp) -> FollowUp:
    """The command with how many it is for and in which languages, and its deliveries written down if it may happen.

    Nothing of them leaves before the record says that it shall; so there is none of which only the record knows.
    """
    counted = _counted(world, name, command)
    answer = decide(world.launch(name), counted, world.now())
    for entry in answer if not isinstance(answer, Refusal) else ():
        if isinstance(entry.data, FollowedUp):
            plan_follow_up(world, name, entry.data)
    return counted


def would_say(world: World, name: str, command: FollowUp) -> FollowedUp | Refusal:
    """What the command would say, or has said already in these words; nothing is written down by asking."""
    launch = world.launch(name)
    answer = decide(launch, _counted(world, name, command), world.now())
    if launch is None or isinstance(answer, Refusal):
        return answer if isinstance(answer, Refusal) else Refusal(f"{name}: no such launch")
    new = [entry.data for entry in answer if isinstance(entry.data, FollowedUp)]
    return new[0] if new else launch.items[command.item].follow_ups[-1]


def _counted(world: World, name: str, command: FollowUp) -> FollowUp:
    heard = sum(world.ledger.followed.heard(name, command.item).values())
    return replace(command, heard=heard, languages=world.organisation.languages)


def held_back(world: World, launch: Launch, item: str) -> str:
    """Until when nothing that is said after this announcement leaves, with the command that lets it; else empty."""
    if launch.items[item].muted is not None:
        return f"once it is let go on: tminus announcements resume {launch.id} {item}"
    return "once sending is let go on: tminus announcements start" if is_stopped(world) else ""


def plan_follow_up(world: World, name: str, said: FollowedUp) -> None:
    """One delivery for each who got the announcement, on each channel; asked again it is what was planned."""
    for channel in world.ledger.followed.heard(name, said.item):
        receivers = world.ledger.followed.receivers(name, said.item, channel)
        world.ledger.planning.plan(Of(name, said.item, channel, said.purpose), said.round, receivers, world.now())


def send_follow_ups(world: World) -> list[str]:
    """Send what is planned of all corrections and recalls; a sentence for each that left, or cannot."""
    if is_stopped(world):
        return []
    until = world.now() + PATIENCE
    return [line for of in world.ledger.followed.undone() for line in _sent(world, of, until)]


def _sent(world: World, of: Of, until: datetime) -> Iterator[str]:
    try:
        launch = world.launch(of.launch_id)
        said = _said(launch, of) if launch else None
        if launch is None or said is None or _is_replaced(world, launch, of) or not _may_leave(world, of):
            return
        progress, errand = Progress(0, ""), _errand(world, launch, said, of)
        drained(errand, until, progress)
    except LaunchError as error:
        yield f"{of.launch_id}: {of.purpose} of {of.item} by {of.channel}: {error}"
        return
    yield from (f"{of.launch_id}: {of.purpose} of {of.item} by {of.channel}: {why}" for why in errand.refused)
    if progress.settled:
        yield f"{of.launch_id}: {of.purpose} of {of.item} by {of.channel}: {_tally(world, of)}"
        settle_doubts(world, launch)


def _said(launch: Launch, of: Of) -> FollowedUp | None:
    """What the record says of it; None before it does."""
    state = launch.items.get(of.item)
    return next((one for one in state.follow_ups if one.purpose == of.purpose), None) if state else None


def _is_replaced(world: World, launch: Launch, of: Of) -> bool:
    """Whether something was said in its place; what has not begun to leave of it then never does."""
    state = launch.items[of.item]
    if of.purpose not in state.replaced:
        return False
    world.ledger.batches.expire(of, world.now(), repeatable=way_out(world, launch, of.channel).repeatable)
    world.ledger.batches.give_up(of, f"{state.follow_ups[-1].purpose} was said", world.now(), REPLACED)
    return True


def _may_leave(world: World, of: Of) -> bool:
    """The record says that it was said, nothing else in its place, and nobody stops it or holds the launch."""
    launch = world.launch(of.launch_id)
    if launch is None or _said(launch, of) is None or (launch.held is not None and not launch.is_over):
        return False
    state = launch.items[of.item]
    return state.muted is None and of.purpose not in state.replaced


def _errand(world: World, launch: Launch, said: FollowedUp, of: Of) -> Errand:
    as_it_leaves = corrected(world, launch, said, of.channel)
    return Errand(
        world=world,
        of=of,
        owner=str(uuid4()),
        sender=way_out(world, launch, of.channel),
        content=partial(as_it_leaves.segment, of.channel),
        comes_from=(as_it_leaves.sender.address, as_it_leaves.sender.name),
        reply_to=as_it_leaves.sender.reply_to,
        opted_out=partial(opted_out, world, launch, of.item),
        personal=partial(personal, world, asked=of_their_own(as_it_leaves.asked)),
        may_leave=partial(_may_leave, world, of),
    )


def _tally(world: World, of: Of) -> str:
    """In one sentence, on this channel."""
    counts = world.ledger.deliveries.by_channel(of.launch_id, of.item, of.purpose)
    states = {state: count for (channel, state), count in counts.items() if channel == of.channel}
    out = states.pop("accepted", 0) + states.pop("delivered", 0)
    rest = [f"{count} {state}" for state, count in sorted(states.items())]
    return ", ".join([f"{out} of {out + sum(states.values())} handed over", *rest])
