"""Somebody asks to be forgotten: outside the record nothing is left that says who they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select

from checklists.subscriber import Subscriber
from ledger.answers import Answers
from ledger.deliveries import Delivery
from ledger.delivery_events import Event
from ledger.newcomers import Newcomer
from tasks.announcements.announcing import drain, plan
from tasks.audiences.signing_up import sign_up
from tasks.people.readers import read_reader, reader_token
from tasks.sending.hearing import hear
from tasks.world import World
from tests.databases import database_url
from tests.tasks.channel import ORGANISATION, channel_world, launched
from tests.tasks.digests.test_digests import prefer
from tests.tasks.newsroom import RUN

__all__ = ["database_url"]

ADDRESS = "Zed.Secret@Example.net"
OTHERWISE = "zED.sECRET@example.NET"
OTHER = "other@example.net"
NAMED = re.compile("zed|quux|secret", re.IGNORECASE)
SAID = f"550 5.1.1 <{OTHERWISE}> Zed Quux is unknown here"


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    """An announcement to two customers is planned."""
    folder, home = tmp_path / "checklists", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    told = "items:\n  tell:\n    announce: {audience: customers, channels: [email]}\n"
    (folder / "news-on-the-channel.yaml").write_text(f"checklist: news-on-the-channel\n{told}")
    rule = "rule: {attributes: {plan: pro}}"
    (home / "organisation.yaml").write_text(ORGANISATION.replace("addresses: [customer@example.net]", rule))
    made = channel_world(home, database_url, checklists=(folder,))
    pro, acme = {"plan": "pro"}, frozenset({"acme"})
    people = [Newcomer(ADDRESS, "confirmed", "Zed Quux", attributes={**pro, "nick": "Zed"}, topics=acme, lists=acme)]
    people.append(Newcomer(OTHER, "confirmed", attributes=pro, topics=acme))
    made.ledger.newcomers.add(people, "import", "people.csv", made.now())
    launched(made)
    plan(made, RUN)
    yield made
    made.ledger.dispose()


def zed(world: World) -> Subscriber:
    found = world.ledger.subscribers.find(ADDRESS)
    assert found is not None
    return found


def of_zed(world: World) -> Delivery:
    (found,) = [one for one in world.ledger.deliveries.of(RUN.launch_id) if one.recipient != OTHER]
    return found


def left(world: World) -> dict[str, list[str]]:
    """Every row of every table that still says something, by table."""
    tables = MetaData()
    tables.reflect(world.ledger.database.engine)
    assert {"deliveries", "entries", "readers", "subscribers"} <= set(tables.tables)
    found: dict[str, list[str]] = {}
    with world.ledger.database.reading() as connection:
        for name, table in tables.tables.items():
            rows = [str(tuple(row)) for row in connection.execute(select(table))]
            if told := [row for row in rows if NAMED.search(row)]:
                found[name] = told
    return found


def test_outside_the_record_nothing_says_who_they_were(world: World) -> None:
    drain(world, RUN)
    ledger, id_ = world.ledger, zed(world).id
    prefer(world, zed(world), "daily")
    reader_token(world, OTHERWISE)
    sign_up(world, Newcomer(OTHERWISE), "203.0.113.9")
    answers = Answers(ledger.database)
    answers.begin("key", "fingerprint", world.now())
    answers.finish("key", 200, f'{{"id": "{id_}", "address": "{ADDRESS}"}}')
    assert hear(world, [Event(of_zed(world).id, "bounced", world.now(), detail=SAID)]) == 1
    before = left(world)
    assert {"answers", "deliveries", "delivery_events", "readers", "rosters", "subscribers"} <= set(before)

    assert ledger.wishes.forget(id_, world.now())

    assert set(left(world)) <= {"entries"}
    assert [one.state for one in ledger.deliveries.of(RUN.launch_id)] == ["bounced", "accepted"], "that it was stays"


def test_what_is_told_of_them_afterwards_is_kept_without_their_name(world: World) -> None:
    drain(world, RUN)
    ledger, id_ = world.ledger, of_zed(world).id
    ledger.wishes.forget(zed(world).id, world.now())
    assert hear(world, [Event(id_, "bounced", world.now(), detail=SAID)]) == 1
    found = ledger.deliveries.find(id_)
    assert found is not None
    assert (found.state, set(left(world)) <= {"entries"}) == ("bounced", True)


def test_their_personal_link_opens_nothing_any_more(world: World) -> None:
    token = reader_token(world, OTHERWISE)
    others = reader_token(world, OTHER)
    world.ledger.wishes.forget(zed(world).id, world.now())
    assert read_reader(world, token) is None
    assert read_reader(world, others) is not None


def test_what_was_planned_for_them_does_not_leave(world: World) -> None:
    world.ledger.wishes.forget(zed(world).id, world.now())
    drain(world, RUN)
    assert (of_zed(world).state, of_zed(world).detail) == ("suppressed", "opted-out")
    assert len(list(world.settings.outbox.glob("*.eml"))) == 1


def test_others_stay_as_they_are(world: World) -> None:
    drain(world, RUN)
    other = next(one for one in world.ledger.deliveries.of(RUN.launch_id) if one.recipient == OTHER)
    world.ledger.wishes.forget(zed(world).id, world.now())
    assert world.ledger.deliveries.find(other.id) == other


@pytest.mark.parametrize("said", ["ZOË.Quux@example.net", "zoë.quux@example.net", "zoe\u0308.quux@EXAMPLE.net"])
def test_letter_case_does_not_count_beyond_ascii_either(world: World, said: str) -> None:
    world.ledger.newcomers.add([Newcomer("Zoë.Quux@example.net")], "import", "a.csv", world.now())
    token, who = reader_token(world, said), world.ledger.subscribers.find(said)
    assert who is not None
    world.ledger.wishes.forget(who.id, world.now())
    assert read_reader(world, token) is None
