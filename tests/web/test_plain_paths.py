"""What nobody can have called anything is answered as where there is nothing, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ledger.newcomers import Newcomer
from tasks.audiences.addresses import preferences_address
from tasks.people.tokens import create_token
from tasks.world import World
from tests.databases import database_url
from tests.tasks.channel import channel_world
from tests.web.room import serving

__all__ = ["database_url"]

PAGES = (
    "/changes/%00",
    "/changes/a%00b",
    "/changes/of/%00",
    "/changes/of/a%00/b",
    "/reach/a%00b",
    "/reach/a%00b/numbers.json",
    "/reach/a%00b/numbers.csv",
    "/launches/a%00/b%00/preview",
    "/launches/a/b%00/preview",
    "/unsubscribe/%00",
    "/subscriptions/%00",
    "/subscribe/1-%00",
    "/sign/%00",
    "/outbox/%00",
    "/notes/%00",
    "/changes/a%0Ab",
    "/changes/a%7Fb",
)
API = (
    "/api/launches/a%00b",
    "/api/launches/a%00b/items/tell",
    "/api/launches/a%00b/entries",
    "/api/subscribers/%00",
    "/api/audiences/a%00b",
    "/api/checklists/a%00b",
)
QUERIES = (
    "/changes?q=%00&product=%00x&topic=%00&type=%00&audience=%00&page=%00&lang=%00",
    "/changes.atom?topic=%00&limit=%00",
    "/changes.json?q=a%00b",
    "/subscribe?topic=%00&lang=%00",
    "/reach/acme-2.4.0?lang=%00",
    "/launches/acme-2.4.0/tell/preview?channel=%00&locale=%00&part=%00",
    "/api/subscribers?address=%00&after=%00",
    "/api/subscribers?address=a%00b",
    "/api/audiences/customers?address=a%00b&product=%00&checklist=%00",
    "/api/launches?product=%00&cursor=%00",
    "/api/launches?cursor=AA%00",
)
FORMS = (
    "do=save&topic=acme%00&pace=daily",
    "do=save&pace=daily&locale=en%00",
    "do=save&pace=daily&timezone=%00",
    "do=%00",
    "address=x%40y.zz%00",
)


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> World:
    return channel_world(tmp_path / "home", database_url)


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    bearer = create_token(world, "ada@example.com", ("read", "sign", "manage"))
    with serving(world) as served:
        served.headers["Authorization"] = f"Bearer {bearer}"
        yield served


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_there_is_nothing_at_such_an_address(client: httpx.Client, method: str) -> None:
    for path in (*PAGES, *API):
        answer = client.request(method, path)
        assert answer.status_code in ((404,) if method == "GET" else (404, 405, 415)), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_api_says_it_in_its_own_way(client: httpx.Client) -> None:
    for path in API:
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["instance"] == path.replace("%00", "%EF%BF%BD")


def test_in_a_query_or_a_form_it_breaks_nothing_either(world: World, client: httpx.Client) -> None:
    for path in QUERIES:
        assert client.get(path).status_code < 500, path
    world.ledger.newcomers.add([Newcomer("x@example.net", "confirmed")], "import", "", world.now())
    who = world.ledger.subscribers.find("x@example.net")
    assert who is not None
    mine = preferences_address(world, who.id).removeprefix(world.settings.public_url)
    for path in (mine, "/subscribe"):
        for form in FORMS:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            assert client.post(path, content=form, headers=kind).status_code < 500, (path, form)
