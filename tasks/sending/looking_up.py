"""Deliveries in doubt are looked up in the provider's log: before people are asked about them, and as long as they are.

Whichever launch they are of: corrections and recalls leave when most are over. Nothing is sent, and nothing but what
the log says of a mail settles it: what is not found stays in doubt.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.deliveries import ANNOUNCEMENT
from ledger.in_doubt import Lost
from tasks.senders.sendgrid_log import KEPT, Found, NoLog, SendGridLog
from tasks.senders.ways_out import mail_log
from tasks.sending.hearing import event_of, hear
from tasks.world import World

FIRST = timedelta(minutes=2)
"""How old a doubt is when it is looked up first; then at twice, four times that age, and so on."""
LONGEST = timedelta(hours=1)
FOUND = "found in SendGrid's log"


def look_up(world: World) -> list[str]:
    """Look up one of the batches that are in doubt; a sentence for what is worth telling."""
    log, now = mail_log(world.settings), world.now()
    if log is None:
        return []
    mail = [name for name, channel in world.organisation.channels.items() if channel.kind == "email"]
    lost = world.ledger.in_doubt.lost(mail, (now - KEPT, now - FIRST), now)
    return _looked_up(world, log, lost, now) if lost else []


def _looked_up(world: World, log: SendGridLog, lost: Lost, now: datetime) -> list[str]:
    age, of = now - lost.lost_at, lost.item if lost.purpose == ANNOUNCEMENT else f"{lost.purpose} of {lost.item}"
    try:
        found = log.find(lost.id, lost.recipient, lost.planned_at, lost.lost_at)
    except NoLog as error:
        pause = max(timedelta(seconds=error.wait), min(age, LONGEST))
        world.ledger.in_doubt.put_off(now + pause)
        return [f"{lost.launch_id}: {of} cannot be looked up in SendGrid's log: {error}; people have to say"]
    if found is None:
        world.ledger.in_doubt.put_off(now + age, lost.batch)
        return []
    _settle(world, lost, found)
    return [f"{lost.launch_id}: {of}: what was in doubt was {FOUND}"]


def _settle(world: World, lost: Lost, found: Found) -> None:
    """The mail is what its events say. The rest of its call was taken with it: SendGrid takes all or nothing."""
    hear(world, [event for said in found.events if (event := event_of(said))])
    world.ledger.in_doubt.found(lost.batch, found.provider_id, FOUND, world.now())
