from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.items import Announce
from ledger.batches import Of
from ledger.deliveries import ANNOUNCEMENT, Address
from ledger.planning import Recipient
from ledger.publication import id_of
from ledger.publication_search import Sought
from ledger.store import Ledger
from tasks.announcements.announcement import ready
from tasks.announcements.publishing import correct, excerpt_in
from tasks.senders.feed import Feed
from tasks.world import World
from templates.render import Rendered
from tests.tasks.channel import announced, channel_world, launched
from tests.tasks.newsroom import RUN
from tests.tasks.parcels import parcel

WORDS = Rendered(channel="feed", subject="Acme 2.4.0, corrected", text="Exports are slower.\n")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = channel_world(tmp_path)
    yield made
    made.ledger.dispose()


def planned(world: World, purpose: str) -> str:
    address = Address(launch_id=RUN.launch_id, item=RUN.item, channel="feed", recipient="feed", purpose=purpose)
    of = Of(RUN.launch_id, RUN.item, "feed", purpose)
    world.ledger.planning.plan(of, 1, [Recipient("feed")], world.now())
    return address.id


def test_a_correction_is_one_entry_with_other_words(world: World) -> None:
    first = announced(world)
    sent = parcel(WORDS, delivery_id=planned(world, "correction/1"), recipient="feed")
    assert [Feed(world).send(sent).state for _ in range(2)] == ["accepted", "accepted"]
    made = world.ledger.publications.get(first.id)
    assert made is not None
    assert (made.slug, made.title, len(made.corrections)) == (first.slug, WORDS.subject, 1)


def translated(world: World, *languages: str) -> None:
    """The organisation speaks these; somebody wrote the notes in German, too."""
    file = world.settings.organisation
    file.write_text(f"languages: [{', '.join(languages)}]\n{file.read_text()}")
    notes = file.parent / "messages" / "translations" / RUN.launch_id
    notes.mkdir(parents=True)
    (notes / "customer.de.md").write_text("Exporte sind **schneller**.", "utf-8")


def test_an_entry_stands_in_every_language_its_notes_were_written_in(world: World) -> None:
    translated(world, "en", "de", "fr")
    made = announced(world)
    assert (made.locale, list(made.variants)) == ("en", ["de"])
    assert made.variants["de"].body.startswith("Exporte sind **schneller**.")
    told = made.shown.translated["de"]
    assert ("<strong>schneller</strong>" in told["html"], excerpt_in(made, "de")) == (True, told["excerpt"])
    (found,) = world.ledger.publications.search(Sought("schneller"), 10)
    assert found.id == made.id


def test_an_entry_is_what_was_to_leave_also_where_a_translation_is_edited_meanwhile(world: World) -> None:
    """What is rendered again at the last moment, nobody has approved."""
    translated(world, "en", "de")
    launch = launched(world)
    item = launch.items[RUN.item].item
    assert isinstance(item, Announce)
    as_it_leaves = ready(world, launch, item)
    (world.settings.organisation.parent / "messages/translations" / launch.id / "customer.de.md").write_text("Falsch.")
    said = parcel(as_it_leaves.segment("feed"), delivery_id=planned(world, ANNOUNCEMENT), recipient="feed")
    assert Feed(world).send(said).state == "accepted"
    made = world.ledger.publications.get(id_of(RUN.launch_id, RUN.item))
    assert made is not None
    assert made.variants["de"].body.startswith("Exporte sind **schneller**.")


def test_an_entry_says_which_language_its_own_words_are_in(world: World) -> None:
    translated(world, "de", "en")
    assert announced(world).locale == "de"


def test_other_words_take_the_place_of_every_language_and_a_note_of_none(world: World) -> None:
    translated(world, "en", "de")
    first = announced(world)
    what = world, RUN.launch_id, RUN.item
    noted = correct(*what, "a", None, "A note.")
    assert (list(noted.variants), noted.shown) == (["de"], first.shown)
    made = correct(*what, "b", WORDS)
    assert (made.id, made.body, dict(made.variants), made.shown.translated) == (first.id, WORDS.text, {}, {})
    assert world.ledger.publications.search(Sought("schneller"), 10) == ()


def test_a_recall_withdraws_the_entry(world: World) -> None:
    first = announced(world)
    sent = parcel(WORDS, delivery_id=planned(world, "recall/1"), recipient="feed")
    assert Feed(world).send(sent).state == "accepted"
    made = world.ledger.publications.get(first.id)
    assert made is not None
    assert (made.is_recalled, made.title) == (True, first.title)


def test_a_delivery_nobody_planned_publishes_nothing(world: World) -> None:
    outcome = Feed(world).send(parcel(WORDS, recipient="feed"))
    assert (outcome.state, "no launch knows" in outcome.reason) == ("rejected", True)


def test_a_correction_of_nothing_is_refused(world: World) -> None:
    first = announced(world)
    with world.ledger.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM publications")
    outcome = Feed(world).send(parcel(WORDS, delivery_id=planned(world, "correction/1"), recipient="feed"))
    assert (outcome.state, world.ledger.publications.get(first.id)) == ("rejected", None)


def test_without_a_database_nothing_was_sent(world: World, tmp_path: Path) -> None:
    away = replace(world, ledger=Ledger(f"sqlite:///{tmp_path / 'no' / 'such.sqlite3'}"))
    assert Feed(away).send(parcel(WORDS, recipient="feed")).state == "not_sent"
