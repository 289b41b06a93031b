"""The change channel in its reader's language, and what it has to say itself in the nearest it was written in."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from ledger.newcomers import Newcomer
from ledger.publication import Words
from tasks.announcements.publishing import shown
from tasks.people.readers import reader_token
from tasks.world import World
from tests.tasks.channel import Draft, put

GERMAN = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.4"}
EXPORTE = Words("Schnellere Exporte", "Exporte sind **schneller**.")


@pytest.fixture(autouse=True)
def languages(channel: World) -> None:
    file = channel.settings.organisation
    file.write_text(f"languages: [en, de, fr]\n{file.read_text()}")
    put(channel, Draft("2.4.0", title="Faster exports", variants=(("de", EXPORTE),), types=("new",), topics=("api",)))
    channel.now.wait(timedelta(days=14))  # type: ignore[attr-defined]
    put(channel, Draft("2.5.0", title="Only in English", types=("action",)))


def lang(answer: httpx.Response) -> str:
    (found,) = re.findall(r'<html lang="([^"]*)">', answer.text)
    assert answer.headers["Content-Language"] == found
    assert answer.headers["Vary"] == "Accept-Language"
    return str(found)


@pytest.mark.parametrize(
    ("query", "headers", "gets", "says"),
    [
        ("", {}, "en", ("What’s new", "2 changes", "1 December 2026", "Action needed")),
        ("", GERMAN, "de", ("Neuigkeiten", "2 Neuigkeiten", "1. Dezember 2026", "Handlungsbedarf", "Alle Arten")),
        ("?lang=fr", GERMAN, "fr", ("Nouveautés", "2 nouveautés", "1er décembre 2026", "Action requise")),
        (
            "?lang=fr&q=zzz",
            {},
            "fr",
            (
                "0 nouveauté trouvée",
                "Rien ne correspond",
                'href="http://127.0.0.1:4280/changes?lang=fr">affichez tout</a>',
            ),
        ),
        ("?lang=xx", {}, "en", ("What’s new",)),
        ("?type=new", GERMAN, "de", ("1 Neuigkeit gefunden", "Diese Suche abonnieren:")),
    ],
)
def test_the_list_speaks_as_asked_else_as_the_browser(
    reading: httpx.Client, query: str, headers: dict[str, str], gets: str, says: tuple[str, ...]
) -> None:
    answer = reading.get(f"/changes{query}", headers=headers)
    assert (lang(answer), [one for one in says if one not in answer.text]) == (gets, [])
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_organisations_first_language_is_for_everybody_else(channel: World, reading: httpx.Client) -> None:
    file = channel.settings.organisation
    file.write_text(file.read_text().replace("[en, de, fr]", "[fr, de]"))
    assert lang(reading.get("/changes", headers={"Accept-Language": "it"})) == "fr"


def test_a_change_is_shown_in_the_language_it_was_written_in_and_says_which(reading: httpx.Client) -> None:
    page = reading.get("/changes", headers=GERMAN).text
    assert re.search(r'<h3 dir="auto"><a href="[^"]+">Schnellere Exporte</a>', page)
    assert re.search(r'<h3 dir="auto" lang="en"><a href="[^"]+">Only in English</a>', page)
    assert "Exporte sind schneller." in page
    one = reading.get("/changes/acme-2.4.0", headers=GERMAN)
    assert (lang(one), "<strong>schneller</strong>" in one.text, "Faster" in one.text) == ("de", True, False)
    assert '<h1 dir="auto" lang="en">Only in English' in reading.get("/changes/acme-2.5.0", headers=GERMAN).text


def test_the_language_that_was_asked_for_is_kept_by_every_link(reading: httpx.Client) -> None:
    page = reading.get("/changes?lang=de&product=acme").text
    home = "http://127.0.0.1:4280/changes"
    for said in (
        f'<h3 dir="auto"><a href="{home}/acme-2.4.0?lang=de">',
        '<input type="hidden" name="lang" value="de">',
        f'<a href="{home}?topic=api&amp;lang=de">',
        f'<a href="{home}?lang=de">Alles anzeigen</a>',
        f'<a href="{home}?product=acme&amp;lang=fr" lang="fr" hreflang="fr">Français</a>',
        f'<a href="{home}?product=acme&amp;lang=de" lang="de" hreflang="de" aria-current="true">Deutsch</a>',
        f'<link rel="alternate" hreflang="fr" href="{home}?product=acme&amp;lang=fr">',
        f'<link rel="alternate" hreflang="x-default" href="{home}?product=acme">',
        f'<link rel="canonical" href="{home}?lang=de">',
        f'<a href="{home}.atom?product=acme&amp;lang=de">Atom</a>',
    ):
        assert said in page
    assert "lang=" not in re.sub(
        r"<(nav|link)\b.*?>|<a [^>]*hreflang[^>]*>|<html [^>]*>", "", reading.get("/changes").text
    )


def test_a_page_leads_to_the_feeds_in_its_language(reading: httpx.Client) -> None:
    """Feeds do not ask the browser, so the page that did says it in the address."""
    for path in ("/changes", "/changes/acme-2.5.0"):
        page = reading.get(path, headers=GERMAN).text
        assert page.count('href="http://127.0.0.1:4280/changes.json?lang=de"') == 2
        assert 'hreflang="x-default" href="http://127.0.0.1:4280' + path + '"' in page


def test_an_address_made_of_the_id_leads_to_the_page(channel: World, reading: httpx.Client) -> None:
    made = channel.ledger.publications.find("acme-2.4.0")
    assert made is not None
    answer = reading.get(f"/changes/{made.id}?lang=de", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        308, "http://127.0.0.1:4280/changes/acme-2.4.0?lang=de"
    )  # fmt: skip
    private = put(channel, Draft("2.6.0", audience="partners"))
    assert reading.get(f"/changes/{private.id}", follow_redirects=False).status_code == 404


def test_one_language_needs_no_switch(channel: World, reading: httpx.Client) -> None:
    file = channel.settings.organisation
    file.write_text(file.read_text().replace("languages: [en, de, fr]", ""))
    assert 'class="languages"' not in reading.get("/changes").text
    assert "Deutsch" in reading.get("/changes/acme-2.4.0").text  # which was written in two


def test_a_link_of_ones_own_speaks_its_readers_language(channel: World, reading: httpx.Client) -> None:
    channel.ledger.newcomers.add([Newcomer("ada@example.com", "confirmed", locale="fr")], "import", "", channel.now())
    mine = f"/changes/of/{reader_token(channel, 'ada@example.com')}"
    page = reading.get(mine, headers=GERMAN)
    assert (lang(page), "gardez cette adresse pour vous" in page.text) == ("fr", True)
    assert lang(reading.get(f"{mine}?lang=de")) == "de"
    assert lang(reading.get(f"{mine}/nothing", headers=GERMAN)) == "fr"
    public = reading.get(f"{mine}/acme-2.4.0?lang=de").text
    assert '<link rel="canonical" href="http://127.0.0.1:4280/changes/acme-2.4.0?lang=de">' in public
    assert 'rel="alternate" hreflang' not in public


def test_corrections_and_what_is_gone_are_told_in_the_language(channel: World, reading: httpx.Client) -> None:
    made = channel.ledger.publications.find("acme-2.4.0")
    assert made is not None
    words = made.words()
    channel.ledger.publications.correct(made.id, "c", words, shown(words), channel.now(), "It said faster.")
    correction = r"<strong>Aktualisiert am <time [^>]+>15\. Dezember 2026</time>:</strong> <span dir=\"auto\""
    page = reading.get("/changes/acme-2.4.0", headers=GERMAN).text
    assert re.search(rf'{correction} lang="en">It said faster\.</span>', page)
    german = {"de": "Da stand <b>schneller."}
    channel.ledger.publications.correct(
        made.id, "d", words, shown(words), channel.now(), "It said faster.", notes=german
    )
    page = reading.get("/changes/acme-2.4.0", headers=GERMAN).text
    assert re.search(rf"{correction}>Da stand &lt;b&gt;schneller\.</span>", page)
    channel.ledger.publications.recall(made.id, "Too early.", channel.now(), {"de": "Zu früh."})
    for locale, why in (("de", '<p dir="auto">Zu früh.</p>'), ("fr", '<p dir="auto" lang="en">Too early.</p>')):
        assert why in reading.get(f"/changes/acme-2.4.0?lang={locale}").text
    assert re.search(
        r"Diese Mitteilung wurde am <time [^>]+>15\. Dezember 2026</time> zurückgezogen\.",
        reading.get("/changes/acme-2.4.0?lang=de").text,
    )
    missing = reading.get("/changes/nothing", headers=GERMAN)
    assert (missing.status_code, lang(missing), "Unter dieser Adresse" in missing.text) == (404, "de", True)
