"""A launch whose people have been mailed their links, and worlds with other settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from checklists.entries import Asked
from checklists.launch import Launch
from ledger.links import Link
from tasks.advance import record
from tasks.people.links import make_links
from tasks.world import World
from tests.checklists.launches import ADA, BEN, CAT
from tests.tasks.worlds import Place

QA = (ADA.email, BEN.email, CAT.email)


def with_settings(world: World, **changes: Any) -> World:
    return replace(world, settings=world.settings.model_copy(update=changes))


def asked(at: Place, launch: Launch, item: str = "qa", people: Iterable[str] = QA) -> Launch:
    """The launch after one more mailing to these people was written down."""
    state = at.launch(launch.id).items[item]
    said = Asked(item=item, round=state.round, mailing=state.mailing + 1, people=tuple(people))
    return record(at.world, at.launch(launch.id), (said,))


def mailed(at: Place, item: str = "qa", people: Iterable[str] = QA) -> tuple[Launch, dict[str, Link]]:
    """A launch with everything open, and everybody's link to one item."""
    launch = asked(at, at.begun(), item, people)
    return launch, {link.person: link for link in make_links(at.world, launch, item, tuple(people))}


def verified(at: Place) -> Place:
    """The same place, where a name is not enough."""
    at.board.identity = "verified"
    return replace(at, world=with_settings(at.world, identity="verified"))
