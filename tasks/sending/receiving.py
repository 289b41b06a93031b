"""Who receives an announcement: those its roster settled, less those who want no more of it by now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache

from checklists.launch import Launch
from ledger.batches import Batch
from ledger.batches import Letter as Row
from ledger.deliveries import ANNOUNCEMENT
from ledger.planning import Recipient
from ledger.rosters import Listed
from tasks.audiences.addresses import preferences_address, unsubscribe_address, unsubscribe_headers
from tasks.audiences.settling import settled
from tasks.segment import Segment, segment_of
from tasks.senders.sender import Letter
from tasks.sending.window import window_of
from tasks.world import World
from templates.bodies import Standing


def receivers(world: World, launch: Launch, key: str, channel: str) -> Iterator[Recipient]:
    """Everybody on the roster of this round by mail; the channel itself where it posts once."""
    if world.organisation.channels[channel].kind != "email":
        yield Recipient(channel)
        return
    window = window_of(world, launch, key)
    opens = cache(window.opens)
    for one in world.ledger.rosters.roster(launch.id, key, launch.items[key].round):
        zone = window.zone(one.timezone)
        yield Recipient(one.address, str(Segment(one.locale, _standing(one), zone)), _facts(one), opens(zone))


def _standing(one: Listed) -> Standing:
    if one.is_required:
        return "role"
    return "subscribed" if one.person else "listed"


def _facts(one: Listed) -> dict[str, str]:
    known = {"name": one.name, "person": one.person}
    return {name: value for name, value in known.items() if value}


def opted_out(world: World, launch: Launch, key: str, batch: Batch, addresses: Sequence[str]) -> Collection[str]:
    """Which of these want no more of this: they said so, or nothing arrives there, since the roster was settled.

    Nor does anybody hear it who is not meant any more: another audience may have been approved since it was planned.
    Of who was forgotten since then only an id is left.
    """
    mails = [one for one in addresses if "@" in one]
    found = settled(world, launch, key)
    topics = found.topics if found else frozenset[str]()
    required = segment_of(batch.segment).standing == "role"
    refused = world.ledger.subscribers.opted_out(addresses, topics, world.now(), required=required)
    if found is None or batch.purpose != ANNOUNCEMENT:
        return refused
    return world.ledger.rosters.absent(launch.id, key, found.round, mails).union(refused)


def personal(world: World, batch: Batch, row: Row) -> Letter:
    """The letter to one receiver, with the addresses that are theirs alone; none to leave by for what a role asks."""
    if "@" not in row.recipient or segment_of(batch.segment).standing == "role":
        return Letter(row.id, row.recipient, row.facts)
    leave = unsubscribe_address(world, row.id)
    facts = {**row.facts, "unsubscribe": leave}
    if person := row.facts.get("person"):
        facts["preferences"] = preferences_address(world, person)
    return Letter(row.id, row.recipient, facts, unsubscribe_headers(leave))
