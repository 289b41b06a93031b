"""The pages for people who subscribe, and the mail that asks them, in their language."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ledger.newcomers import Newcomer
from tasks.audiences.addresses import confirm_address, hour_of, preferences_address, unsubscribe_address
from tasks.audiences.signing_up import sign_up
from tasks.notices.delivering import deliver_notices
from tasks.world import World
from tests.web.people.crowd import ORGANISATION, letters, path_of, person, sent

ANNA = "anna@example.org"
FRENCH = {"Accept-Language": "fr-CH, fr;q=0.9, en;q=0.5"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def languages(world: World, home: Path) -> None:
    """The organisation speaks three, and Anna reads German."""
    (home / "organisation.yaml").write_text(f"languages: [en, de, fr]\n{ORGANISATION}")
    anna = Newcomer(ANNA, "confirmed", "Anna", "de-AT", "Europe/Vienna", topics=frozenset({"acme"}))
    world.ledger.newcomers.add([anna], "import", "", world.now())


def lang(answer: httpx.Response) -> str:
    (found,) = re.findall(r'<html lang="([^"]*)">', answer.text)
    assert answer.headers["Content-Language"] == found
    assert answer.headers["Vary"] == "Accept-Language"
    return str(found)


@pytest.mark.parametrize(
    ("query", "headers", "gets", "says"),
    [
        ("", {}, "en", "Hear what is new"),
        ("", FRENCH, "fr", "Ne manquez aucune nouveauté"),
        ("?lang=de", FRENCH, "de", "Erfahren Sie, was es Neues gibt"),
        ("?lang=ja", FRENCH, "fr", "Ne manquez aucune nouveauté"),
        ("?lang=%22%3E", {"Accept-Language": "ja"}, "en", "Hear what is new"),
    ],
)
def test_the_open_form_speaks_as_asked_else_as_the_browser(
    client: httpx.Client, query: str, headers: dict[str, str], gets: str, says: str
) -> None:
    answer = client.get(f"/subscribe{query}", headers=headers)
    assert (lang(answer), says in answer.text) == (gets, True)


def test_the_organisations_first_language_is_for_everybody_else(client: httpx.Client, home: Path) -> None:
    (home / "organisation.yaml").write_text(f"languages: [de, en]\n{ORGANISATION}")
    assert lang(client.get("/subscribe")) == "de"
    assert lang(client.get("/subscribe", headers=FRENCH)) == "en"
    assert lang(client.get("/subscribe", headers={"Accept-Language": "it"})) == "de"


def test_words_that_are_missing_are_english_and_say_so(client: httpx.Client, home: Path) -> None:
    (home / "organisation.yaml").write_text(f"languages: [ja, en]\n{ORGANISATION}")
    assert lang(client.get("/subscribe")) == "en"


def test_a_language_of_ones_own_is_a_file(client: httpx.Client, home: Path) -> None:
    (home / "organisation.yaml").write_text(f"languages: [en, pt-BR]\n{ORGANISATION}")
    (home / "messages" / "people").mkdir(parents=True)
    (home / "messages" / "people" / "words.pt.toml").write_text('sign_up = "Saiba das novidades"\n', "utf-8")
    answer = client.get("/subscribe", headers={"Accept-Language": "pt"})
    assert (lang(answer), "Saiba das novidades" in answer.text) == ("pt-BR", True)


def test_what_was_asked_for_stays_after_the_form(client: httpx.Client) -> None:
    assert 'action="/subscribe?lang=fr"' in client.get("/subscribe?lang=fr").text
    answer = client.post("/subscribe?lang=fr", data={"address": "new@example.org"})
    assert (lang(answer), "Consultez votre messagerie" in answer.text) == ("fr", True)
    assert "Une adresse e-mail s’écrit ainsi\u00a0:" in client.post("/subscribe?lang=fr", data={"address": "x"}).text


def test_a_link_of_ones_own_speaks_its_readers_language(world: World, client: httpx.Client) -> None:
    anna = person(world, ANNA)
    pages = {
        preferences_address(world, anna.id): "Was Sie von uns hören",
        unsubscribe_address(world, sent(world, address=ANNA)): "keine weiteren Nachrichten zu Acme",
        confirm_address(world, anna.id, hour_of(world.now())): "Nur noch ein Klick",
    }
    for address, says in pages.items():
        answer = client.get(path_of(address), headers=FRENCH)
        assert (lang(answer), says in answer.text) == ("de", True)
    page = client.get(path_of(preferences_address(world, anna.id))).text
    assert '<option value="Europe/Vienna" selected>Wien</option>' in page
    assert '<optgroup label="Indischer Ozean">' in page


def test_tabs_say_whose_page_it_is(world: World, client: httpx.Client) -> None:
    said = {path: re.findall(r"<title>(.*)</title>", client.get(path).text) for path in ("/subscribe", "/subscribe/x")}
    said["gone"] = re.findall(r"<title>(.*)</title>", client.get("/changes/nothing").text)
    assert said == {
        "/subscribe": ["Hear what is new from Example &amp; Sons"],
        "/subscribe/x": ["This link does not work · Example &amp; Sons"],
        "gone": ["There is nothing at this address · Example &amp; Sons"],
    }


def test_every_page_leads_to_what_is_new_in_its_language(world: World, client: httpx.Client) -> None:
    for path in ("/subscribe?lang=de", path_of(preferences_address(world, person(world, ANNA).id))):
        assert '<a href="/changes?lang=de">Alle Neuigkeiten ansehen</a>' in client.get(path).text
    assert "/changes?lang=fr" in client.post("/subscribe?lang=fr", data={"address": "new@example.org"}).text


def test_another_language_holds_from_the_answer_on(world: World, client: httpx.Client) -> None:
    path = path_of(preferences_address(world, person(world, ANNA).id))
    chosen = {"topic": ["acme"], "channel": ["email"], "pace": "daily", "locale": "fr", "pause": "30", "do": "save"}
    answer = client.post(path, data=chosen)
    assert (lang(answer), "Enregistré." in answer.text) == ("fr", True)
    assert re.search(r"En pause jusqu’au <time datetime=\"[^\"]+\">\d+ \w+ \d{4}</time>\.", answer.text)


def test_who_said_no_language_gets_that_of_their_browser(world: World, client: httpx.Client) -> None:
    path = path_of(preferences_address(world, person(world).id))
    assert lang(client.get(path, headers=FRENCH)) == "fr"
    assert lang(client.get(path)) == "en"


@pytest.mark.parametrize(
    ("ask", "status", "says"),
    [
        (lambda client: client.get("/subscriptions/nobody", headers=FRENCH), 404, "Ce lien ne mène nulle part"),
        (
            lambda client: client.post(
                "/subscribe", data={"address": ANNA}, headers={**FRENCH, "Origin": "https://evil.example"}
            ),
            403,
            "Rien n’a été modifié",
        ),
    ],
)
def test_what_leads_nowhere_says_it_in_the_browsers_language(
    client: httpx.Client, ask: Callable[[httpx.Client], httpx.Response], status: int, says: str
) -> None:
    answer = ask(client)
    assert (answer.status_code, lang(answer), says in answer.text) == (status, "fr", True)


@pytest.mark.parametrize(
    ("locale", "subject", "says", "gets"),
    [
        ("de", "Bitte bestätigen Sie", "Themen: <strong", "de"),
        ("fr", "Confirmez votre abonnement", "Sujets&nbsp;: <strong", "fr"),
        ("it", "Confirm that you want", "about <strong", "en"),
    ],
)
def test_the_mail_that_asks_is_in_the_language_that_was_chosen(
    world: World, locale: str, subject: str, says: str, gets: str
) -> None:
    assert sign_up(world, Newcomer("new@example.org", locale=locale, topics=frozenset({"acme"})), "203.0.113.1")
    deliver_notices(world)
    (letter,) = letters(world)
    html = letter.html
    assert letter.subject.startswith(subject)
    assert (says in html, f'<html lang="{gets}"' in html) == (True, True)
