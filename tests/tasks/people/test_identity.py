"""Who somebody is, at each door."""

from __future__ import annotations

import getpass
from dataclasses import replace

import pytest
from pydantic import SecretStr

from tasks.people.identity import NotProven, in_terminal, of_code, of_link, terminal
from tasks.people.tokens import SCOPES, Scope, create_token, revoke_token
from tasks.world import World
from tests.checklists.launches import BEN, EVE
from tests.tasks.people.mailed import mailed, with_settings
from tests.tasks.worlds import Place


def verified(at: Place, token: str = "") -> World:
    return with_settings(at.world, identity="verified", token=SecretStr(token) if token else None)


def test_a_link_is_its_person_as_of_today(at: Place) -> None:
    _, links = mailed(at)
    who = of_link(at.world, links[BEN.email])
    assert (who.email, who.roles, who.proof) == (BEN.email, BEN.roles, "link")


def test_a_link_that_asks_for_the_code_is_proven_by_it(at: Place) -> None:
    _, links = mailed(at)
    assert of_link(at.world, replace(links[BEN.email], asks_code=True)).proof == "code"
    assert of_code(at.world, links[BEN.email]).proof == "code"


def test_where_names_are_trusted_it_is_who_they_say_or_who_has_logged_in(at: Place) -> None:
    assert (in_terminal(at.world, "Ben@Example.com").email, in_terminal(at.world, BEN.email).proof) == (
        BEN.email,
        "asserted",
    )
    assert in_terminal(at.world, None).email == getpass.getuser().lower()


def test_where_people_are_verified_a_name_is_not_enough(at: Place) -> None:
    for said in (None, BEN.email):
        with pytest.raises(NotProven, match="`tminus token create --as EMAIL` makes one"):
            in_terminal(verified(at), said)


def test_a_token_is_enough(at: Place) -> None:
    world = verified(at, create_token(at.world, BEN.email, ["sign"]))
    for said in (None, BEN.email, " BEN@example.com "):
        who = in_terminal(world, said)
        assert (who.email, who.proof, who.roles) == (BEN.email, "token", BEN.roles)


def test_nobody_acts_as_somebody_else(at: Place) -> None:
    token = create_token(at.world, BEN.email, SCOPES)
    with pytest.raises(NotProven, match=r"is ben@example.com's; nobody acts as eve@example.com with it") as said:
        in_terminal(verified(at, token), EVE.email)
    assert token not in str(said.value)


@pytest.mark.parametrize(("has", "needs"), [("sign", "manage"), ("manage", "sign"), ("read", "sign")])
def test_a_token_opens_what_it_was_made_for_only(at: Place, has: Scope, needs: Scope) -> None:
    with pytest.raises(NotProven, match=f"made with `--scope {needs}`"):
        in_terminal(verified(at, create_token(at.world, BEN.email, [has])), None, needs)


def test_a_token_that_has_ended_is_none(at: Place) -> None:
    token = create_token(at.world, BEN.email, ["sign"])
    revoke_token(at.world, token.split("_")[1])
    for given in (token, "tm_nonsense"):
        with pytest.raises(NotProven, match="is none, or has ended") as said:
            in_terminal(verified(at, given), None)
        assert given not in str(said.value)


def test_the_record_says_from_which_machine_a_command_came() -> None:
    assert terminal().startswith(f"{getpass.getuser()}@")
    assert len(terminal()) <= 64
