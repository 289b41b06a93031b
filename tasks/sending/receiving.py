"""Who receives an announcement: those its roster settled, less those who want no more of it by now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, partial

from checklists.launch import Launch
from checklists.reach import NOT_MEANT, OPTED_OUT
from checklists.selection import Selection
from checklists.subscriber import Scalar, Subscriber, key_of, text_of
from ledger.batches import Batch
from ledger.batches import Letter as Row
from ledger.deliveries import ANNOUNCEMENT
from ledger.planning import Recipient
from ledger.roster_steps import NOBODY
from ledger.rosters import Listed
from ledger.subscribers import BATCH, batches
from tasks.announcements.segment import Segment, segment_of
from tasks.audiences.addresses import preferences_address, unsubscribe_address, unsubscribe_headers
from tasks.audiences.settling import settled
from tasks.senders.sender import Letter
from tasks.sending.window import window_of
from tasks.world import World
from templates.bodies import Standing
from templates.personal import FACTS
from templates.render import Rendered

PERSON = "person"
"""The fact that leads to somebody's own page; nothing that they are told."""
NOTHING: Mapping[str, str] = {}


def receivers(world: World, launch: Launch, key: str, channel: str, asked: Collection[str] = ()) -> Iterator[Recipient]:
    """Everybody on the roster of this round by mail; the channel itself where it posts once.

    `asked` is what their mails say of them: of their attributes they bring these along and no others.
    """
    if world.organisation.channels[channel].kind != "email":
        yield Recipient(channel)
        return
    window = window_of(world, launch, key)
    opens = cache(window.opens)
    roster = world.ledger.rosters.roster(launch.id, key, launch.items[key].round)
    for one, own in _with_attributes(world, roster, of_their_own(asked)):
        zone = window.zone(one.timezone)
        yield Recipient(one.address, str(Segment(one.locale, _standing(one), zone)), _facts(one, own), opens(zone))


def of_their_own(asked: Collection[str]) -> frozenset[str]:
    """Those of what mails say of their reader that are attributes."""
    return frozenset(asked) - {*FACTS, PERSON}


def facts_of(who: Subscriber, content: Rendered) -> dict[str, str]:
    """What a message to this person alone says of them."""
    own = as_facts(who.attributes, of_their_own(content.asked))
    return {**own, "name": who.name, "email": who.address}


def _standing(one: Listed) -> Standing:
    if one.is_required:
        return "role"
    return "subscribed" if one.person else "listed"


def _facts(one: Listed, own: Mapping[str, str]) -> dict[str, str]:
    known = {"name": one.name, PERSON: one.person, **own}
    return {name: value for name, value in known.items() if value}


def _with_attributes(
    world: World, roster: Iterator[Listed], names: Collection[str]
) -> Iterator[tuple[Listed, Mapping[str, str]]]:
    """Each with those of their attributes; where none is wanted nobody is looked up."""
    if not names:
        yield from ((one, NOTHING) for one in roster)
        return
    for some in batches(roster, BATCH):
        known = world.ledger.subscribers.attributes_of([one.key for one in some])
        yield from ((one, as_facts(known.get(one.key, {}), names)) for one in some)


def as_facts(attributes: Mapping[str, Scalar], names: Collection[str]) -> dict[str, str]:
    """These of the attributes, in words: a template writes `person.job_title` also for `job-title`."""
    spelled = {name.replace("-", "_"): value for name, value in sorted(attributes.items())}
    said = {name: spelled[name] for name in names if name in spelled}
    return {name: value if isinstance(value, str) else text_of(value) for name, value in said.items()}


def opted_out(
    world: World,
    launch: Launch,
    key: str,
    batch: Batch,
    addresses: Sequence[str],
    *,
    chosen: Selection = NOBODY,
    named: Collection[str] = frozenset(),
) -> Mapping[str, str]:
    """Which of these want no more of this, and why: they said so, or nothing arrives there, since it was settled.

    Nor does anybody hear it who is not meant any more: another audience may have been approved since it was planned.
    What people have `chosen` counts, but for those who are `named` (by key): they hear it whatever it is about, as
    long as they want mail.
    Of who was forgotten since then only an id is left.
    """
    mails = [one for one in addresses if "@" in one]
    found = settled(world, launch, key)
    topics = found.topics if found else frozenset[str]()
    required = segment_of(batch.segment).standing == "role"
    ask = partial(world.ledger.subscribers.opted_out, topics=topics, now=world.now(), required=required)
    apart = {one for one in addresses if key_of(one) in named} if named else set()
    told = ask(apart, chosen=NOBODY) | ask([one for one in addresses if one not in apart], chosen=chosen)
    refused: dict[str, str] = {one: why if "@" in one else OPTED_OUT for one, why in told.items()}
    if found is None or batch.purpose != ANNOUNCEMENT:
        return refused
    return dict.fromkeys(world.ledger.rosters.absent(launch.id, key, found.round, mails), NOT_MEANT) | refused


def personal(world: World, batch: Batch, rows: Sequence[Row], asked: Collection[str] = ()) -> list[Letter]:
    """The letter to each receiver; `asked` are attributes that were not brought along when it was planned."""
    keys = {row.id: key_of(row.recipient) for row in rows} if asked else {}
    known = world.ledger.subscribers.attributes_of([*keys.values()]) if keys else {}
    own = {id_: as_facts(known[key], asked) for id_, key in keys.items() if key in known}
    return [_letter(world, batch, row, own.get(row.id, NOTHING)) for row in rows]


def _letter(world: World, batch: Batch, row: Row, own: Mapping[str, str]) -> Letter:
    """With the addresses that are theirs alone; none to leave by for what a role asks."""
    if "@" not in row.recipient:
        return Letter(row.id, row.recipient, row.facts)
    facts = {**own, **row.facts, "email": row.recipient}
    if segment_of(batch.segment).standing == "role":
        return Letter(row.id, row.recipient, facts)
    facts["unsubscribe"] = leave = unsubscribe_address(world, row.id)
    if person := row.facts.get(PERSON):
        facts["preferences"] = preferences_address(world, person)
    return Letter(row.id, row.recipient, facts, unsubscribe_headers(leave))
