"""Signing up: nothing is sent before the address itself has answered, and nobody learns who is subscribed."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from ledger.newcomers import Newcomer
from tasks.audiences import signing_up
from tasks.audiences.addresses import preferences_address, read_confirm
from tasks.notices.delivering import deliver_notices
from tasks.world import World
from tests.web.people.crowd import ADDRESS, letters, path_of, person
from web.letters import Letter

NEW = "New.Person@example.org"


def sign_up(client: httpx.Client, address: str, **more: object) -> httpx.Response:
    return client.post("/subscribe", data={"address": address, "locale": "de", "topic": ["acme"], **more})


def mailed(world: World, most: float = 10) -> list[Letter]:
    """What has left; it does so after the answer."""
    until = time.monotonic() + most
    while not (found := letters(world)) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def link(letter: Letter) -> str:
    (found,) = re.findall(r"http://\S+/(?:subscribe|subscriptions)/\S+", letter.text)
    return path_of(found)


def test_the_address_itself_says_yes(world: World, client: httpx.Client) -> None:
    answer = sign_up(client, NEW)
    assert answer.status_code == 200
    assert "Check your inbox" in answer.text
    assert person(world, NEW).state == "unconfirmed"
    (letter,) = mailed(world)
    assert letter.to == NEW
    assert "about Acme" in letter.text
    path = link(letter)
    assert "One click to go" in client.get(path).text
    assert person(world, NEW).state == "unconfirmed"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        assert "You are subscribed" in client.post(path, headers=kind).text
    found = person(world, NEW)
    assert (found.state, found.locale, found.topics) == ("confirmed", "de", frozenset({"acme"}))
    said = [(one.what, one.how, one.origin) for one in world.ledger.wishes.consents(found.id)]
    assert ("confirmed", "link", "127.0.0.1") in said


def test_the_answer_is_the_same_whoever_is_subscribed(world: World, client: httpx.Client) -> None:
    said = {sign_up(client, address).text.replace(address, "") for address in (NEW, ADDRESS, "x@example.org")}
    world.ledger.wishes.unsubscribe(person(world).id, "page", "", world.now())
    said.add(sign_up(client, ADDRESS.lower()).text.replace(ADDRESS.lower(), ""))
    assert len(said) == 1


def test_who_is_subscribed_already_is_changed_by_nobody(world: World, client: httpx.Client) -> None:
    before = person(world)
    sign_up(client, ADDRESS, topic=["sdk"])
    assert person(world) == before
    (letter,) = mailed(world)
    assert "already" in letter.subject
    assert link(letter).startswith("/subscriptions/")


@pytest.mark.parametrize("left", ["unsubscribed", "bounced"])
def test_who_returns_gets_what_they_asked_for(world: World, client: httpx.Client, left: str) -> None:
    ada, wishes = person(world), world.ledger.wishes
    if left == "bounced":
        wishes.bounced(ADDRESS, "550", "sendgrid", world.now())
    else:
        wishes.unsubscribe(ada.id, "page", "", world.now())
    gone = person(world)
    assert gone.state == left
    sign_up(client, ADDRESS, topic=["roadmap-sso"], locale="de")
    (letter,) = mailed(world)
    assert "about Single sign-on" in letter.text
    sign_up(client, ADDRESS, topic=["sdk"], locale="fr")  # a stranger, before they answer
    client.get(link(letter))
    assert person(world) == gone, "nothing changes before they say yes"
    client.post(link(letter), headers={"Content-Type": "application/x-www-form-urlencoded"})
    back = person(world)
    assert (back.state, back.topics, back.locale) == ("confirmed", frozenset({"roadmap-sso"}), "de")
    assert back.refused == ada.topics, "no import brings back what they did not ask for"


def test_a_yes_that_comes_twice_changes_nothing_the_second_time(world: World, client: httpx.Client) -> None:
    world.ledger.wishes.unsubscribe(person(world).id, "page", "", world.now())
    sign_up(client, ADDRESS, topic=["sdk"])
    (letter,) = mailed(world)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    client.post(link(letter), headers=kind)
    own = path_of(preferences_address(world, person(world).id))
    client.post(own, data={"topic": "acme", "channel": "email", "pace": "immediate", "do": "save"})
    client.post(link(letter), headers=kind)
    assert person(world).topics == frozenset({"acme"})


def test_one_address_is_written_to_once_an_hour(world: World, client: httpx.Client) -> None:
    for address in (NEW, NEW.upper(), NEW.lower()):
        sign_up(client, address)
    assert len(mailed(world)) == 1
    later = replace(world, now=lambda: world.now() + timedelta(hours=1))
    assert signing_up.sign_up(later, Newcomer(NEW), "203.0.113.1")
    deliver_notices(later)
    assert len(letters(world)) == 2


def test_one_place_cannot_make_us_write_to_everybody(world: World, client: httpx.Client) -> None:
    answers = [sign_up(client, f"p{number}@example.org").status_code for number in range(22)]
    assert answers == [200] * 20 + [429] * 2
    assert world.ledger.subscribers.find("p21@example.org") is None
    assert signing_up.sign_up(world, Newcomer("q@example.org"), "203.0.113.1")


def test_who_complained_is_never_written_to(world: World, client: httpx.Client) -> None:
    world.ledger.wishes.complained(ADDRESS, "", "sendgrid", world.now())
    assert sign_up(client, ADDRESS).status_code == 200
    sign_up(client, NEW)
    assert [one.to for one in mailed(world)] == [NEW]


def test_a_confirmation_ends_after_a_week(world: World, client: httpx.Client) -> None:
    sign_up(client, NEW)
    (letter,) = mailed(world)
    token = link(letter).removeprefix("/subscribe/")
    assert read_confirm(world, token) is not None
    late = replace(world, now=lambda: world.now() + timedelta(days=8))
    assert read_confirm(late, token) is None
    hour, _, rest = token.partition("-")
    assert read_confirm(late, f"{int(hour) + 1_000}-{rest}") is None
    for wrong in ("", "-", f"{hour}-", f"²-{rest}", f"{'9' * 40}-{rest}", rest):
        assert client.get(f"/subscribe/{wrong}x").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "a@b@c",
        "a@localhost",
        "jörg@example.com",
        "a@x..org",
        "a@example.com, b@example.com",
        "x" * 300 + "@x.org",
    ],
)
def test_what_is_no_address_is_said_beside_it(world: World, client: httpx.Client, address: str) -> None:
    answer = sign_up(client, address)
    assert answer.status_code == 422
    assert 'aria-describedby="e-address"' in answer.text


def test_a_domain_may_be_written_in_any_script(world: World, client: httpx.Client) -> None:
    assert sign_up(client, "ada@müller.example").status_code == 200
    (letter,) = mailed(world)
    assert letter.to == person(world, "ada@müller.example").address == "ada@xn--mller-kva.example"


def test_who_ticks_nothing_hears_of_everything_that_is_offered(world: World, client: httpx.Client) -> None:
    assert "none ticked is the same as all" in client.get("/subscribe").text
    client.post("/subscribe", data={"address": NEW})
    assert person(world, NEW).topics == frozenset({"acme", "sdk", "roadmap-sso"})
    (letter,) = mailed(world)
    assert "about Acme, Single sign-on, Acme <SDK>" in " ".join(letter.text.split())


def test_what_was_filled_in_is_still_there_after_an_error(world: World, client: httpx.Client) -> None:
    file = world.settings.organisation
    file.write_text(f"languages: [en, de, fr]\n{file.read_text()}")
    page = sign_up(client, "ada@example,com", topic=["sdk", "roadmap-sso"], locale="fr").text
    assert re.findall(r'value="([^"]*)" checked', page) == ["sdk", "roadmap-sso"]
    assert '<option value="fr" lang="fr" selected>Français</option>' in page
    assert 'value="ada@example,com" aria-invalid="true" aria-describedby="e-address"' in page


@pytest.mark.parametrize(("spoken", "offered"), [("[en, de, pt-BR]", ["en", "de", "pt-BR"]), ("[de]", [])])
def test_languages_nobody_writes_are_not_offered(
    world: World, client: httpx.Client, spoken: str, offered: list[str]
) -> None:
    file = world.settings.organisation
    file.write_text(f"languages: {spoken}\n{file.read_text()}")
    assert re.findall(r'<option value="([^"]*)" lang', client.get("/subscribe").text) == offered


def test_header_lines_cannot_be_slipped_in(world: World, client: httpx.Client) -> None:
    assert sign_up(client, "ada@example.com\r\nBcc: all@example.com").status_code == 422
    assert letters(world) == []


def test_topics_nobody_offers_are_left_out(world: World, client: httpx.Client) -> None:
    sign_up(client, NEW, topic=["beta-programme", "acme", "no-such"])
    assert person(world, NEW).topics == frozenset({"acme"})
    assert 'value="sdk" checked' in client.get("/subscribe?topic=sdk&topic=beta-programme").text
