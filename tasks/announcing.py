"""An announcement leaves: one delivery for each recipient, planned first, and what became of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from checklists.entries import RunClosed
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from checklists.opening import is_too_early
from checklists.request import ItemRun
from ledger.deliveries import Address, Delivery
from tasks import checking
from tasks.advance import record
from tasks.announcement import NothingToSend, ready
from tasks.changes.contents import bound_items, of_announcement
from tasks.senders.outbox import Outbox
from tasks.senders.sender import Outcome, Parcel, Sender
from tasks.senders.ways_out import by_mail, by_slack
from tasks.world import World
from templates.render import Rendered

LEASE = timedelta(seconds=30)  # a sender gives up after 10 s
PATIENCE = timedelta(minutes=15)  # how long one flow run waits for vendors that ask for time


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
    may_open = launch.held is None and not launch.blocked_by(run.item)
    is_time = not is_too_early(launch.items[run.item], launch, world.now())
    return may_open and is_time and checking.asks_for(launch, run)


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
    if as_it_leaves.audience.external and world.settings.sendgrid_api_key and not world.settings.postal_address:
        raise NothingToSend("mail to customers needs a postal address; set TMINUS_POSTAL_ADDRESS")
    rows = [
        Address(launch_id=launch.id, item=run.item, channel=channel, recipient=recipient)
        for channel, recipients in as_it_leaves.recipients.items()
        for recipient in recipients
    ]
    if not rows:
        raise NothingToSend(f"nobody is in the audience {item.announce.audience}; add people or waive the announcement")
    world.ledger.deliveries.plan(rows, run.round, world.now())
    world.ledger.deliveries.plan_rejected_again(launch.id, run.item, run.round, world.now())
    return len(rows)


def drain(world: World, run: ItemRun) -> bool:
    """Send what is planned, one delivery after the other. False where the launch was stopped before that was done."""
    launch, item = announcement(world, run)
    as_it_leaves = ready(world, launch, item)
    digest = of_announcement(launch.items[run.item], item, as_it_leaves).sha256
    owner, until = str(uuid4()), world.now() + PATIENCE
    for channel, content in as_it_leaves.messages.items():
        sender = sender_for(world, channel)
        while world.now() < until:
            if not _may_leave(world, run, digest):
                return False
            world.ledger.deliveries.expire(run.launch_id, run.item, channel, world.now(), repeatable=sender.repeatable)
            sent = [_send(world, sender, delivery, content) for delivery in _claims(world, run, channel, owner, digest)]
            if world.ledger.deliveries.is_drained(run.launch_id, run.item, channel):
                break
            if not sent:
                time.sleep(0.5)  # somebody else holds the rest, or a vendor asked for time
    return True


def put_off(world: World, run: ItemRun) -> str:
    """End this flow run before all is sent, saying why; once the launch goes on, another one sends the rest."""
    launch, _ = announcement(world, run)
    state = launch.items[run.item]
    now = f"is {state.status}"
    if waits := ", ".join(launch.blocked_by(run.item)):
        now = f"waits for {waits}"
    elif is_too_early(state, launch, world.now()):
        now = f"waits until {launch.dates.not_before[run.item]:%d %b %Y %H:%M} UTC"
    why = f"{launch.status}: {launch.reason}" if launch.reason else f"{run.item} {now}; nothing is sent now"
    record(world, launch, (RunClosed(item=run.item, round=run.round, number=run.number, why=why[:2_000]),))
    return why


def _claims(world: World, run: ItemRun, channel: str, owner: str, digest: str) -> Iterator[Delivery]:
    what = run.launch_id, run.item, channel, owner
    while _may_leave(world, run, digest) and (delivery := world.ledger.deliveries.claim(*what, world.now(), LEASE)):
        yield delivery


def _send(world: World, sender: Sender, delivery: Delivery, content: Rendered) -> Outcome | None:
    """Hand one delivery over. What is being written is committed before the first byte leaves."""
    parcel = Parcel(
        delivery_id=delivery.id,
        recipient=delivery.recipient,
        sender=world.settings.mail_from,
        sender_name=world.organisation.organisation,
        content=content,
    )
    owner = delivery.claimed_by or ""
    if not world.ledger.deliveries.writing(delivery.id, owner, world.now()):
        return None
    outcome = sender.send(parcel)
    _settle(world, delivery, owner, outcome)
    return outcome


def _settle(world: World, delivery: Delivery, owner: str, outcome: Outcome) -> None:
    now = world.now()
    again = now + timedelta(seconds=outcome.retry_after or 5) if outcome.state == "not_sent" else None
    world.ledger.deliveries.settle(
        delivery.id,
        owner,
        "planned" if outcome.state == "not_sent" else outcome.state,
        now,
        provider_id=outcome.provider_id or None,
        detail=outcome.reason,
        not_before=again,
    )


def sender_for(world: World, channel: str) -> Sender:
    """The real way out where one is configured, the outbox otherwise."""
    way = world.organisation.channels[channel]
    return by_slack(world.settings, way.webhook_env) if way.kind == "slack" else by_mail(world.settings)


def _kept_here(world: World, run: ItemRun) -> list[str]:
    """Said where mail leaves for real: channels without an address of their own only fill the outbox folder."""
    _, item = announcement(world, run)
    kept = [name for name in item.announce.channels if isinstance(sender_for(world, name), Outbox)]
    return [f"{', '.join(kept)} only into the outbox folder"] if kept and world.settings.sendgrid_api_key else []


def tally(world: World, run: ItemRun) -> tuple[bool, str, tuple[str, ...]]:
    """Whether the announcement is out, in one sentence, and what a person has to look at."""
    counts = world.ledger.deliveries.counts(run.launch_id, run.item)
    out = counts.get("accepted", 0) + counts.get("delivered", 0)
    told = [f"{count} {state}" for state, count in sorted(counts.items()) if state not in ("accepted", "delivered")]
    summary = ", ".join([f"{out} of {sum(counts.values())} handed over", *told, *_kept_here(world, run)])
    troubled = ("rejected", "unknown")
    findings = tuple(
        f"{d.recipient} by {d.channel}: {d.state}, {d.detail}"[:500]
        for d in world.ledger.deliveries.of(run.launch_id)
        if d.item == run.item and d.state in troubled
    )[:50]
    return out > 0 and not counts.get("planned"), summary, findings
