"""Who is asked: everybody who could fill a place that is empty, and nobody who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checklists.checklist import Checklist
from checklists.commands import TMINUS, Abandon, Actor, Ask, Hold
from checklists.entries import AskAgain, Difference
from checklists.fold import fold
from checklists.launch import Launch
from checklists.people import Delegation, Directory, Member
from checklists.rules.asking import answerable
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    DAN,
    DIRECTORY,
    EVE,
    EVERYBODY,
    FAY,
    NOW,
    begun,
    decided,
    refused,
    report,
    sign,
    start,
    told,
)

TODAY = NOW.date()


def asked(launch: Launch, item: str, directory: Directory = DIRECTORY, waivers: str = "launch-managers") -> set[str]:
    away = {member.email for member in directory.members if member.is_away(TODAY)}
    people = answerable(launch, launch.items[item], directory.actors(TODAY), away, waivers)
    assert len(people) == len(set(people))
    return {who.partition("@")[0] for who in people}


def gate(*lines: str, **more: object) -> Launch:
    items = {"ready": {"gate": "Ready", "sign": list(lines), **more}}
    return begun(start(Checklist.model_validate({"checklist": "example", "items": items})))


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        (("2 of qa",), {"ada", "ben", "cat"}),
        (("1 of qa", "1 of docs"), {"ada", "ben", "cat", "dan"}),
        (("1 of security or support",), {"ben", "fay"}),
        (("all of qa",), {"ada", "ben", "cat"}),
        (("dan@example.com",), {"dan"}),
    ],
)
def test_everybody_who_could_fill_a_place_is_asked(lines: tuple[str, ...], who: set[str]) -> None:
    assert asked(gate(*lines), "ready") == who


def test_who_has_signed_is_not_asked_again() -> None:
    launch = begun()
    assert asked(told(launch, sign(ADA, "qa")), "qa") == {"ben", "cat"}


def test_who_could_only_fill_what_is_taken_is_not_asked() -> None:
    launch = told(begun(), sign(ADA, "qa"), sign(CAT, "qa"))
    assert asked(launch, "qa") == {"ben"}


def test_evidence_that_is_still_to_come_keeps_nobody_from_being_asked() -> None:
    assert asked(gate("1 of qa", evidence=["test-report"]), "ready") == {"ada", "ben", "cat"}


AWAY = (date(2026, 11, 20), date(2026, 11, 30))


def organised(*delegations: Delegation, away: Actor = ADA) -> Directory:
    members = [Member(one.email, one.name, one.roles, away=(AWAY,) if one is away else ()) for one in EVERYBODY]
    return Directory(tuple(members), delegations)


def test_the_absent_are_not_asked_but_their_delegates_are() -> None:
    assert asked(gate("1 of qa"), "ready", organised()) == {"ben", "cat"}
    assert asked(gate("1 of qa"), "ready", organised(Delegation(ADA.email, FAY.email, *AWAY))) == {"ben", "cat", "fay"}


def test_a_delegate_who_is_away_is_not_asked() -> None:
    for_ada = Delegation(ADA.email, FAY.email, *AWAY)
    assert asked(gate("1 of qa"), "ready", organised(for_ada, away=FAY)) == {"ada", "ben", "cat"}


def test_authors_are_not_asked_nor_their_delegates_unless_the_gate_says_so() -> None:
    bound = {"bound-to": "code"}
    assert asked(by(ADA, gate("1 of qa", **bound)), "ready") == {"ben", "cat"}
    assert asked(by(ADA, gate("1 of qa", **bound)), "ready", organised(Delegation(ADA.email, FAY.email, *AWAY))) == {
        "ben",
        "cat",
    }
    assert asked(by(ADA, gate("1 of qa", **bound, **{"self-sign": "allowed"})), "ready") == {"ada", "ben", "cat"}


def by(who: Actor, launch: Launch) -> Launch:
    """The launch had this person written its code."""
    return replace(launch, difference=Difference(authors=(who.email,)))


def test_people_are_asked_though_nobody_knows_yet_who_wrote_it() -> None:
    launch = replace(gate("1 of qa", **{"bound-to": "code"}), difference=Difference(why="git is away"))
    assert asked(launch, "ready") == {"ada", "ben", "cat"}


def test_the_other_half_of_a_pair_that_signed_is_not_asked() -> None:
    for_ada = Delegation(ADA.email, FAY.email, *AWAY)
    people = organised(for_ada)
    signed = told(gate("2 of qa"), sign(people.actor(FAY.email, TODAY), "ready"))
    assert asked(signed, "ready", people) == {"ben", "cat"}


@pytest.mark.parametrize(
    ("owner", "who"),
    [("docs", {"dan"}), (None, {"eve"}), ("nobody-holds-this", {"eve"}), ("qa", {"ada", "ben", "cat"})],
)
def test_a_to_do_is_for_its_owner(owner: str | None, who: set[str]) -> None:
    item = {"todo": "Write it", **({"owner": owner} if owner else {})}
    launch = begun(start(Checklist.model_validate({"checklist": "example", "items": {"it": item}})))
    assert asked(launch, "it") == who


def test_what_failed_is_for_its_owner_and_those_who_may_waive() -> None:
    check = {"check": "http", "with": {"url": "http://127.0.0.1/"}, "owner": "docs"}
    launch = begun(start(Checklist.model_validate({"checklist": "example", "items": {"it": check}})))
    assert asked(launch, "it") == set()
    failed = told(launch, report("it", ok=False))
    assert asked(failed, "it") == {"dan", "eve"}
    assert asked(failed, "it", waivers="support") == {"dan", "fay"}


def test_nobody_is_asked_about_what_is_not_open() -> None:
    assert asked(begun(), "go") == set()
    assert asked(told(begun(), sign(DAN, "docs")), "docs") == set()
    assert asked(told(begun(), Abandon(by=EVE, reason="superseded")), "qa") == set()


def again(by: Actor = TMINUS, item: str = "qa", *people: str) -> Ask:
    return Ask(by=by, item=item, people=people)


def test_each_mailing_has_its_number_and_a_new_round_begins_anew() -> None:
    launch = told(begun(), again(), again(EVE, "qa", "Ada@Example.com", ADA.email))
    assert (launch.items["qa"].mailing, launch.items["qa"].asked) == (3, (ADA.email, BEN.email, CAT.email))
    anew = fold(decided(launch, sign(ADA, "qa", "request-changes", "not yet")), onto=launch).items["qa"]
    assert (anew.mailing, anew.asked, anew.asked_for) == (0, (), None)


def test_who_is_named_is_mailed_once() -> None:
    (entry,) = decided(begun(), again(EVE, "qa", "Ada@Example.com", ADA.email))
    assert isinstance(entry.data, AskAgain)
    assert (entry.data.people, entry.actor) == ((ADA.email,), EVE.email)


def test_asked_again_twice_at_once_is_asked_once() -> None:
    launch = begun()
    assert decided(fold(decided(launch, again()), onto=launch), again()) == ()


@pytest.mark.parametrize(("by", "item"), [(EVE, "qa"), (ADA, "qa"), (DAN, "guide"), (TMINUS, "docs")])
def test_managers_owners_and_those_who_were_asked_may_ask_again(by: Actor, item: str) -> None:
    assert told(begun(), again(by, item)).items[item].mailing == 2


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (begun(), again(FAY), "Fay was not asked for qa"),
        (begun(), again(Actor("x@example.com")), "not a person of this organisation"),
        (begun(), again(EVE, "go"), "go is waiting; nobody is asked for it now"),
        (told(begun(), sign(DAN, "docs")), again(EVE, "links"), "links is running; nobody is asked for it now"),
        (told(begun(), sign(DAN, "docs")), again(EVE, "docs"), "docs is passed already"),
        (begun(), again(EVE, "qa", *("x" * 1_001)), "1001 people are more than 1000"),
        (begun(), Ask(by=EVE, item="qa", round=2), "round 2 of qa is over"),
        (told(begun(), Hold(by=EVE, reason="frozen")), again(EVE), "acme 2.4.0 is on hold, nothing is sent: frozen"),
    ],
)
def test_it_is_refused_with_its_reason(launch: Launch, command: Ask, reason: str) -> None:
    assert reason in refused(launch, command)
