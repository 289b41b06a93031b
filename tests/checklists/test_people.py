"""Who may act for whom on which day: absences, delegations, chains of at most two steps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.people import LONGEST_CHAIN, Delegation, Directory, Member, Principal

ADA = Member("ada@x.org", "Ada", ("qa",), ("github:ada",))
BEN = Member("ben@x.org", "Ben", ("docs",), ("github:ben",))
CLEO = Member("cleo@x.org", "Cleo")
DAN = Member("dan@x.org", "Dan")
PEOPLE = (ADA, BEN, CLEO, DAN)
MAY = date(2026, 5, 1)
DAY = date(2026, 5, 2)
END = date(2026, 5, 4)


def lets(who: Member, to: Member, starts: date = MAY, ends: date = END) -> Delegation:
    return Delegation(who.email, to.email, starts, ends)


def directory(*delegations: Delegation) -> Directory:
    return Directory(PEOPLE, delegations)


def stands_for(to: Member, *delegations: Delegation, on: date | datetime = DAY) -> dict[str, tuple[str, ...]]:
    """For whom somebody signs, and through whom."""
    return {one.email: one.through for one in directory(*delegations).actor(to.email, on).stands_for}


@pytest.mark.parametrize(
    ("on", "whom"), [(date(2026, 4, 30), {}), (MAY, {ADA.email: ()}), (END, {ADA.email: ()}), (date(2026, 5, 5), {})]
)
def test_a_delegation_holds_on_its_days_both_included(on: date, whom: dict[str, tuple[str, ...]]) -> None:
    assert stands_for(BEN, lets(ADA, BEN), on=on) == whom


def test_the_middle_man_of_two_steps_is_named() -> None:
    two = (lets(ADA, BEN), lets(BEN, CLEO))
    assert stands_for(CLEO, *two) == {BEN.email: (), ADA.email: (BEN.email,)}
    assert stands_for(BEN, *two) == {ADA.email: ()}


def test_a_third_step_leads_nowhere() -> None:
    assert stands_for(DAN, lets(ADA, BEN), lets(BEN, CLEO), lets(CLEO, DAN)) == {
        CLEO.email: (),
        BEN.email: (CLEO.email,),
    }


def test_a_chain_needs_all_its_steps_on_the_same_day() -> None:
    later = lets(BEN, CLEO, date(2026, 5, 3))
    assert stands_for(CLEO, lets(ADA, BEN), later) == {}
    assert set(stands_for(CLEO, lets(ADA, BEN), later, on=date(2026, 5, 3))) == {BEN.email, ADA.email}


def test_people_who_let_each_other_sign_do_not_go_round_in_circles() -> None:
    assert stands_for(ADA, lets(ADA, BEN), lets(BEN, ADA)) == {BEN.email: ()}
    assert stands_for(BEN, lets(ADA, BEN), lets(BEN, ADA)) == {ADA.email: ()}
    assert stands_for(ADA, lets(ADA, ADA)) == {}


def test_the_shorter_way_is_the_one_that_counts() -> None:
    assert stands_for(CLEO, lets(ADA, BEN), lets(BEN, CLEO), lets(ADA, CLEO))[ADA.email] == ()


def test_whom_the_organisation_does_not_know_nobody_signs_for() -> None:
    gone = Delegation("gone@x.org", ADA.email, MAY, END)
    assert stands_for(ADA, gone) == {}
    assert directory(gone).actor("gone@x.org", DAY).is_known is False


def test_a_principal_brings_roles_and_every_name_along() -> None:
    (ben, ada) = directory(lets(ADA, BEN), lets(BEN, CLEO)).actor(CLEO.email, DAY).stands_for
    assert ben == Principal(BEN.email, "Ben", ("docs",), ("github:ben",))
    assert ada.held == {"qa", ADA.email}
    assert ada.names == {ADA.email, "github:ada"}
    assert ada.go_between == {BEN.email, "github:ben"}


def test_a_delegation_holds_on_the_day_it_is_where_the_absent_person_is() -> None:
    """At 23:30 UTC on the 4th it is the 5th in Tokyo, and still the 4th in New York."""
    late = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
    for zone, holds in (("Asia/Tokyo", False), ("America/New_York", True), (None, True)):
        ada = Member(ADA.email, "Ada", timezone=zone, away=((MAY, END),))
        there = Directory((ada, BEN), (lets(ADA, BEN),))
        assert [one.email for one in there.actor(BEN.email, late).stands_for] == [ADA.email] * holds
        assert ada.is_away(late) is holds


def test_absences_that_follow_each_other_are_one() -> None:
    away = ((date(2026, 5, 5), date(2026, 5, 8)), (MAY, END), (date(2026, 5, 10), date(2026, 5, 11)))
    assert Member("x@x.org", "X", away=away).away_until(DAY) == date(2026, 5, 8)
    assert Member("x@x.org", "X", away=away).away_until(date(2026, 5, 9)) is None


def test_everybody_is_an_actor() -> None:
    assert [one.email for one in directory().actors(DAY)] == [one.email for one in PEOPLE]
    assert directory().rosters(("qa", "legal")) == {"qa": (ADA.email,), "legal": ()}


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=10))
def test_no_web_of_delegations_leads_further_than_two_steps(pairs: list[tuple[Member, Member]]) -> None:
    steps = {(who.email, to.email) for who, to in pairs}
    web = [lets(who, to) for who, to in pairs]
    for to in PEOPLE:
        for who, through in stands_for(to, *web).items():
            way = [who, *through, to.email]
            assert len(way) - 1 <= LONGEST_CHAIN
            assert len(set(way)) == len(way)
            assert all(step in steps for step in pairwise(way))
