"""Who is waited for: those who could fill an empty place, and nobody who could not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checklists.checklist import Checklist
from checklists.entries import Difference
from checklists.errors import Finding, InvalidFile
from checklists.launch import ItemState, Launch
from checklists.organisation import Organisation
from tasks.boards.around import NO_GIT, NOT_COMPARED, Around, waited_for
from tests.checklists.launches import ADA, BEN, CAT, EVERYBODY, FAY, NOW, begun, sign, start, told

AWAY = {"from": "2026-12-20", "to": "2026-12-31"}


@cache
def organisation(git: str = "") -> Organisation:
    people: dict[str, Any] = {
        one.email: {"name": one.name, "roles": list(one.roles)} for one in EVERYBODY if one.is_known
    }
    people[BEN.email]["absences"] = [AWAY]
    product = {"title": "Acme", **({"git": git} if git else {})}
    return Organisation.model_validate({"organisation": "Example", "people": people, "products": {"acme": product}})


AROUND = Around("asserted", "https://launches.example.com", organisation, lambda: NOW)


def waited(launch: Launch, item: str = "qa", **changed: Any) -> dict[str, tuple[str, ...]]:
    state = replace(launch.items[item], **changed)
    changed_launch = replace(launch, items={**launch.items, item: state})
    return {one.place: one.people for one in waited_for(changed_launch, state, AROUND.members())}


def test_each_empty_place_has_those_who_could_fill_it() -> None:
    assert waited(begun()) == {"2 of qa": ("Ada", "Ben", "Cat"), "1 of security": ("Ben",)}
    assert waited(told(begun(), sign(ADA, "qa"), sign(CAT, "qa"))) == {"1 of security": ("Ben",)}


def test_whoever_was_not_asked_is_not_waited_for() -> None:
    assert waited(begun(), asked=(ADA.email, BEN.email)) == {"2 of qa": ("Ada", "Ben"), "1 of security": ("Ben",)}


def test_a_delegate_who_was_asked_stands_beside_every_place() -> None:
    assert waited(begun(), asked=(ADA.email, FAY.email)) == {"2 of qa": ("Ada", "Fay"), "1 of security": ("Fay",)}


TELL = {"announce": {"audience": "customers", "channels": ["email"]}, "title": "The news", "needs": ["qa"]}


def bound(**item: Any) -> Launch:
    """A launch whose gate `qa` is bound to the code that Ada wrote, or to something else."""
    gate = {"gate": "QA", "sign": ["2 of qa"], "bound-to": "code", **item}
    plan = {"checklist": "x", "items": {"qa": gate, "tell": TELL}}
    launch = begun(start(Checklist.model_validate(plan)))
    return replace(launch, difference=Difference(authors=(ADA.email,)))


def test_authors_are_not_waited_for_unless_the_gate_lets_them() -> None:
    assert waited(bound()) == {"2 of qa": ("Ben", "Cat")}
    assert waited(bound(**{"self-sign": "allowed"})) == {"2 of qa": ("Ada", "Ben", "Cat")}


@pytest.mark.parametrize(
    ("difference", "git", "says"),
    [
        (Difference(authors=(ADA.email,)), "", ""),
        (Difference(why="the host does not answer"), "", "the host does not answer"),
        (None, "", NO_GIT),
        (None, "https://git.example.com/acme.git", NOT_COMPARED),
    ],
)
def test_it_is_said_where_nobody_knows_who_wrote_it(difference: Difference | None, git: str, says: str) -> None:
    launch = replace(bound(), difference=difference)
    around = replace(AROUND, organisation=lambda: organisation(git))
    assert around.authors_unknown(launch, launch.items["qa"]) == says
    assert around.authors_unknown(begun(), begun().items["qa"]) == "", "it is bound to nothing"


def state(launch: Launch) -> ItemState:
    return launch.items["qa"]


def test_a_page_needs_an_address() -> None:
    assert AROUND.page(begun(), state(begun())) == "https://launches.example.com/launches/acme-2.4.0/qa"
    assert Around().page(begun(), state(begun())) == ""


def test_a_broken_organisation_file_costs_people_their_names_and_nothing_else() -> None:
    def broken() -> Organisation:
        raise InvalidFile(Finding(Path("organisation.yaml"), 1, "people", "is no mapping"))

    around = replace(AROUND, organisation=broken)
    assert around.members() == ()
    launch = replace(bound(), difference=None)
    assert around.authors_unknown(launch, state(launch)) == NO_GIT
