"""What the provider tells of somebody counts once, whenever and however often it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from checklists.subscriber import Subscriber
from ledger.delivery_events import Event, Kind
from tasks.announcements.announcing import drain, plan
from tasks.sending.hearing import hear
from tasks.world import World
from tests.databases import database_url
from tests.tasks.channel import ORGANISATION, channel_world, launched
from tests.tasks.newsroom import RUN
from tests.tasks.worlds import Clock

__all__ = ["database_url"]

WHO = "customer@example.net"
MINUTE = timedelta(minutes=1)
ENDS: tuple[Kind, ...] = ("bounced", "unsubscribed")


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    """One announcement was mailed to one customer, a minute ago."""
    folder = tmp_path / "checklists"
    folder.mkdir()
    told = "items:\n  tell:\n    announce: {audience: customers, channels: [email]}\n"
    (folder / "news-on-the-channel.yaml").write_text(f"checklist: news-on-the-channel\n{told}")
    home = tmp_path / "home"
    home.mkdir()
    (home / "organisation.yaml").write_text(ORGANISATION)
    made = channel_world(home, database_url, checklists=(folder,))
    launched(made)
    plan(made, RUN)
    drain(made, RUN)
    later(made)
    yield made
    made.ledger.dispose()


def later(world: World, by: timedelta = MINUTE) -> None:
    assert isinstance(world.now, Clock)
    world.now.wait(by)


def who(world: World) -> Subscriber:
    found = world.ledger.subscribers.find(WHO)
    assert found is not None
    return found


def event(world: World, kind: Kind) -> Event:
    """As of this moment, told to the second."""
    (delivery,) = world.ledger.deliveries.of(RUN.launch_id)
    return Event(delivery.id, kind, world.now().replace(microsecond=0), detail="550 no such user")


def confirm(world: World) -> None:
    later(world)
    assert world.ledger.wishes.confirm(who(world).id, "link", "203.0.113.9", world.now())
    later(world)


@pytest.mark.parametrize("kind", ENDS)
def test_an_event_told_again_does_not_undo_a_later_yes(world: World, kind: Kind) -> None:
    told = event(world, kind)
    assert (hear(world, [told]), who(world).state) == (1, kind)
    confirm(world)
    assert (hear(world, [told]), who(world).state) == (0, "confirmed")


@pytest.mark.parametrize("kind", ENDS)
def test_a_late_event_does_not_undo_a_later_yes(world: World, kind: Kind) -> None:
    late = event(world, kind)
    later(world)
    world.ledger.wishes.unsubscribe(who(world).id, "page", "", world.now())
    confirm(world)
    assert (hear(world, [late]), who(world).state) == (1, "confirmed")
    assert (hear(world, [event(world, kind)]), who(world).state) == (1, kind), "what happened since counts"


@pytest.mark.parametrize("kind", ENDS)
def test_what_happened_in_the_second_of_the_yes_counts(world: World, kind: Kind) -> None:
    world.ledger.wishes.unsubscribe(who(world).id, "page", "", world.now())
    confirm(world)
    at = world.ledger.wishes.consents(who(world).id)[-1].at
    told = Event(event(world, kind).delivery_id, kind, at.replace(microsecond=0))
    assert (hear(world, [told]), who(world).state) == (1, kind)


@pytest.mark.parametrize(("kind", "state"), [*((kind, kind) for kind in ENDS), ("complained", "blocked")])
def test_what_was_kept_by_a_process_that_died_is_done_when_it_is_told_again(
    world: World, kind: Kind, state: str
) -> None:
    told = event(world, kind)
    assert world.ledger.delivery_events.keep([told], world.now()) == (told,)
    assert who(world).state == "unconfirmed", "it died before it came to that"
    later(world)
    assert (hear(world, [told]), who(world).state) == (0, state)


@pytest.mark.parametrize("kind", ENDS)
def test_what_others_say_for_them_brings_nobody_back(world: World, kind: Kind) -> None:
    """They were a customer by the organisation file; that they are one is no word of theirs."""
    assert [one.how for one in world.ledger.wishes.consents(who(world).id)] == ["organisation"]
    (delivery,) = world.ledger.deliveries.of(RUN.launch_id)
    hear(world, [Event(delivery.id, kind, world.now() - timedelta(days=1))])
    assert who(world).state == kind


def test_a_complaint_counts_whenever_it_is_told(world: World) -> None:
    late = event(world, "complained")
    later(world)
    world.ledger.wishes.unsubscribe(who(world).id, "page", "", world.now())
    confirm(world)
    hear(world, [late])
    assert who(world).state == "blocked"
