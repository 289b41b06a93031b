"""Whom tminus asks and tells, from the people there are today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists.commands import Ask
from checklists.decide import Refusal
from tasks.people.asking import ask_again, holders, to_ask
from tests.checklists.launches import ADA, BEN, CAT, EVE
from tests.tasks.notices.organised import send_away
from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


def test_whoever_could_sign_is_asked(at: Place) -> None:
    launch = at.begun()
    assert to_ask(at.world, launch, launch.items["qa"]) == (ADA.email, BEN.email, CAT.email)


def test_who_is_away_is_not_asked(at: Place) -> None:
    launch = at.begun()
    send_away(at, ADA.email)
    assert to_ask(at.world, launch, launch.items["qa"]) == (BEN.email, CAT.email)


def test_a_role_is_told_at_its_people_who_are_there(at: Place) -> None:
    at.begun()
    assert holders(at.world, ["qa"]) == (ADA.email, BEN.email, CAT.email)
    send_away(at, ADA.email)
    assert holders(at.world, ["qa"]) == (BEN.email, CAT.email)
    assert holders(at.world, []) == ()


def test_a_role_of_which_everybody_is_away_is_told_all_the_same(at: Place) -> None:
    at.begun()
    send_away(at, EVE.email)
    assert holders(at.world, ["launch-managers"]) == (EVE.email,)


def test_only_who_can_answer_may_be_named(at: Place) -> None:
    launch, by = at.begun(), at.world.person(EVE.email)
    asked = ask_again(at.world, launch, "qa", ("Ben@Example.com",), by)
    assert isinstance(asked, Ask)
    assert asked.people == (BEN.email,)
    refused = ask_again(at.world, launch, "qa", (EVE.email, BEN.email), by)
    assert refused == Refusal(
        "eve@example.com cannot answer qa of acme 2.4.0 now; "
        "those who can: ada@example.com, ben@example.com, cat@example.com"
    )
    assert isinstance(ask_again(at.world, launch, "qs", (), by), Ask)  # `decide` knows what to say of that
