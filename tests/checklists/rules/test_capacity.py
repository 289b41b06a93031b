"""As whom somebody signs: rules of one place for each human and of authors hold for a pair, too."""

from __future__ import annotations

import pytest

from checklists.commands import Actor, Sign
from checklists.entries import Difference
from checklists.launch import Launch
from checklists.people import Delegation, Member
from checklists.rules.capacity import Capacity, approving, as_whom, capacities
from checklists.rules.refusal import Refusal
from tests.checklists.launches import refused, told
from tests.checklists.rules.bound import ADA, BEN, CLEO, DAN, EVE, approve, launched, lets, who

FRESH = launched()
DAN_FOR_ADA = who(DAN, lets(ADA, DAN))
BEN_FOR_CLEO = who(BEN, lets(CLEO, BEN))
EVE_FOR_ADA_THROUGH_DAN = who(EVE, lets(ADA, DAN), lets(DAN, EVE))


def signed(launch: Launch, by: Actor, item: str, instead_of: Member | None = None) -> tuple[str, str | None]:
    """Who signed for whom."""
    (*_, one) = told(launch, approve(by, item, instead_of, draft="https://a")).items[item].signatures
    return one.by, one.instead_of.email if one.instead_of else None


def test_somebody_signs_for_themself_first() -> None:
    assert signed(FRESH, who(BEN, lets(ADA, BEN)), "code") == (BEN.email, None)


def test_somebody_whom_nobody_asks_signs_for_the_absent() -> None:
    assert signed(FRESH, DAN_FOR_ADA, "code") == (DAN.email, ADA.email)
    assert signed(FRESH, DAN_FOR_ADA, "person") == (DAN.email, ADA.email)


def test_where_their_own_places_are_taken_they_sign_for_the_absent() -> None:
    launch = told(FRESH, approve(who(ADA), "free"))
    launch_two = told(FRESH, approve(who(CLEO), "free"))
    assert signed(launch, BEN_FOR_CLEO, "free") == (BEN.email, None)
    assert signed(launch_two, who(DAN, lets(CLEO, DAN), lets(ADA, DAN)), "free") == (DAN.email, ADA.email)


def test_they_may_say_for_whom() -> None:
    assert signed(FRESH, BEN_FOR_CLEO, "words", CLEO) == (BEN.email, CLEO.email)
    assert signed(FRESH, BEN_FOR_CLEO, "words", BEN) == (BEN.email, None)


def test_who_passed_it_on_stands_in_the_record() -> None:
    (one,) = told(FRESH, approve(EVE_FOR_ADA_THROUGH_DAN, "code")).items["code"].signatures
    assert one.instead_of is not None
    assert (one.instead_of.email, one.instead_of.through) == (ADA.email, (DAN.email,))
    assert one.signer == "Eve for Ada"
    assert one.held == {"qa", "leads", ADA.email}
    assert one.humans == {ADA.email, DAN.email, EVE.email}


ADA_CODED = launched("ada@home.example")

REFUSED: dict[str, tuple[Launch, Sign, str]] = {
    "no role": (
        FRESH,
        approve(who(DAN), "code"),
        "Dan does not hold the role qa, which code asks for",
    ),
    "not the person": (
        FRESH,
        approve(who(BEN), "person"),
        "person is for ada@example.com to sign, and Ben is none of them",
    ),
    "no delegate": (
        FRESH,
        approve(who(DAN), "code", ADA),
        "Dan does not sign for ada@example.com today; `tminus delegate ada@example.com --to dan@example.com",
    ),
    "an absent person without the role": (
        FRESH,
        approve(who(BEN, lets(CLEO, BEN)), "code", CLEO),
        "Cleo does not hold the role qa, which code asks for",
    ),
    "an author": (
        ADA_CODED,
        approve(who(ADA), "code"),
        "Ada wrote the code; code is signed by people who had no hand in it, ask one of them",
    ),
    "the one who asked": (
        launched(by=ADA),
        approve(who(ADA), "code"),
        "Ada started the launch; code is signed by people who had no hand in it",
    ),
    "who asked, as a delegate": (
        launched(by=DAN),
        approve(DAN_FOR_ADA, "code"),
        "Dan started the launch; code is signed by people who had no hand in it",
    ),
    "an author's delegate": (
        launched("github:ada"),
        approve(DAN_FOR_ADA, "code"),
        "Dan would sign for Ada, who wrote the code; code is signed by people who had no hand in it",
    ),
    "an author as delegate": (
        launched(DAN.email),
        approve(DAN_FOR_ADA, "code"),
        "Dan wrote the code; code is signed by",
    ),
    "through an author": (
        launched(DAN.email),
        approve(EVE_FOR_ADA_THROUGH_DAN, "code"),
        "Eve would sign for Ada, passed on by dan@example.com, who wrote the code",
    ),
    "unknown authors": (
        launched(difference=Difference(why="git did not answer")),
        approve(who(ADA), "code"),
        "who wrote this is not known yet: git did not answer; code can be signed once it is",
    ),
    "twice": (
        told(FRESH, approve(who(ADA), "code")),
        approve(who(ADA), "code"),
        "Ada has approved code already; one person fills one place",
    ),
    "for the second time for an absent person": (
        told(FRESH, approve(DAN_FOR_ADA, "code")),
        approve(DAN_FOR_ADA, "code"),
        "Dan has approved code for Ada already; one person fills one place",
    ),
    "for themself, after they signed for somebody": (
        told(FRESH, approve(BEN_FOR_CLEO, "free", CLEO)),
        approve(BEN_FOR_CLEO, "free"),
        "Ben has approved free for Cleo already; one person fills one place",
    ),
    "for somebody, after they signed for themself": (
        told(FRESH, approve(BEN_FOR_CLEO, "free")),
        approve(BEN_FOR_CLEO, "free", CLEO),
        "Ben has approved free already; one person fills one place",
    ),
    "back, after it was signed for them": (
        told(FRESH, approve(DAN_FOR_ADA, "code")),
        approve(who(ADA), "code"),
        "Dan has approved code for Ada already; one person fills one place",
    ),
    "by a second delegate": (
        told(FRESH, approve(who(BEN, lets(ADA, BEN)), "code", ADA)),
        approve(who(CLEO, lets(ADA, CLEO)), "code"),
        "Ben has approved code for Ada already; one person fills one place",
    ),
    "who passed it on": (
        told(FRESH, approve(who(EVE, lets(CLEO, BEN), lets(BEN, EVE)), "free", CLEO)),
        approve(who(BEN), "free"),
        "Eve has approved free for Cleo (passed on by ben@example.com) already; one person fills one place",
    ),
    "taken by the absent person's colleague": (
        told(FRESH, approve(who(CLEO), "free")),
        approve(who(DAN, lets(CLEO, DAN)), "free"),
        "Cleo has approved free already; one person fills one place",
    ),
}


@pytest.mark.parametrize(("launch", "command", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_it_is_refused_with_its_reason(launch: Launch, command: Sign, reason: str) -> None:
    assert refused(launch, command).startswith(reason)


def test_an_absent_persons_place_that_is_taken_is_named_after_them() -> None:
    hal = Actor("hal@example.com", "Hal", ("docs",))
    launch = told(FRESH, approve(hal, "free"))
    assert refused(launch, approve(who(DAN, lets(CLEO, DAN)), "free")) == (
        "every place that Cleo could fill is taken; free waits for others"
    )


def test_authors_may_sign_where_the_gate_says_so_and_it_shows() -> None:
    (own,) = told(ADA_CODED, approve(who(ADA), "open")).items["open"].signatures
    (pair,) = told(ADA_CODED, approve(who(EVE, lets(ADA, EVE)), "open")).items["open"].signatures
    (other,) = told(ADA_CODED, approve(who(BEN), "open")).items["open"].signatures
    assert (own.self_signed, pair.self_signed, other.self_signed) == (True, True, False)


def test_unknown_authors_hold_up_no_gate_that_lets_them_sign() -> None:
    launch = launched(difference=Difference(why="git did not answer"))
    assert told(launch, approve(who(ADA), "open")).items["open"].status == "passed"
    assert told(launch, approve(who(BEN), "free")).items["free"].signatures


def test_authors_may_ask_for_changes_in_their_own_work() -> None:
    changes = Sign(by=who(ADA), item="code", decision="request-changes", comment="I broke it")
    assert told(ADA_CODED, changes).items["code"].round == 2


def test_who_filled_a_place_may_still_ask_for_changes() -> None:
    changes = Sign(by=who(ADA), item="code", decision="request-changes", comment="I overlooked it")
    assert told(FRESH, approve(who(ADA), "code"), changes).items["code"].round == 2


def test_no_way_leads_to_two_places_for_one_human() -> None:
    """Everybody lets everybody sign: a gate for two takes two people and those they stand for, all different."""
    web: list[Delegation] = [lets(a, b) for a in (ADA, BEN, CLEO) for b in (ADA, BEN, CLEO) if a != b]
    launch = FRESH
    for one in (ADA, BEN, CLEO):
        for away in (None, ADA, BEN, CLEO):
            command = approve(who(one, *web), "code", away)
            if not isinstance(approving(launch, launch.items["code"], command.by, command.instead_of), Refusal):
                launch = told(launch, command)
    humans = [human for signature in launch.items["code"].signatures for human in signature.humans]
    assert len(humans) == len(set(humans))


def test_who_has_lost_the_role_is_not_asked_any_more() -> None:
    """Also where `all of` the role was spelled out while they had it."""
    gone = Actor(ADA.email, ADA.name, ())
    assert as_whom(FRESH.items["all"], gone) == Refusal("Ada does not hold the role leads, which all asks for")
    pair = Actor(DAN.email, DAN.name, (), stands_for=())
    assert [one.held for one in capacities(pair)] == [frozenset({DAN.email})]


def test_an_absent_person_counts_with_the_roles_they_have() -> None:
    assert Capacity(DAN_FOR_ADA, DAN_FOR_ADA.stands_for[0]).held == {"qa", "leads", ADA.email}
    assert told(FRESH, approve(DAN_FOR_ADA, "all"), approve(who(BEN), "all")).items["all"].status == "passed"
