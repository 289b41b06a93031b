"""An audience as commands show it, and why somebody is in it or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from checklists.errors import LaunchError
from checklists.files.load import load_checklist
from ledger.newcomers import Newcomer
from ledger.wishes import Preferences
from tasks.audiences.looking import audience_now, why
from tasks.world import World
from tests.web.room import make_world

ORGANISATION = """
organisation: Example
people: {ben@example.com: {name: Ben, roles: [support]}}
products: {acme: {title: Acme}, sdk: {title: SDK}}
audiences:
  customers:
    roles: [support]
    addresses: [named@example.net]
    topics: [launched-product]
    rule: {attributes: {plan: [pro, team]}, not: {domain: competitor.example}}
  nobody: {}
"""
CHECKLIST = """
checklist: beta
audiences:
  german-testers: {topics: [launched-product], rule: {attributes: {plan: pro}, locale: de}}
  customers: {rule: {list: beta}}
items: {x: {todo: x}}
"""
PRO, ACME = {"plan": "pro"}, frozenset({"acme"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "organisation.yaml").write_text(ORGANISATION)
    (home / "beta.yaml").write_text(CHECKLIST)
    made = make_world(home, checklists=(home,))
    people = [
        Newcomer("Ada@example.com", "confirmed", locale="de", attributes=PRO, topics=ACME),
        Newcomer("cleo@example.com", "unsubscribed", attributes=PRO, topics=ACME),
        Newcomer("dan@example.com", "confirmed", attributes={"plan": "free"}, topics=ACME),
        Newcomer("eva@competitor.example", "confirmed", attributes=PRO, topics=ACME),
        Newcomer("fay@example.com", "confirmed", attributes=PRO),
        Newcomer("gus@example.com", "blocked"),
    ]
    made.ledger.newcomers.add(people, "import", "", made.now())
    yield made
    made.ledger.dispose()


def test_the_audience_is_counted_split_and_sampled(world: World) -> None:
    shown = audience_now(world, "customers", "acme")
    assert (shown["reach"], shown["by_role"], shown["by_address"]) == (3, 1, 1)
    assert shown["excluded"] == {"unsubscribed": {"count": 1, "reason": "unsubscribed"}}
    assert shown["reach_by"] == {"locale": {"": 2, "de": 1}, "domain": {"example.com": 2, "example.net": 1}}
    assert [one["address"] for one in shown["sample"]] == ["ben@example.com", "named@example.net", "Ada@example.com"]
    assert audience_now(world, "customers")["reach"] == 3
    assert audience_now(world, "customers", "sdk")["reach"] == 2
    assert audience_now(world, "nobody")["reach"] == 0
    with pytest.raises(LaunchError, match="no audience is called"):
        audience_now(world, "customer")


def test_a_split_adds_up_however_many_parts_it_has(world: World) -> None:
    many = (Newcomer(f"p@d{number}.example", "confirmed", attributes=PRO, topics=ACME) for number in range(30))
    world.ledger.newcomers.add(many, "import", "", world.now())
    shown = audience_now(world, "customers", "acme")
    domains = shown["reach_by"]["domain"]
    assert (shown["reach"], sum(domains.values())) == (33, 33)
    assert (next(iter(domains)), len(domains), domains["others"]) == ("example.com", 21, 12)


@pytest.mark.parametrize(
    ("address", "is_in", "because"),
    [
        ("ADA@example.com", True, "they match its rule and topics"),
        ("Ben@example.com", True, "has one of its roles"),
        ("NAMED@example.net", True, "is named in it"),
        ("cleo@example.com", False, "unsubscribed"),
        ("dan@example.com", False, 'plan is free; it has to be one of "pro", "team"'),
        ("eva@competitor.example", False, 'they are left out, because domain is "competitor.example"'),
        ("fay@example.com", False, "they subscribe to none of acme"),
        ("gus@example.com", False, "they subscribe to none of acme; plan is not known of them"),
        ("zoe@example.com", False, "nobody known has this address"),
    ],
)
def test_one_address_is_told_why(world: World, address: str, is_in: bool, because: str) -> None:
    shown = why(world, "customers", address, "acme")
    assert (shown["in"], "; ".join(shown["because"])) == (is_in, because)


def test_who_is_named_or_has_a_role_can_be_out_all_the_same(world: World) -> None:
    for address in ("named@example.net", "ben@example.com"):
        world.ledger.wishes.bounced(address, "550", "sendgrid", world.now())
        assert why(world, "customers", address) == {
            "audience": "customers",
            "address": address,
            "in": False,
            "because": ["bounced before"],
        }
    assert why(world, "nobody", "ada@example.com")["because"] == ["no subscribers are in it"]


def test_who_is_named_and_gets_nothing_is_in_no_sample(world: World) -> None:
    named = f"[{', '.join(f'{name}@example.net' for name in ('paused', 'feed', 'new', 'ada'))}]"
    file = world.settings.organisation
    file.write_text(file.read_text().replace("[named@example.net]", named))
    for name, own in (("paused", {"paused_until": world.now() + timedelta(days=30)}), ("feed", {"channels": {"feed"}})):
        world.ledger.newcomers.add([Newcomer(f"{name}@example.net", "confirmed")], "import", "", world.now())
        who = world.ledger.subscribers.find(f"{name}@example.net")
        assert who is not None
        everything = Preferences(who.topics, who.topics, who.change_types, who.channels, "immediate", "", "", None)
        world.ledger.wishes.prefer(who.id, replace(everything, **own), "page", "", world.now())
    world.ledger.wishes.bounced("ben@example.com", "550", "sendgrid", world.now())
    told = {name: why(world, "customers", f"{name}@example.net", "acme") for name in ("paused", "feed", "new")}
    assert [one["in"] for one in told.values()] == [False, False, True]
    because = [["paused all mail"], ["chose another channel"], ["is named in it"]]
    assert [one["because"] for one in told.values()] == because
    shown = audience_now(world, "customers", "acme")
    sample = [one["address"] for one in shown["sample"]]
    assert sample == ["new@example.net", "ada@example.net", "Ada@example.com"]
    assert len(sample) == shown["reach"]


def test_an_audience_of_a_checklist_is_looked_at_in_the_same_way(world: World) -> None:
    beta = load_checklist("beta", world.settings.folders).checklist
    shown = audience_now(world, "german-testers", "acme", beta)
    assert (shown["audience"], shown["reach"], shown["excluded"]) == ("german-testers", 1, {})
    assert shown["meant"] == ['subscribers of the launched product of whom plan is "pro" and locale is "de"']
    told = {who: why(world, "german-testers", who, "acme", beta) for who in ("ada@example.com", "cleo@example.com")}
    assert [one["in"] for one in told.values()] == [True, False]
    assert told["cleo@example.com"]["because"] == ["their language is not known, not de"]

    with pytest.raises(LaunchError, match='no audience is called "german-testers"'):
        audience_now(world, "german-testers", "acme")
    with pytest.raises(
        LaunchError, match=r'audiences\.customers of the checklist "beta": the organisation file has an'
    ):
        audience_now(world, "customers", "acme", beta)
