"""Publishes notes by command: approved ones, at the word of somebody who may write them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal

from checklists.items import binding
from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience
from checklists.rules.items import a_stranger
from checklists.rules.wording import not_theirs
from deployments.answers import No, plain
from deployments.editing import meant
from deployments.wiring import found, known_at, reach, refused
from tasks.world import World
from tasks.writing_back.github import of_product
from tasks.writing_back.places import Place, Published, to_changelog, to_release

FIRST: Sequence[Audience] = ("developer", "customer")


def publish_notes(
    name: str, item: str | None, to: Sequence[Place], audience: str | None, as_: str | None, *, is_dry: bool
) -> None:
    """Print where they are; what they say, too, where nothing is written."""
    world = reach()
    launch = found(world, name)
    state, reader = meant(launch, item, audience)
    if audience is None:
        reader = next((one for one in FIRST if one in state.wordings), reader)
    by = known_at(world, as_)
    there = state.wordings.get(reader)
    if there is None or not there.words.strip():
        raise No(f"{state.key} has no words for {reader} yet")
    if no := a_stranger(by) or not_theirs(by, state):
        raise refused(world, no, by)
    if not is_dry and (why := unapproved(launch, state)):
        raise No(why)
    for place in dict.fromkeys(to):
        _tell(place, _written(world, launch, place, there.words, is_dry=is_dry), is_dry=is_dry)


def unapproved(launch: Launch, state: ItemState) -> str:
    """Why the notes cannot be shown to the world yet; empty where they can."""
    if not state.has_ended:
        return f"{state.key} is {state.status}; its words are published once nothing is missing in them"
    gates = [one for one in launch.items.values() if binding(one.item).item == state.key]
    waits = [one.key for one in gates if not one.has_ended]
    return f"{', '.join(waits)} is not signed yet; words are published once they are approved" if waits else ""


def _written(world: World, launch: Launch, place: Place, words: str, *, is_dry: bool) -> Published:
    product = world.organisation.products.get(launch.release.product)
    hub = of_product(world.settings, launch.release.product, product)
    if place == "github-release":
        return to_release(hub, launch, words, is_dry=is_dry)
    day = world.organisation.calendar_of(launch.release.product).today(launch.launched_at or world.now())
    return to_changelog(hub, launch, words, day, is_dry=is_dry)


def _tell(place: Place, done: Published, *, is_dry: bool) -> None:
    what: Literal["would be written", "written", "there already"]
    what = ("would be written" if is_dry else "written") if done.is_new else "there already"
    print(f"{place}: {what} {done.url}".rstrip())
    if is_dry and done.is_new:
        sys.stdout.write("\n".join(["", *map(plain, done.text.rstrip().splitlines()), "", ""]))
