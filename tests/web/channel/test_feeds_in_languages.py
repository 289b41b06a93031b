"""Feeds in the language that their address asks for; what a change lacks in it is told in its own."""

from __future__ import annotations

from xml.etree import ElementTree

import feedparser
import httpx
import pytest

from ledger.publication import Words
from tasks.announcements.publishing import shown
from tasks.people.readers import reader_token
from tasks.world import World
from tests.tasks.channel import Draft, at, put

EXPORTE = Words("Schnellere Exporte", "Exporte sind **schneller**.")
HOME = "http://127.0.0.1:4280/changes"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ALL = ("atom", "rss", "json")


@pytest.fixture(autouse=True)
def languages(channel: World) -> None:
    file = channel.settings.organisation
    file.write_text(f"languages: [en, de, fr]\n{file.read_text()}")
    put(channel, Draft("2.4.0", title="Faster exports", variants=(("de", EXPORTE),)))
    put(at(channel, channel.now().replace(day=2)), Draft("2.5.0", title="Only in English"))


@pytest.mark.parametrize("format_", ("atom", "rss"))
def test_a_feed_reader_reads_the_language_it_asks_for(reading: httpx.Client, format_: str) -> None:
    found = feedparser.parse(reading.get(f"/changes.{format_}?lang=de").content)
    assert (found.bozo, found.feed.language, found.feed.title) == (False, "de", "Example Org: Neuigkeiten")
    assert (found.feed.link, [one.href for one in found.feed.links if one.rel == "self"]) == (
        f"{HOME}?lang=de",
        [f"{HOME}.{format_}?lang=de"],
    )
    assert [(one.title, one.link) for one in found.entries] == [
        ("Only in English", f"{HOME}/acme-2.5.0?lang=de"),
        ("Schnellere Exporte", f"{HOME}/acme-2.4.0?lang=de"),
    ]
    assert "<strong>schneller</strong>" in found.entries[1].content[0].value


def test_each_entry_says_which_language_it_is_in(reading: httpx.Client) -> None:
    atom = ElementTree.fromstring(reading.get("/changes.atom?lang=de").content)
    assert (atom.get(LANG), [one.get(LANG) for one in atom if one.tag.endswith("}entry")]) == ("de", ["en", "de"])
    rss = ElementTree.fromstring(reading.get("/changes.rss?lang=de").content)
    assert [one.text for one in rss.iter() if one.tag.endswith("language")] == ["de", "en", "de"]
    told = reading.get("/changes.json?lang=de").json()
    assert (told["language"], [one["language"] for one in told["items"]]) == ("de", ["en", "de"])
    assert told["_tminus"]["words"]["label"] == "Neuigkeiten"  # for the snippet
    assert (told["items"][1]["summary"], told["feed_url"]) == ("Exporte sind schneller.", f"{HOME}.json?lang=de")


@pytest.mark.parametrize("format_", ALL)
def test_languages_share_ids_and_nothing_else_that_a_cache_goes_by(reading: httpx.Client, format_: str) -> None:
    answers = [reading.get(f"/changes.{format_}{query}") for query in ("", "?lang=de", "?lang=fr")]
    assert len({one.headers["ETag"] for one in answers}) == 3
    assert [one.headers["Content-Language"] for one in answers] == ["en", "de", "fr"]
    assert reading.get(f"/changes.{format_}?lang=de", headers={"If-None-Match": answers[0].headers["ETag"]}).content
    told = [feedparser.parse(one.content) if format_ != "json" else None for one in answers]
    if format_ == "json":
        ids = [[one["id"] for one in answer.json()["items"]] for answer in answers]
    else:
        ids = [[one.id for one in found.entries] for found in told if found]
    assert ids[0] == ids[1] == ids[2]
    if format_ == "atom":
        assert {found.feed.id for found in told if found} == {f"{HOME}.atom"}


@pytest.mark.parametrize(
    ("query", "gets"),
    [
        ("", "en"),
        ("?lang=en", "en"),
        ("?lang=xx", "en"),
        ("?lang=", "en"),
        ("?lang=de-AT", "de"),
        ("?lang=DE_ch", "de"),
    ],
)
def test_a_feed_is_in_one_of_the_organisations_languages(reading: httpx.Client, query: str, gets: str) -> None:
    """The browser's is not asked: a feed at one address is the same for everybody."""
    answer = reading.get(f"/changes.json{query}", headers={"Accept-Language": "fr"})
    assert (answer.json()["language"], answer.headers.get("Vary", "")) == (gets, "")
    assert answer.json()["feed_url"] == (f"{HOME}.json?lang=de" if gets == "de" else f"{HOME}.json")


def test_corrections_and_recalls_are_told_in_every_language(channel: World, reading: httpx.Client) -> None:
    made = channel.ledger.publications.find("acme-2.4.0")
    assert made is not None
    right = Words("Exports, corrected", "Exports are slower.")
    before = reading.get("/changes.json?lang=de").headers["ETag"]
    channel.ledger.publications.correct(made.id, "c", right, shown(right), channel.now())
    answer = reading.get("/changes.json?lang=de", headers={"If-None-Match": before})
    item = answer.json()["items"][1]
    assert (item["title"], item["language"], "schneller" in answer.text) == (right.title, "en", False)
    channel.ledger.publications.recall(made.id, "", channel.now())
    told = reading.get("/changes.json?lang=de").json()["items"][1]
    assert (told["content_text"], told["_tminus"]) == ("Diese Mitteilung wurde zurückgezogen.", {"withdrawn": True})
    assert reading.get("/changes.json").json()["items"][1]["content_text"] == "This was withdrawn."


@pytest.mark.parametrize("format_", ALL)
def test_what_is_private_leaves_as_an_excerpt_in_each_language(
    channel: World, reading: httpx.Client, format_: str
) -> None:
    secret = Words("Geheim", "Der geheime Plan. " + "Noch mehr davon. " * 60 + "Ganz am Ende.")
    put(channel, Draft("3.0.0", audience="internal", body="The plan. " * 90 + "The end.", variants=(("de", secret),)))
    mine = f"/changes/of/{reader_token(channel, 'ada@example.com')}/changes.{format_}?lang=de"
    told = reading.get(mine).text
    assert ("geheime Plan" in told, "Ganz am Ende" in told, "The plan" in told) == (True, False, False)
    assert "geheim" not in reading.get(f"/changes.{format_}?lang=de").text.lower()


def test_what_an_older_version_drew_is_drawn_again_in_each_language(channel: World, reading: httpx.Client) -> None:
    with channel.ledger.database.writing() as connection:
        connection.exec_driver_sql("UPDATE publications SET drawn = 0, html = '', translated = '{}'")
    item = reading.get("/changes.json?lang=de").json()["items"][1]
    assert ("<strong>schneller</strong>" in item["content_html"], item["language"]) == (True, "de")
