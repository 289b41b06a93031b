"""Whom to ask for an item's form, and whom to tell about it."""

from __future__ import annotations

from collections.abc import Iterable

from checklists.commands import Ask
from checklists.decide import Refusal
from checklists.launch import ItemState, Launch
from checklists.people import Actor
from checklists.rules.asking import answerable
from tasks.world import World


def to_ask(world: World, launch: Launch, state: ItemState) -> tuple[str, ...]:
    """Those whose answer the item's form waits for, by mail address; never somebody who may not give one."""
    directory, today = world.directory, world.now().date()
    away = {member.email for member in directory.members if member.is_away(today)}
    return answerable(launch, state, directory.actors(today), away, world.organisation.waivers)


def holders(world: World, roles: Iterable[str]) -> tuple[str, ...]:
    """Who holds one of these roles; those who are absent today are left out while there is anybody else."""
    today, wanted = world.now().date(), set(roles)
    found = [member for member in world.directory.members if wanted & set(member.roles)]
    present = [member for member in found if not member.is_away(today)]
    return tuple(member.email for member in present or found)


def ask_again(world: World, launch: Launch, item: str, people: tuple[str, ...], by: Actor) -> Ask | Refusal:
    """The command that mails these people anew, or why one of them cannot be asked."""
    people = tuple(dict.fromkeys(who.strip().lower() for who in people))
    if item in launch.items and people:
        able = to_ask(world, launch, launch.items[item])
        if strange := [who for who in people if who not in able]:
            known = f"; those who can: {', '.join(able)}" if able else ""
            return Refusal(f"{', '.join(strange)} cannot answer {item} of {launch.name} now{known}")
    return Ask(by=by, item=item, people=people)
