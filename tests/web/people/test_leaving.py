"""One click ends it (RFC 8058): at once, without cookies or redirects, twice as once; looking ends nothing."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from ledger.batches import Of
from ledger.planning import Recipient
from ledger.subscribers import Subscriber
from tasks.audiences.addresses import preferences_address, unsubscribe_address, unsubscribe_headers
from tasks.world import World
from tests.web.people.crowd import ADDRESS, ITEM, LAUNCH, path_of, person, sent

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def gone(world: World, topics: tuple[str, ...] = ("acme", "sdk")) -> dict[str, str]:
    return dict(world.ledger.subscribers.opted_out([ADDRESS], topics, world.now()))


@pytest.mark.parametrize("how", ["form", "multipart", "nothing"])
def test_a_post_unsubscribes_from_what_the_mail_was_about(world: World, client: httpx.Client, how: str) -> None:
    path = path_of(unsubscribe_address(world, sent(world)))
    body: dict[str, Any] = {
        "form": {"data": ONE_CLICK},
        "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
        "nothing": {},
    }
    assert gone(world) == {}
    for _ in range(2):
        answer = client.post(path, **body[how])
        assert answer.status_code == 200
        assert not {"set-cookie", "location"} & set(answer.headers)
        assert "You are unsubscribed" in answer.text
        assert gone(world) == {ADDRESS: "topic"}
    assert gone(world, ("beta-programme",)) == {}
    said = [one for one in world.ledger.wishes.consents(person(world).id) if one.how == "one-click"]
    assert [one.what for one in said] == ["no:acme", "no:sdk"]
    assert said[0].origin == "acme-2.4.0/tell from 127.0.0.1"


def test_it_is_written_down_which_mail_it_was(world: World, client: httpx.Client) -> None:
    sent(world)
    correction = Of(LAUNCH, ITEM, "email", "correction/1")
    world.ledger.planning.plan(correction, 1, [Recipient(ADDRESS)], world.now())
    (delivery,) = [one for one in world.ledger.deliveries.of(LAUNCH) if one.purpose == correction.purpose]
    assert client.post(path_of(unsubscribe_address(world, delivery.id))).status_code == 200
    assert world.ledger.wishes.consents(person(world).id)[-1].origin == "acme-2.4.0/tell/correction/1 from 127.0.0.1"


def test_a_mail_that_was_about_no_topic_ends_everything(world: World, client: httpx.Client) -> None:
    assert client.post(path_of(unsubscribe_address(world, sent(world, "all")))).status_code == 200
    assert gone(world) == gone(world, ()) == {ADDRESS: "unsubscribed"}


def test_looking_changes_nothing(world: World, client: httpx.Client, ada: Subscriber) -> None:
    delivery = sent(world)
    for address in (unsubscribe_address(world, delivery), preferences_address(world, ada.id)):
        for method in ("GET", "HEAD", "GET"):
            assert client.request(method, path_of(address)).status_code == 200
    assert person(world) == ada
    assert "Unsubscribe?" in client.get(path_of(unsubscribe_address(world, delivery))).text


def test_what_comes_with_a_role_is_not_ended_and_says_so(world: World, client: httpx.Client) -> None:
    delivery = sent(world, "support", "ben@example.com")
    answer = client.post(path_of(unsubscribe_address(world, delivery)))
    assert "comes with your role" in answer.text
    assert "You are unsubscribed" not in answer.text


def test_the_header_is_one_line_and_says_nothing_of_its_reader(world: World) -> None:
    headers = unsubscribe_headers(unsubscribe_address(world, sent(world)))
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://127\.0\.0\.1:4280/unsubscribe/[\w-]{43}>", headers["List-Unsubscribe"])


def test_no_address_can_be_made_up(world: World, client: httpx.Client, ada: Subscriber) -> None:
    real = path_of(unsubscribe_address(world, sent(world)))
    token = real.rpartition("/")[2]
    other = path_of(preferences_address(world, ada.id)).rpartition("/")[2]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (token[:-1], token + "A", "A" * 43, changed, token.swapcase(), other, "", "..", "%00", "ä"):
        for method in ("GET", "POST"):
            assert client.request(method, f"/unsubscribe/{wrong}").status_code == 404, wrong
    assert client.post(f"/subscriptions/{token}", data={"do": "unsubscribe"}).status_code == 404
    assert person(world) == ada


def test_who_was_forgotten_is_told_that_it_is_done(world: World, client: httpx.Client, ada: Subscriber) -> None:
    path = path_of(unsubscribe_address(world, sent(world)))
    mine = path_of(preferences_address(world, ada.id))
    world.ledger.wishes.forget(ada.id, world.now())
    assert "You are unsubscribed" in client.post(path).text
    assert client.get(mine).status_code == 404


def test_too_long_a_body_is_refused_and_changes_nothing(world: World, client: httpx.Client, ada: Subscriber) -> None:
    path = path_of(unsubscribe_address(world, sent(world)))
    assert client.post(path, content=b"x" * 70_000).status_code == 413
    assert person(world) == ada
