"""An announcement leaves: one delivery for each recipient, planned first, in batches, and what became of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from checklists.entries import RunClosed
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from checklists.opening import earliest, is_too_early, is_too_late
from checklists.request import ItemRun
from ledger.batches import Of
from ledger.deliveries import ANNOUNCEMENT, State
from tasks import checking
from tasks.advance import record
from tasks.announcements.announcement import NothingToSend, ready
from tasks.announcements.publishing import stands
from tasks.audiences.settling import meant_by, settle, settled
from tasks.changes.contents import bound_items, of_announcement
from tasks.senders.outbox import Outbox
from tasks.senders.ways_out import way_by, way_out
from tasks.sending.as_task import as_task
from tasks.sending.batch import Errand
from tasks.sending.doubts import is_sent_again
from tasks.sending.progress import Progress
from tasks.sending.receiving import opted_out, personal, receivers
from tasks.sending.window import window_of
from tasks.world import World

PATIENCE = timedelta(minutes=15)  # how long one flow run waits for vendors that ask for time
SOON = timedelta(seconds=10)  # longer than the pause after a vendor could not be reached


def announcement(world: World, run: ItemRun) -> tuple[Launch, Announce]:
    """The launch and the item. Raises LaunchError where the run is not for an announcement of it."""
    launch = world.launch(run.launch_id)
    item = launch.items[run.item].item if launch and run.item in launch.items else None
    if launch is None or not isinstance(item, Announce):
        raise LaunchError(f"{run.launch_id}: {run.item} is not an announcement of this launch")
    return launch, item


def is_wanted(world: World, run: ItemRun) -> bool:
    """Whether the launch wants this sent now: anybody can start an `announce` run by hand, for any item and round."""
    launch, _ = announcement(world, run)
    return _is_wanted(world, launch, run)


def _is_wanted(world: World, launch: Launch, run: ItemRun) -> bool:
    """Nothing that would take it back has happened, whether or not that has been written down yet."""
    state, now = launch.items[run.item], world.now()
    is_time = not is_too_early(state, launch, now) and not is_too_late(state, launch, now)
    return is_time and _may_open(launch, run)


def _may_open(launch: Launch, run: ItemRun) -> bool:
    """But for the time."""
    is_kept_back = launch.held is not None or launch.items[run.item].is_kept_back
    return not is_kept_back and not launch.blocked_by(run.item) and checking.asks_for(launch, run)


def is_late(world: World, run: ItemRun) -> bool:
    """Whether it would leave now if its time had not passed."""
    launch, _ = announcement(world, run)
    return is_too_late(launch.items[run.item], launch, world.now()) and _may_open(launch, run)


def _may_leave(world: World, run: ItemRun, digest: str) -> bool:
    """The same, and that this very content is what stands in the record: only that did its gates sign."""
    launch, _ = announcement(world, run)
    known = launch.contents.get(run.item)
    is_as_signed = run.item not in bound_items(launch) or (known is not None and known.sha256 == digest)
    return is_as_signed and _is_wanted(world, launch, run)


def plan(world: World, run: ItemRun) -> int:
    """Write down every delivery before the first one leaves. Returns how many recipients there are."""
    launch, item = announcement(world, run)
    as_it_leaves = ready(world, launch, item)
    if as_it_leaves.audience.external and world.settings.sends_mail and not as_it_leaves.sender.postal_address:
        raise NothingToSend(
            "mail to customers needs a postal address; give the product's brand one, or set TMINUS_POSTAL_ADDRESS"
        )
    freeze = settle(world, launch, run.item)
    people = freeze.reach
    by_mail = sum(way.kind == "email" for way in as_it_leaves.ways.values())
    if by_mail and not people and not freeze.counts.get("digest"):
        raise NothingToSend(
            f"nobody is in the audience {item.announce.audience}: no mail would reach anybody, and nothing has left;"
            " add people and run it again, or waive the announcement"
        )
    asked = as_it_leaves.asked
    for channel in as_it_leaves.kinds:
        of = batches_of(run, channel)
        if launch.items[run.item].because == "unknown":  # a round for those in doubt; nobody else hears anything
            if is_sent_again(launch, run.item):
                world.ledger.planning.plan_unknown_again(of, run.round, world.now())
            continue
        world.ledger.planning.plan(of, run.round, receivers(world, launch, run.item, channel, asked), world.now())
        world.ledger.planning.plan_rejected_again(of, run.round, world.now())
        world.ledger.planning.plan_late_again(of, run.round, world.now())
    return people * by_mail + len(as_it_leaves.ways) - by_mail


def batches_of(run: ItemRun, channel: str, purpose: str = ANNOUNCEMENT) -> Of:
    return Of(run.launch_id, run.item, channel, purpose)


def drain(world: World, run: ItemRun) -> bool:
    """Send what is planned, one batch after the other. False where the launch was stopped before that was done."""
    launch, item = announcement(world, run)
    as_it_leaves = ready(world, launch, item)
    digest = of_announcement(launch.items[run.item], item, as_it_leaves).sha256
    owner, until = str(uuid4()), world.now() + PATIENCE
    meant, counts = meant_by(world, launch, run.item), world.ledger.deliveries.counts(launch.id, run.item)
    key = f"sending-{run.launch_id}-{run.item}".lower().replace(".", "-")
    progress = Progress(sum(counts.values()), key, sent=_handed_over(counts))
    for channel, way in sorted(as_it_leaves.ways.items(), key=lambda one: one[1].kind != "feed"):  # mails lead there
        errand = Errand(
            world=world,
            of=batches_of(run, channel),
            owner=owner,
            sender=way_by(world, launch, way),  # whatever the file says by now: this is what was signed
            content=partial(as_it_leaves.segment, channel),
            comes_from=(as_it_leaves.sender.address, as_it_leaves.sender.name),
            reply_to=as_it_leaves.sender.reply_to,
            opted_out=partial(opted_out, world, launch, run.item, chosen=meant.selection, named=meant.named),
            personal=partial(personal, world),
            opens=window_of(world, launch, run.item).opens_for,
            may_leave=partial(_may_leave, world, run, digest),
        )
        if not drained(errand, until, progress):
            return False
        if way.kind == "feed" and as_it_leaves.page and not stands(world, run.launch_id, run.item):
            break  # what leads there waits until it does
    progress.show()
    return True


def drained(errand: Errand, until: datetime, progress: Progress) -> bool:
    """Whether the launch let all of it leave. What is still planned after that waits for a vendor, its readers, or a
    person who changes our settings."""
    world, batches, of = errand.world, errand.world.ledger.batches, errand.of
    while (now := world.now()) < until:
        if not errand.may_leave():
            return False
        batches.expire(of, now, repeatable=errand.sender.repeatable)
        due = batches.next_due(of)
        if due is not None and due > until:
            return True
        if due is not None and due <= now and not is_stopped(world):
            progress.add(as_task(errand.carry_out, f"{of.item} by {of.channel}", of.channel))
            if errand.refused:
                return True
        elif due is None and batches.is_drained(of):
            return True
        else:
            time.sleep(0.5)  # somebody else holds the rest, or a vendor asked for time, or all sending is stopped
    return not is_stopped(world)


def is_stopped(world: World) -> bool:
    """Whether somebody stopped all sending."""
    return not world.ledger.switches.is_on()


def rests_until(world: World, run: ItemRun) -> datetime | None:
    """When the rest of it can leave: its readers' day has to begin, or a vendor asked for time. None where none is.

    No later than it may leave at all: then somebody has to decide what becomes of the rest.
    """
    launch, item = announcement(world, run)
    moments = [world.ledger.batches.next_due(batches_of(run, channel)) for channel in item.announce.channels]
    first = min(filter(None, moments), default=None)
    if first is None or first <= world.now() + SOON:
        return None
    return min(first, launch.dates.not_after.get(run.item, first))


def put_off(world: World, run: ItemRun) -> str:
    """End this flow run before all is sent, saying why; once the launch goes on, another one sends the rest."""
    launch, _ = announcement(world, run)
    state, rest = launch.items[run.item], rests_until(world, run)
    now = f"is {state.status}"
    if rest:
        now = f"rests until {rest:%d %b %Y %H:%M} UTC: {tally(world, run)[1]}"
    if waits := ", ".join(launch.blocked_by(run.item)):
        now = f"waits for {waits}"
    elif is_too_early(state, launch, world.now()):
        now = f"waits until {earliest(state, launch):%d %b %Y %H:%M} UTC"
    if (stopped := world.ledger.switches.now()) and not stopped.is_on:
        now = f"is stopped with all sending by {stopped.by}: {stopped.reason}"
    if state.paused is not None:
        now = f"is paused: {state.paused}"
    if state.follow_ups:
        now = "was corrected or recalled since; waive it"
    why = f"{launch.status}: {launch.reason}" if launch.reason else f"{run.item} {now}; nothing is sent now"
    record(world, launch, (RunClosed(item=run.item, round=run.round, number=run.number, why=why[:2_000], until=rest),))
    return why


def _kept_here(world: World, run: ItemRun) -> list[str]:
    """Said where mail leaves for real: channels without an address of their own only fill the outbox folder."""
    launch, item = announcement(world, run)
    kept = [name for name in item.announce.channels if isinstance(way_out(world, launch, name), Outbox)]
    return [f"{', '.join(kept)} only into the outbox folder"] if kept and world.settings.sends_mail else []


def _handed_over(counts: Mapping[State, int]) -> int:
    return counts.get("accepted", 0) + counts.get("delivered", 0)


def tally(world: World, run: ItemRun) -> tuple[bool, str, tuple[str, ...]]:
    """Whether the announcement is out on each of its channels, in one sentence, and what a person has to look at."""
    by_channel = world.ledger.deliveries.by_channel(run.launch_id, run.item)
    counts = Counter[State]()
    for (_, state), count in by_channel.items():
        counts[state] += count
    out, silent = _handed_over(counts), _silent(world, run, by_channel)
    told = [f"{count} {state}" for state, count in sorted(counts.items()) if state not in ("accepted", "delivered")]
    summary = ", ".join([f"{out} of {sum(counts.values())} handed over", *told, *_kept_here(world, run)])
    summary = "; ".join((summary, *silent, *_refusals(world, run)))
    troubled = world.ledger.deliveries.in_trouble(run.launch_id, run.item)
    findings = tuple(f"{d.recipient} by {d.channel}: {d.state}, {d.detail}"[:500] for d in troubled)
    return out > 0 and not silent and not counts.get("planned"), summary, findings


def _silent(world: World, run: ItemRun, counts: Collection[tuple[str, State]]) -> list[str]:
    """The channels on which nobody was told who was to be; whoever may have been told is not nobody. Nor is who hears
    of it in a digest, once all the others have left."""
    launch, _ = announcement(world, run)
    freeze = settled(world, launch, run.item)
    in_digests = freeze is not None and freeze.counts.get("digest", 0) > 0
    heard = {channel for channel, state in counts if state in ("accepted", "delivered", "unknown")}
    meant = {channel for channel, state in counts if state != "suppressed" or not in_digests}
    silent = sorted(meant - heard)
    return [f"nobody was told by {', '.join(silent)}"] if silent and heard else []


def _refusals(world: World, run: ItemRun) -> list[str]:
    """Why what is still planned has not left, in the vendor's words."""
    _, item = announcement(world, run)
    said = {channel: world.ledger.batches.why_left(batches_of(run, channel)) for channel in item.announce.channels}
    return [f"{channel}: {why}" for channel, why in said.items() if why]
