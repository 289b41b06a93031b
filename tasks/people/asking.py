"""Whom to ask for an item's form, and whom to tell about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from checklists.commands import Ask
from checklists.decide import Refusal
from checklists.launch import ItemState, Launch
from checklists.people import Actor, Member
from checklists.rules.asking import answerable, named
from tasks.world import World


@dataclass(frozen=True)
class Today:
    """Everybody as of now: who may act, for whom, and who is away. Looked up once where much is asked."""

    members: tuple[Member, ...]
    actors: tuple[Actor, ...]
    away: frozenset[str]
    waivers: str

    @cached_property
    def _holders(self) -> dict[str, set[int]]:
        """By role or address, the places of those who hold it, or sign for somebody who does."""
        found: dict[str, set[int]] = {}
        for place, actor in enumerate(self.actors):
            for name in actor.held.union(*(one.held for one in actor.stands_for)):
                found.setdefault(name, set()).add(place)
        return found

    def holding(self, names: Iterable[str]) -> list[Actor]:
        """Those who hold one of these roles or addresses, for themselves or for somebody; in the file's order."""
        places = set().union(*(self._holders.get(name, ()) for name in names))
        return [self.actors[place] for place in sorted(places)]

    @cached_property
    def _by_address(self) -> dict[str, Actor]:
        return {actor.email: actor for actor in self.actors}

    def actor(self, email: str) -> Actor | None:
        return self._by_address.get(email)


def today(world: World) -> Today:
    directory, now = world.directory, world.now()
    away = frozenset(member.email for member in directory.members if member.is_away(now))
    return Today(directory.members, tuple(directory.actors(now)), away, world.organisation.waivers)


def to_ask(world: World, launch: Launch, state: ItemState, now: Today | None = None) -> tuple[str, ...]:
    """Those whose answer the item's form waits for, by mail address; never somebody who may not give one."""
    here = now or today(world)
    people = here.holding(named(state, here.waivers))
    return answerable(launch, state, people, here.away, here.waivers)


def holders(world: World, roles: Iterable[str], now: Today | None = None) -> tuple[str, ...]:
    """Who holds one of these roles; those who are absent today are left out while there is anybody else."""
    here, wanted = now or today(world), set(roles)
    found = [member.email for member in here.members if wanted & set(member.roles)]
    return tuple([who for who in found if who not in here.away] or found)


def bystanders(world: World, launch: Launch, state: ItemState, now: Today | None = None) -> tuple[str, ...]:
    """Who hears of changes or of an expired waiver without being asked: its owners, and who started the launch."""
    roles = [state.item.owner] if state.item.owner else []
    if state.because == "expired":
        roles.append(world.organisation.waivers)
    starter = [launch.started_by] if launch.started_by in world.organisation.people else []
    return tuple(dict.fromkeys((*holders(world, roles, now), *starter)))


def ask_again(world: World, launch: Launch, item: str, people: tuple[str, ...], by: Actor) -> Ask | Refusal:
    """The command that mails these people anew, or why one of them cannot be asked."""
    people = tuple(dict.fromkeys(who.strip().lower() for who in people))
    if item in launch.items and people:
        able = to_ask(world, launch, launch.items[item])
        if strange := [who for who in people if who not in able]:
            known = f"; those who can: {', '.join(able)}" if able else ""
            return Refusal(f"{', '.join(strange)} cannot answer {item} of {launch.name} now{known}")
    return Ask(by=by, item=item, people=people)
