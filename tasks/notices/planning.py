"""Writes down who is to be told what, before the record says that they were: a crash in between loses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from checklists import entries as e
from checklists.entries import Because
from checklists.launch import ItemState, Launch
from checklists.organisation import Person
from checklists.reminders import Ask, Notice, Remind
from checklists.working_hours import next_moment
from ledger.deliveries import Address
from ledger.notices import Planned
from tasks.notices.purposes import Kind, Purpose, of_step
from tasks.people.asking import Today, bystanders, holders, to_ask, today
from tasks.world import World

MOST = 1_000
"""People one notice goes to at most; an entry has no room for more."""
NEWS: dict[Because | None, Kind] = {"asked": "changes", "expired": "expired"}
"""Why an item is open again, where that is news also for people who are not asked to sign it."""


def plan_notices(world: World, launch: Launch, notices: Sequence[Notice]) -> tuple[e.Data, ...]:
    """The facts that say these steps were taken, after all their deliveries were planned, in one transaction."""
    if not notices:
        return ()
    now = today(world)
    facts: list[e.Data] = []
    planned: list[Planned] = []
    for notice in notices:
        said, told = (
            _ask(world, launch, notice, now) if isinstance(notice, Ask) else _remind(world, launch, notice, now)
        )
        facts += said
        planned += told
    world.ledger.notices.plan(planned, world.now())
    return tuple(facts)


def _ask(world: World, launch: Launch, ask: Ask, now: Today) -> tuple[list[e.Data], list[Planned]]:
    state = launch.items[ask.item]
    able = to_ask(world, launch, state, now)
    people = tuple(who for who in able if not ask.people or who in ask.people)[:MOST]
    others = bystanders(world, launch, state, now) if state.because in NEWS and _is_news(ask) else ()
    told = dict.fromkeys((*people, *others))
    rows = (
        _rows(world, launch, ask.item, who, Purpose(_kind(state, ask, who), ask.round, str(ask.mailing)))
        for who in told
    )
    asked = e.Asked(item=ask.item, round=ask.round, mailing=ask.mailing, form=ask.form, people=people)
    return [asked], [row for some in rows for row in some]


def _kind(state: ItemState, ask: Ask, who: str) -> Kind:
    if any(signature.by == who for signature in state.earlier):
        return "reaffirm"
    return NEWS.get(state.because, "ask") if _is_news(ask) else "ask"


def _is_news(ask: Ask) -> bool:
    """Only the first mailing of a round tells why there is one."""
    return ask.mailing == 1 and ask.form != "rescue"


def _remind(world: World, launch: Launch, remind: Remind, now: Today) -> tuple[list[e.Data], list[Planned]]:
    state = launch.items[remind.item]
    _, is_ladder, role = remind.step.partition(":")
    people = (holders(world, [role], now) if is_ladder else to_ask(world, launch, state, now))[:MOST]
    purpose = of_step(remind.round, remind.step, remind.at)
    rows = [row for who in people for row in _rows(world, launch, remind.item, who, purpose)]
    passed = [e.Reminded(item=remind.item, round=remind.round, step=step) for step in remind.passed]
    return [*passed, e.Reminded(item=remind.item, round=remind.round, step=remind.step, people=people)], rows


def _rows(world: World, launch: Launch, item: str, who: str, purpose: Purpose) -> Iterator[Planned]:
    person = world.organisation.people[who]
    from_ = moment(world, launch, person) if purpose.is_reminder else None
    for channel in channels_of(person):
        address = Address(launch_id=launch.id, item=item, channel=channel, recipient=who, purpose=str(purpose))
        yield Planned(address, purpose.round, from_)


def channels_of(person: Person) -> tuple[str, ...]:
    """By mail, and by Slack where they read it."""
    return ("email", "slack") if person.slack_env else ("email",)


def moment(world: World, launch: Launch, person: Person) -> datetime:
    """When they are at work next: now, or the beginning of their next working day."""
    calendar = world.organisation.calendar_of(launch.release.product)
    theirs = calendar.model_copy(update={"timezone": person.timezone or calendar.timezone})
    return next_moment(world.now(), person.hours, theirs)
