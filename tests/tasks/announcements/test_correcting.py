"""A correction in languages: those who read one of them, and the change channel, get it in theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.commands import TMINUS, FollowUp, Report
from checklists.decide import Refusal
from checklists.entries import FollowedUp
from checklists.files.organisation_file import OrganisationFile
from checklists.follow_up import Again
from checklists.items import Announce
from ledger.publication import Publication, id_of
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcement import ready
from tasks.announcements.correcting import corrected
from tasks.announcements.following import send_follow_ups
from tasks.carrying_out import carry_out
from tasks.world import World
from templates.render import Channel
from tests.tasks.channel import announced, channel_world
from tests.tasks.newsroom import RUN
from tests.tasks.senders.test_feed import translated

RIGHT = "Exports are **slower**."
LANGSAMER = {"de": "Exporte sind **langsamer**."}


def closed(world: World) -> None:
    act(world, RUN.launch_id, Report(by=TMINUS, item=RUN.item, round=1, number=1, ok=True, summary="all"))
    advance(world, RUN.launch_id)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = channel_world(tmp_path)
    translated(made, "en", "de", "fr")
    announced(made)
    closed(made)
    yield made
    made.ledger.dispose()


def said(world: World, **words: object) -> Publication:
    """The entry after this was said."""
    command = FollowUp(by=TMINUS, item=RUN.item, **words)  # type: ignore[arg-type]
    answer, _ = carry_out(world, RUN.launch_id, command)
    assert not isinstance(answer, Refusal), answer
    assert send_follow_ups(world)
    found = world.ledger.publications.get(id_of(RUN.launch_id, RUN.item))
    assert found is not None
    return found


def test_the_entry_is_corrected_in_each_language_that_was_written(world: World) -> None:
    made = said(world, what="correction", text=RIGHT, translations=LANGSAMER)
    assert made.body.startswith(RIGHT)
    assert {one: words.body.strip() for one, words in made.variants.items()} == LANGSAMER
    assert "<strong>langsamer</strong>" in made.shown.translated["de"]["html"]


def test_what_was_not_translated_gives_way_in_every_language(world: World) -> None:
    made = said(world, what="correction", text=RIGHT)
    assert (made.languages, made.shown.translated) == (("en",), {})


def test_a_note_and_a_recall_leave_the_words_of_each_language(world: World) -> None:
    assert said(world, what="correction", note="The chart was wrong.").languages == ("en", "de")
    made = said(world, what="recall", note="Too early.")
    assert (made.is_recalled, made.languages) == (True, ("en", "de"))


def test_the_title_that_notes_begin_with_is_told_and_stays_where_a_correction_has_none(tmp_path: Path) -> None:
    world = channel_world(tmp_path)
    translated(world, "en", "de", "fr")
    german = world.settings.organisation.parent / "messages" / "translations" / RUN.launch_id / "customer.de.md"
    german.write_text("# Exporte in Sekunden\n\nExporte sind **schneller**.", "utf-8")
    made = announced(world, "# Exports in *seconds*\n\nExports are **faster**.")
    closed(world)
    assert (made.title, made.body) == ("Exports in seconds", "Exports are **faster**.\n")
    assert made.variants["de"].title == "Exporte in Sekunden"
    launch = world.launch(RUN.launch_id)
    assert launch is not None
    item = launch.items[RUN.item].item
    assert isinstance(item, Announce)
    as_it_leaves = ready(world, launch, item)
    subjects = {locale: as_it_leaves.body("email", locale).subject for locale in ("en", "de", "fr")}
    assert subjects == {
        "en": "Acme 2.4.0: Exports in seconds",
        "de": "Acme 2.4.0: Exporte in Sekunden",
        "fr": "Acme 2.4.0\u00a0: Exports in seconds",
    }
    made = said(world, what="correction", text=RIGHT, translations=LANGSAMER)
    assert (made.title, made.variants["de"].title) == ("Exports in seconds", "Exporte in Sekunden")
    other = {"de": "# Langsame Exporte\n\nLangsam."}
    made = said(world, what="correction", text="# Slow exports\n\nSlow.", translations=other)
    assert (made.title, made.body.strip(), made.variants["de"].title) == ("Slow exports", "Slow.", "Langsame Exporte")
    world.ledger.dispose()


def test_mail_leads_to_the_page_in_its_language_and_a_recall_nowhere(world: World) -> None:
    """By the id: nobody knows yet at which address it will stand."""
    launch = world.launch(RUN.launch_id)
    assert launch is not None
    item = launch.items[RUN.item].item
    assert isinstance(item, Announce)
    page = f"{world.settings.public_url}/changes/{id_of(RUN.launch_id, RUN.item)}"
    as_it_leaves = ready(world, launch, item)
    assert f"{page}?lang=de" in as_it_leaves.body("email", "de").text
    assert page not in as_it_leaves.body("feed").text
    right = FollowedUp(item=RUN.item, round=1, what="correction", number=1, text=RIGHT)
    assert f"{page}?lang=en" in corrected(world, launch, right, "email").body("email").text
    gone = FollowedUp(item=RUN.item, round=1, what="recall", number=1, note="Too early.")
    assert "http" not in corrected(world, launch, gone, "email").body("email", standing="role").text


def test_mail_leads_to_no_page_that_does_not_stand(world: World) -> None:
    with world.ledger.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM publications")
    launch = world.launch(RUN.launch_id)
    assert launch is not None
    right = FollowedUp(item=RUN.item, round=1, what="correction", number=1, text=RIGHT)
    assert "/changes/" not in corrected(world, launch, right, "email").body("email", standing="role").text


def test_why_stands_on_the_entry_in_each_language(world: World) -> None:
    made = said(world, what="correction", note="The chart was wrong.", notes={"de": "Das Bild war\nfalsch."})
    assert [(one.note, one.notes) for one in made.corrections] == [
        ("The chart was wrong.", {"de": "Das Bild war falsch."})
    ]
    made = said(world, what="recall", note="Too early.", notes={"de": "Zu früh."})
    assert (made.recall_reason, made.recall_reasons) == ("Too early.", {"de": "Zu früh."})


@pytest.mark.parametrize("what", ["correction", "recall"])
@pytest.mark.parametrize("kind", ["email", "slack", "teams"])
def test_each_rendering_says_why_in_its_language(world: World, what: Again, kind: Channel) -> None:
    launch = world.launch(RUN.launch_id)
    assert launch is not None
    notes = {"de": "Zu *früh* {{ person.name }}.", "xx": "Nobody reads this."}
    words = FollowedUp(item=RUN.item, round=1, what=what, number=1, note="Too early.", notes=notes)
    known = corrected(world, launch, words, "email")
    texts = {locale: repr(known.body(kind, locale)) for locale in known.languages}
    assert {one: "früh" in text for one, text in texts.items()} == {"en": False, "de": True, "fr": False}
    assert ("Too early" in texts["fr"], "Too early" in texts["de"], "person" in texts["de"]) == (True, False, True)


def test_each_rendering_says_it_in_its_language(world: World) -> None:
    launch = world.launch(RUN.launch_id)
    assert launch is not None
    words = FollowedUp(item=RUN.item, round=1, what="correction", number=1, text=RIGHT, translations=LANGSAMER)
    known = corrected(world, launch, words, "feed")
    texts = {locale: known.body("email", locale).text for locale in known.languages}
    assert {one: "langsamer" in text for one, text in texts.items()} == {"en": False, "de": True, "fr": False}
    assert "slower" in texts["fr"]


def test_the_entry_is_corrected_also_where_another_channel_of_the_announcement_is_gone(tmp_path: Path) -> None:
    """Else what was wrong would stand there for everybody."""
    checklists = tmp_path / "checklists"
    checklists.mkdir()
    (checklists / "news-on-the-channel.yaml").write_text(
        "checklist: news-on-the-channel\n"
        "items:\n  tell:\n    announce: {audience: customers, channels: [feed, board], topics: [exports]}\n"
    )
    world = channel_world(tmp_path, checklists=(checklists,))
    translated(world, "en", "de", "fr")
    file = world.settings.organisation
    now = file.read_text()
    file.write_text(now.replace("{kind: feed}", "{kind: feed}, board: {kind: slack}"))
    announced(world)
    closed(world)
    file.write_text(now)
    world = replace(world, organisation_file=OrganisationFile(file))
    made = said(world, what="correction", text=RIGHT, translations=LANGSAMER)
    assert (made.body.strip(), made.variants["de"].body.strip()) == (RIGHT, LANGSAMER["de"])
    world.ledger.dispose()
