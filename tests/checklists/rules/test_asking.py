"""Who may have people asked again."""

from __future__ import annotations

import pytest

from checklists.commands import TMINUS, Actor, Ask, Hold
from checklists.launch import Launch
from tests.checklists.launches import ADA, BEN, DAN, EVE, begun, refused, sign, told


def ask(by: Actor = TMINUS, item: str = "qa", *people: str) -> Ask:
    return Ask(by=by, item=item, people=people or (ADA.email, BEN.email))


def test_each_mailing_has_its_number_and_a_new_round_begins_anew() -> None:
    launch = told(begun(), ask(), ask(EVE, "qa", "Ada@Example.com", ADA.email))
    assert (launch.items["qa"].mailing, launch.items["qa"].asked) == (2, (ADA.email,))
    again = told(launch, sign(ADA, "qa", "request-changes", "not yet")).items["qa"]
    assert (again.mailing, again.asked) == (0, ())


@pytest.mark.parametrize(("by", "item"), [(EVE, "qa"), (ADA, "qa"), (DAN, "guide"), (TMINUS, "docs")])
def test_managers_owners_and_those_who_were_asked_may_ask_again(by: Actor, item: str) -> None:
    assert told(begun(), ask(), ask(by, item)).items[item].mailing >= 1


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (begun(), ask(ADA), "Ada was not asked for qa"),
        (begun(), ask(Actor("x@example.com")), "not a person of this organisation"),
        (begun(), ask(EVE, "go"), "go is waiting; nobody is asked for it now"),
        (told(begun(), sign(DAN, "docs")), ask(EVE, "links"), "links is running; nobody is asked for it now"),
        (told(begun(), sign(DAN, "docs")), ask(EVE, "docs"), "docs is passed already"),
        (begun(), Ask(by=EVE, item="qa", people=()), "name between 1 and 1000 people"),
        (begun(), Ask(by=EVE, item="qa", people=(ADA.email,), round=2), "round 2 of qa is over"),
        (told(begun(), Hold(by=EVE, reason="frozen")), ask(EVE), "acme 2.4.0 is on hold, nothing is sent: frozen"),
    ],
)
def test_it_is_refused_with_its_reason(launch: Launch, command: Ask, reason: str) -> None:
    assert reason in refused(launch, command)
