"""The page behind a personal link: everything somebody chooses, and nothing of anybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from ledger.newcomers import Newcomer
from ledger.subscribers import Subscriber
from ledger.wishes import Preferences
from tasks.audiences.addresses import preferences_address
from tasks.people.readers import reader_address
from tasks.world import World
from tests.tasks.channel import Draft, put
from tests.web.people.crowd import path_of, person

CHOSEN = {
    "topic": ["sdk", "beta-programme"],
    "type": ["new", "security"],
    "channel": ["email"],
    "pace": "weekly",
    "locale": "pt_br",
    "timezone": "Europe/Berlin",
    "pause": "30",
    "do": "save",
}


def page(world: World) -> str:
    return path_of(preferences_address(world, person(world).id))


def test_everything_is_saved_and_shown_again(world: World, client: httpx.Client) -> None:
    answer = client.post(page(world), data=CHOSEN)
    assert answer.status_code == 200
    assert "Saved." in answer.text
    ada = person(world)
    assert (ada.topics, ada.refused) == (frozenset({"sdk", "beta-programme"}), frozenset({"acme"}))
    assert (ada.change_types, ada.channels) == (frozenset({"new", "security"}), frozenset({"email"}))
    assert (ada.pace, ada.locale, ada.timezone) == ("weekly", "pt-BR", "Europe/Berlin")
    assert ada.paused_until is not None
    assert timedelta(days=29) < ada.paused_until - world.now() <= timedelta(days=30)
    again = client.post(page(world), data=CHOSEN | {"pause": "keep"})
    assert again.status_code == 200
    assert person(world) == ada


def test_the_page_shows_what_is_chosen_and_what_people_wrote_as_text(world: World, client: httpx.Client) -> None:
    shown = client.get(page(world)).text
    assert 'value="acme" checked' in shown
    assert 'value="sdk">' in shown
    assert "Acme &lt;SDK&gt;" in shown
    assert "Example &amp; Sons" in shown
    assert 'value="beta-programme" checked' in shown
    assert "secret-plan" not in shown
    assert "<script" not in shown


def test_who_has_no_topic_is_warned(world: World, client: httpx.Client) -> None:
    assert "Untick what no longer" in client.get(page(world)).text
    saved = client.post(page(world), data=CHOSEN | {"topic": []}).text
    assert ("No topic is ticked" in saved, "Untick what no longer" in saved) == (True, False)


def test_a_language_that_is_not_asked_for_stays(world: World, client: httpx.Client) -> None:
    """An organisation with one language asks nobody; who came with another one finds it on their page."""
    assert 'name="locale"' not in client.get(page(world)).text
    client.post(page(world), data=CHOSEN | {"locale": "de-AT"})
    assert '<option value="de-AT" lang="de-AT" selected>Deutsch (Österreich)</option>' in client.get(page(world)).text
    client.post(page(world), data={name: value for name, value in CHOSEN.items() if name != "locale"})
    assert person(world).locale == "de-AT"


def test_a_topic_that_is_not_for_everybody_is_not_offered_to_others(world: World, client: httpx.Client) -> None:
    world.ledger.newcomers.add([Newcomer("ben@example.com", "confirmed")], "import", "", world.now())
    path = path_of(preferences_address(world, person(world, "ben@example.com").id))
    assert "Beta programme" not in client.get(path).text
    assert client.post(path, data=CHOSEN).status_code == 422
    assert person(world, "ben@example.com").topics == frozenset()


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "no-such"},
        {"type": "feat"},
        {"channel": "pigeon"},
        {"pace": "hourly"},
        {"pace": ["daily", "weekly"]},
        {"locale": "german"},
        {"timezone": "Mars/Base"},
        {"pause": "9999"},
        {"do": "delete"},
        {"do": ""},
    ],
)
def test_what_the_page_does_not_offer_changes_nothing(
    world: World, client: httpx.Client, ada: Subscriber, wrong: dict[str, str]
) -> None:
    answer = client.post(page(world), data=CHOSEN | wrong)
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert person(world) == ada


def test_leaving_and_coming_back(world: World, client: httpx.Client, ada: Subscriber) -> None:
    assert "You are unsubscribed from everything" in client.post(page(world), data={"do": "unsubscribe"}).text
    assert person(world).state == "unsubscribed"
    assert "Welcome back" in client.post(page(world), data={"do": "subscribe"}).text
    assert person(world) == ada


def test_who_never_confirmed_can_say_yes_or_leave(world: World, client: httpx.Client) -> None:
    """Whoever an audience names by address comes here from its mail."""
    world.ledger.newcomers.add([Newcomer("pat@example.net")], "organisation", "", world.now())
    pat = path_of(preferences_address(world, person(world, "pat@example.net").id))
    shown = client.get(pat).text
    assert "You get what you choose below once you do." in shown
    assert "Unsubscribe from everything" in shown
    client.post(pat, data={"do": "subscribe"})
    assert person(world, "pat@example.net").state == "confirmed"


def test_who_complained_is_told_and_cannot_be_brought_back(world: World, client: httpx.Client) -> None:
    world.ledger.wishes.complained("ada@example.com", "", "sendgrid", world.now())
    assert "reported as spam" in client.post(page(world), data={"do": "subscribe"}).text
    assert person(world).state == "blocked"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "application/json"}, 415),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(
    world: World, client: httpx.Client, ada: Subscriber, headers: dict[str, str], status: int
) -> None:
    content = b"do=unsubscribe"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(page(world), content=content, headers=kind | headers).status_code == status
    assert person(world) == ada


def test_what_cannot_be_read_changes_nothing(world: World, client: httpx.Client, ada: Subscriber) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"\xff=1", b"do=%ff", b"&".join([b"topic=a"] * 400)):
        assert client.post(page(world), content=body, headers=kind).status_code == 422
    assert person(world) == ada


def feed(world: World, client: httpx.Client) -> str:
    """The address on the page, as a feed reader is given it."""
    (address,) = re.findall(r'<a href="([^"]*changes[^"]*\.atom[^"]*)">', client.get(page(world)).text)
    return unescape(str(address))


def follow(world: World, *topics: str) -> None:
    who = person(world)
    wanted = Preferences(frozenset(topics), who.topics | set(topics), frozenset(), who.channels, "daily", "", "", None)
    world.ledger.wishes.prefer(who.id, wanted, "page", "", world.now())


@pytest.mark.parametrize(
    ("topics", "query"),
    [
        (("acme", "sdk"), ""),
        ((), ""),
        (("sdk",), "?product=sdk"),
        (("beta-programme",), "?topic=beta-programme"),
    ],
)
def test_the_page_has_the_address_for_a_feed_reader(
    world: World, client: httpx.Client, topics: tuple[str, ...], query: str
) -> None:
    everybody(world)
    follow(world, *topics)
    assert feed(world, client) == f"{world.settings.public_url}/changes.atom{query}"
    assert client.get(feed(world, client).removeprefix(world.settings.public_url)).status_code == 200


def test_the_address_for_a_feed_reader_is_in_the_readers_language(world: World, client: httpx.Client) -> None:
    file = world.settings.organisation
    file.write_text(f"languages: [en, de]\n{file.read_text()}")
    everybody(world)
    who = person(world)
    for locale, query in (("de", "?lang=de"), ("en", ""), ("it", "")):
        wanted = Preferences(frozenset(), who.topics, frozenset(), who.channels, "daily", locale, "", None)
        world.ledger.wishes.prefer(who.id, wanted, "page", "", world.now())
        assert feed(world, client) == f"{world.settings.public_url}/changes.atom{query}"


def test_who_may_read_more_gets_a_feed_of_their_own(world: World, client: httpx.Client) -> None:
    put(world, Draft("2.4.0", audience="customers"))
    follow(world, "acme")
    public = f"{world.settings.public_url}/changes.atom?product=acme"
    assert feed(world, client) == public
    assert not world.ledger.readers.of("ada@example.com"), "looking at the page has made a link"
    own = reader_address(world, "ada@example.com")
    mine = feed(world, client)
    assert mine == f"{own}/changes.atom?product=acme"
    assert "do not share it" in client.get(page(world)).text
    assert "Acme 2.4.0" in client.get(mine.removeprefix(world.settings.public_url)).text
    assert "Acme 2.4.0" not in client.get("/changes.atom").text
    world.ledger.readers.revoke("ada@example.com", world.now())
    assert feed(world, client) == public


@pytest.mark.parametrize("state", ["unsubscribed", "blocked"])
def test_who_left_is_shown_what_is_for_everybody(world: World, client: httpx.Client, state: str) -> None:
    follow(world, "acme")
    if state == "blocked":
        world.ledger.wishes.complained("ada@example.com", "", "sendgrid", world.now())
    else:
        world.ledger.wishes.unsubscribe(person(world).id, "page", "", world.now())
    assert feed(world, client) == f"{world.settings.public_url}/changes.atom?product=acme"


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("en", "with what is new about Acme &lt;SDK&gt;"),
        ("de", "mit Neuem zu Acme &lt;SDK&gt;"),
        ("fr", "sur Acme &lt;SDK&gt;"),
    ],
)
def test_the_feed_is_spoken_of_in_their_language(world: World, client: httpx.Client, locale: str, says: str) -> None:
    file = world.settings.organisation
    file.write_text(f"languages: [en, de, fr]\n{file.read_text()}")
    follow(world, "sdk")
    assert says in client.get(page(world), params={"lang": locale}).text


def everybody(world: World) -> None:
    """Every audience may be read by everybody."""
    file = world.settings.organisation
    file.write_text(file.read_text().replace("external: true", "external: true, public: true"))
