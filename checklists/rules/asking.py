"""Who is asked for an item's form, and who may have them asked again."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from checklists import commands as c
from checklists import entries as e
from checklists.due import wanted
from checklists.items import quorum
from checklists.launch import ItemState, Launch
from checklists.people import MANAGERS, Actor
from checklists.rules.capacity import Capacity, asked_in, would_fill
from checklists.rules.items import barred
from checklists.rules.refusal import Facts, Refusal, unwritable

MOST = 1_000


def ask(command: c.Ask, launch: Launch) -> Facts | Refusal:
    """New links and codes for those who are asked, at the word of who runs launches, the owner, or one of them."""
    if refusal := barred(command, launch) or unwritable(command.people):
        return refusal
    state = launch.items[command.item]
    if refusal := _not_theirs(command.by, state) or _cannot_ask(command, state, launch):
        return refusal
    if state.ask_again is not None:
        return []  # they will be, and once is enough
    people = tuple(dict.fromkeys(person.lower() for person in command.people))
    return [e.AskAgain(item=state.key, round=state.round, people=people, **command.said)]


def _not_theirs(by: c.Actor, state: ItemState) -> Refusal | None:
    if by.is_manager or by.email in state.asked or state.item.owner in by.roles:
        return None
    reason = f"{by.name} was not asked for {state.key}; somebody who runs launches can have people asked again"
    return Refusal(reason, may_not=True)


def _cannot_ask(command: c.Ask, state: ItemState, launch: Launch) -> Refusal | None:
    if launch.held is not None:
        return Refusal(f"{launch.name} is on hold, nothing is sent: {launch.held}")
    if wanted(state, launch) not in ("sign", "done", "rescue"):
        return Refusal(f"{state.key} is {state.status}; nobody is asked for it now")
    if len(command.people) > MOST:
        return Refusal(f"{len(command.people)} people are more than {MOST}; name fewer")
    return None


def answerable(
    launch: Launch, state: ItemState, people: Iterable[Actor], away: AbstractSet[str], waivers: str = MANAGERS
) -> tuple[str, ...]:
    """Those whose answer the item's form waits for, by mail address; nobody who may not give one.

    `people` is everybody, or at least everybody who holds one of `named`; `away` are those who are absent today: their
    delegates are asked in their place.
    """
    form = wanted(state, launch)
    if form == "sign":
        return tuple(one.email for one in people if capacity_of(launch, state, one, away))
    return _holders(state, [one for one in people if one.email not in away], form, waivers)


def named(state: ItemState, waivers: str = MANAGERS) -> frozenset[str]:
    """The roles and addresses one has to hold to be asked for any of the item's forms."""
    lines = {name for line in state.lines for name in line.of}
    return frozenset({*lines, *(name for line in quorum(state.item) for name in line.of), waivers, MANAGERS}).union(
        [state.item.owner] if state.item.owner else []
    )


def _holders(state: ItemState, present: list[Actor], form: e.Form | None, waivers: str) -> tuple[str, ...]:
    """A to-do is for its owner, something that failed also for those who may waive; ownerless, for who runs it all."""
    if form not in ("done", "rescue"):
        return ()
    owner = state.item.owner or MANAGERS
    roles = {owner, waivers} if form == "rescue" else {owner}
    found = tuple(one.email for one in present if not roles.isdisjoint(one.roles))
    return found or tuple(one.email for one in present if one.is_manager)


def capacity_of(launch: Launch, state: ItemState, by: Actor, away: AbstractSet[str]) -> Capacity | None:
    """As whom they are asked to sign, None where they are not: who is away is asked for nobody, not even themselves."""
    theirs = () if by.email in away else asked_in(state, by)
    return next((one for one in theirs if would_fill(launch, state, one)), None)
