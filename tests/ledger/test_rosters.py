"""Who hears an announcement is settled once, each person once, each with the reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from checklists.audience_rule import Rule
from checklists.selection import Selection
from ledger.newcomers import Newcomer
from ledger.roster_steps import Meant, Required
from ledger.store import Ledger
from ledger.wishes import Preferences
from tests.ledger.examples import LAUNCH, NOON
from tests.ledger.plans import plans, reads_all

PRO = Selection(rule=Rule.model_validate({"attributes": {"plan": "pro"}}))
FREE = {"attributes": {"plan": "free"}}
MEANT = Meant("customers", 'plan is "pro"', selection=PRO)
ITEM = (LAUNCH, "announce", 1)
AFTER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def people(ledger: Ledger) -> None:
    pro = {"plan": "Pro"}
    ledger.newcomers.add(
        [
            Newcomer("ada@example.com", "confirmed", "Ada", "de", "Europe/Berlin", pro, frozenset({"acme"})),
            Newcomer("ben@example.com", "confirmed", attributes=pro),
            Newcomer("cleo@example.com", "unsubscribed", attributes=pro),
            Newcomer("dan@example.com", "unconfirmed", attributes=pro),
            Newcomer("eva@example.com", "confirmed", attributes={"plan": "free"}),
        ],
        "import",
        "a.csv",
        NOON,
    )


def listed(ledger: Ledger, round_: int = 1) -> dict[str, str]:
    return {one.address: one.reason for one in ledger.rosters.roster(*ITEM[:2], round_, reasons=None)}


def test_everybody_who_is_meant_is_there_with_the_reason(ledger: Ledger) -> None:
    settled = ledger.rosters.freeze(*ITEM, MEANT, NOON)
    assert listed(ledger) == {
        "ada@example.com": "",
        "ben@example.com": "",
        "cleo@example.com": "unsubscribed",
        "dan@example.com": "unconfirmed",
    }
    assert (settled.reach, settled.counts) == (2, {"": 2, "unsubscribed": 1, "unconfirmed": 1})
    assert (settled.audience, settled.rule, settled.topics) == ("customers", 'plan is "pro"', frozenset())
    ada, ben = ledger.rosters.roster(*ITEM)
    assert (ada.name, ada.locale, ada.timezone, ada.is_required) == ("Ada", "de", "Europe/Berlin", False)
    assert ledger.subscribers.find_all([ada.person, ben.person]).keys() == {ada.person, ben.person}


def test_what_is_settled_stays_settled(ledger: Ledger) -> None:
    first = ledger.rosters.freeze(*ITEM, MEANT, NOON)
    ledger.newcomers.add([Newcomer("new@example.com", "confirmed", attributes={"plan": "pro"})], "api", "", NOON)
    assert ledger.rosters.freeze(*ITEM, MEANT, NOON) == first
    assert "new@example.com" not in listed(ledger)
    assert ledger.rosters.freeze(LAUNCH, "announce", 2, MEANT, AFTER, NOON).reach == 2
    assert "new@example.com" not in listed(ledger, 2)
    assert ledger.rosters.freeze(LAUNCH, "announce", 3, MEANT, AFTER, AFTER).reach == 3


def test_who_is_to_hear_of_it_later_is_known_as_it_was_settled_last(ledger: Ledger) -> None:
    keys = ("ada@example.com", "ben@example.com", "cleo@example.com", "nobody@example.com")
    of = [ITEM[:2], (LAUNCH, "other")]
    chosen = {"topics": frozenset[str](), "offered": frozenset[str](), "change_types": frozenset[str]()}
    for address, pace, pause in ((keys[0], "daily", None), (keys[1], "immediate", NOON + timedelta(days=1))):
        who = ledger.subscribers.find(address)
        assert who
        wanted = Preferences(**chosen, channels=who.channels, pace=pace, locale="", timezone="", paused_until=pause)  # type: ignore[arg-type]
        ledger.wishes.prefer(who.id, wanted, "page", "", NOON)
    assert ledger.rosters.kept_back(of) == {}
    first = ledger.rosters.freeze(*ITEM, MEANT, NOON)
    assert ledger.rosters.kept_back(of) == {ITEM[:2]: first}
    assert ledger.rosters.hear_later(first, keys) == {keys[0]: "digest", keys[1]: "paused"}
    free = Meant("customers", "plan is free", selection=Selection(rule=Rule.model_validate(FREE)))
    ledger.rosters.freeze(LAUNCH, "announce", 2, free, AFTER)
    assert ledger.rosters.kept_back(of) == {}


def test_an_audience_that_was_empty_is_settled_anew(ledger: Ledger) -> None:
    nobody = replace(MEANT, selection=Selection(rule=Rule.model_validate({"attributes": {"plan": "gold"}})))
    assert ledger.rosters.freeze(*ITEM, nobody, NOON).reach == 0
    ledger.newcomers.add([Newcomer("new@example.com", "confirmed", attributes={"plan": "gold"})], "api", "", NOON)
    assert ledger.rosters.freeze(LAUNCH, "announce", 2, nobody, AFTER, NOON).reach == 1


def test_other_people_are_settled_anew_and_nobody_of_before_is_left(ledger: Ledger) -> None:
    ledger.rosters.freeze(*ITEM, MEANT, NOON)
    free = Selection(rule=Rule.model_validate({"attributes": {"plan": "free"}}))
    settled = ledger.rosters.freeze(*ITEM, replace(MEANT, words='plan is "free"', selection=free), NOON)
    assert (settled.rule, settled.counts) == ('plan is "free"', {"": 1})
    assert listed(ledger) == {"eva@example.com": ""}
    assert ledger.rosters.absent(*ITEM, ["EVA@example.com", "ada@example.com"]) == {"ada@example.com"}


def test_of_very_many_a_thousand_are_looked_up_one_by_one(ledger: Ledger) -> None:
    """Asked within every claim: what read everybody took longer for each the more there were."""
    pro, many = {"plan": "pro"}, [f"p{number}@example.com" for number in range(3_000)]
    ledger.newcomers.add((Newcomer(one, "confirmed", attributes=pro) for one in many), "import", "", NOON)
    ledger.rosters.freeze(*ITEM, MEANT, NOON)
    some = many[:1_000]
    (there,) = plans(ledger, lambda: ledger.rosters.absent(*ITEM, some), "rosters")
    (gone,) = plans(ledger, lambda: ledger.subscribers.opted_out(some, [], NOON), "subscribers")[:1]
    (known,) = plans(ledger, lambda: ledger.subscribers.attributes_of(some), "subscribers")
    assert not reads_all(there, "rosters"), there
    assert not reads_all(known, "subscribers"), known
    assert not reads_all(gone, "subscribers"), gone
    if ledger.database.engine.dialect.name == "postgresql":
        assert "(key)::text = " in there.partition("Index Cond")[2].partition("\n")[0], there


def test_who_opts_out_afterwards_is_found_when_it_leaves(ledger: Ledger) -> None:
    ledger.rosters.freeze(*ITEM, MEANT, NOON)
    ada, ben = ledger.rosters.roster(*ITEM)
    ledger.wishes.unsubscribe(ada.person, "one-click", "", NOON)
    claimed = [ada.address, ben.address]
    assert ledger.subscribers.opted_out(claimed, [], NOON) == {"ada@example.com": "unsubscribed"}


def test_an_address_that_is_meant_twice_is_there_once(ledger: Ledger) -> None:
    meant = replace(MEANT, roles=(Required("ADA@example.com", "Ada"),), addresses=("Ben@example.com", "x@example.com"))
    settled = ledger.rosters.freeze(*ITEM, meant, NOON)
    assert settled.reach == 3
    assert sorted(address.lower() for address in listed(ledger)) == [
        "ada@example.com",
        "ben@example.com",
        "cleo@example.com",
        "dan@example.com",
        "x@example.com",
    ]


def test_who_is_named_can_leave_and_who_has_a_role_cannot(ledger: Ledger) -> None:
    meant = Meant("internal", "", roles=(Required("cleo@example.com"),), addresses=("x@example.com",))
    ledger.rosters.freeze(*ITEM, meant, NOON)
    assert listed(ledger) == {"cleo@example.com": "", "x@example.com": ""}
    found = ledger.subscribers.find("x@example.com")
    assert found is not None
    ledger.wishes.unsubscribe(found.id, "page", "", NOON)
    assert ledger.rosters.freeze(LAUNCH, "announce", 2, meant, AFTER, AFTER).counts == {"": 1, "unsubscribed": 1}


def test_who_is_named_hears_it_and_becomes_a_member_of_nothing_else(ledger: Ledger) -> None:
    """Neither who never answered the mail after a sign-up, nor who was unknown until then."""
    ledger.newcomers.add([Newcomer("pat@example.net", topics=frozenset({"sdk"}))], "sign-up", "", NOON)
    named = Meant("partners", "2 addresses", addresses=("pat@example.net", "new@example.net"))
    assert ledger.rosters.counted(named, NOON) == {"": 2}
    assert ledger.rosters.freeze(*ITEM, named, NOON).counts == {"": 2}
    assert ledger.subscribers.opted_out(["pat@example.net", "new@example.net"], [], NOON) == {}
    by_rule = Selection(rule=Rule.model_validate({"domain": "example.net"}))
    for elsewhere in (Selection(topics=("sdk",)), by_rule):
        assert list(ledger.subscribers.members(elsewhere, NOON)) == []
    for address in named.addresses:
        found = ledger.subscribers.find(address)
        assert found is not None
        assert found.state == "unconfirmed"


def test_a_dead_address_gets_nothing_whatever_its_role(ledger: Ledger) -> None:
    ledger.wishes.bounced("fay@example.com", "550", "sendgrid", NOON)
    ledger.rosters.freeze(*ITEM, Meant("internal", "", roles=(Required("Fay@example.com"),)), NOON)
    assert listed(ledger) == {"Fay@example.com": "bounced"}


def test_an_empty_audience_is_settled_as_empty(ledger: Ledger) -> None:
    settled = ledger.rosters.freeze(*ITEM, Meant("nobody", "nobody"), NOON)
    assert (settled.reach, settled.counts, list(ledger.rosters.roster(*ITEM))) == (0, {}, [])


def test_two_who_settle_at_once_settle_the_same(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: ledger.rosters.freeze(*ITEM, MEANT, NOON).reach, range(4)))
    assert found == {2}
    assert len(listed(ledger)) == 4


def test_one_address_is_told_why(ledger: Ledger) -> None:
    ledger.rosters.freeze(*ITEM, MEANT, NOON)
    found = ledger.rosters.why(*ITEM, "CLEO@example.com")
    assert found is not None
    assert found.reason == "unsubscribed"
    assert ledger.rosters.why(*ITEM, "eva@example.com") is None


def test_who_is_forgotten_disappears_from_what_was_settled(ledger: Ledger) -> None:
    ledger.rosters.freeze(*ITEM, MEANT, NOON)
    ada, _ = ledger.rosters.roster(*ITEM)
    ledger.wishes.forget(ada.person, NOON)
    (gone,) = [one for one in ledger.rosters.roster(*ITEM) if one.person == ada.person]
    assert (gone.address, gone.name) == ("", "")
    assert ledger.subscribers.opted_out([gone.person], [], NOON) == {gone.person: "blocked"}
