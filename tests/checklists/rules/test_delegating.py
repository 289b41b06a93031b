"""Who may let whom sign for somebody, and which delegations there can be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.people import LONGEST_CHAIN, Delegation, Directory, Member
from checklists.rules.delegating import delegate, may_arrange, objection
from checklists.rules.refusal import Refusal

NOW = datetime(2026, 5, 2, 10, 0, tzinfo=UTC)
MAY_1, MAY_2, MAY_4, MAY_9 = (date(2026, 5, day) for day in (1, 2, 4, 9))

ADA = Member("ada@x.org", "Ada")
BEN = Member("ben@x.org", "Ben")
CLEO = Member("cleo@x.org", "Cleo")
DAN = Member("dan@x.org", "Dan", away=((MAY_1, MAY_9),))
EVE = Member("eve@x.org", "Eve", ("launch-managers",))
PEOPLE = (ADA, BEN, CLEO, DAN, EVE)


def lets(who: Member, to: Member, starts: date = MAY_1, ends: date = MAY_4) -> Delegation:
    return Delegation(who.email, to.email, starts, ends)


def refusal(new: Delegation, *others: Delegation, by: Member = EVE, now: datetime = NOW) -> Refusal | None:
    directory = Directory(PEOPLE, others)
    return delegate(directory.actor(by.email, now), new, directory, now)


@pytest.mark.parametrize("by", [ADA, EVE])
def test_people_and_those_who_run_launches_may(by: Member) -> None:
    assert refusal(lets(ADA, BEN), by=by) is None


REFUSED: dict[str, tuple[Refusal | None, str]] = {
    "by somebody else": (
        refusal(lets(ADA, BEN), by=BEN),
        "Ben may not say who signs for ada@x.org; they may themselves, and so may launch-managers",
    ),
    "by nobody": (refusal(lets(ADA, BEN), by=Member("x@x.org", "X")), "x@x.org may not say who signs for ada@x.org"),
    "of a stranger": (
        refusal(lets(Member("x@x.org", "X"), BEN)),
        "x@x.org is not a person of this organisation",
    ),
    "to a stranger": (
        refusal(lets(ADA, Member("x@x.org", "X"))),
        "x@x.org is not a person of this organisation",
    ),
    "to themself": (
        refusal(lets(ADA, ADA)),
        "ada@x.org cannot sign for themself in their own absence; name somebody else",
    ),
    "backwards": (
        refusal(lets(ADA, BEN, MAY_4, MAY_2)),
        "a delegation ends after it begins; 2026-05-02 is before 2026-05-04",
    ),
    "over": (
        refusal(lets(ADA, BEN, MAY_1, MAY_1)),
        "2026-05-01 is over, today is 2026-05-02; name a day that is to come",
    ),
    "for ever": (
        refusal(lets(ADA, BEN, MAY_1, date(2028, 1, 1))),
        "a delegation lasts a year at most; until 2028-01-01 is longer",
    ),
    "to somebody who is away": (
        refusal(lets(ADA, DAN)),
        "Dan is away until 2026-05-09, too; name somebody who is there",
    ),
    "to and fro": (
        refusal(lets(ADA, BEN), lets(BEN, ADA, MAY_4, MAY_9)),
        "that goes round in a circle, ada@x.org -> ben@x.org -> ada@x.org; name somebody else",
    ),
    "round by three": (
        refusal(lets(ADA, BEN), lets(BEN, CLEO), lets(CLEO, ADA)),
        "that goes round in a circle, ada@x.org -> ben@x.org -> cleo@x.org -> ada@x.org; name somebody else",
    ),
    "a third step behind": (
        refusal(lets(ADA, BEN), lets(BEN, CLEO), lets(CLEO, EVE)),
        "that makes 3 steps, ada@x.org -> ben@x.org -> cleo@x.org -> eve@x.org; 2 are the most",
    ),
    "a third step between": (refusal(lets(BEN, CLEO), lets(ADA, BEN), lets(CLEO, EVE)), "that makes 3 steps"),
    "a third step before": (refusal(lets(CLEO, EVE), lets(ADA, BEN), lets(BEN, CLEO)), "that makes 3 steps"),
}  # fmt: skip


@pytest.mark.parametrize(("found", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_it_is_refused_with_its_reason(found: Refusal | None, reason: str) -> None:
    assert found is not None
    assert found.reason.startswith(reason)


LATER = (MAY_9, date(2026, 5, 12))
ALLOWED: dict[str, Refusal | None] = {
    "two steps": refusal(lets(ADA, BEN), lets(BEN, CLEO)),
    "to and fro on other days": refusal(lets(ADA, BEN), lets(BEN, ADA, *LATER)),
    "three steps that never hold at once": refusal(lets(ADA, BEN), lets(BEN, CLEO), lets(CLEO, EVE, *LATER)),
    "three steps of which each two overlap": refusal(
        lets(ADA, BEN, MAY_1, MAY_4), lets(BEN, CLEO, MAY_2, MAY_9), lets(CLEO, EVE, *LATER)
    ),
    "in days to come": refusal(lets(ADA, BEN, MAY_4, MAY_9)),
    "begun before today": refusal(lets(ADA, BEN, MAY_1, MAY_2)),
    "to somebody who is back before it ends": refusal(lets(ADA, DAN, MAY_4, date(2026, 5, 10))),
    "to somebody who is away and passes it on": refusal(lets(ADA, DAN), lets(DAN, BEN)),
    "once more to another": refusal(lets(ADA, BEN), lets(ADA, CLEO)),
}


@pytest.mark.parametrize("found", ALLOWED.values(), ids=list(ALLOWED))
def test_it_may_be_granted(found: Refusal | None) -> None:
    assert found is None


def test_today_is_the_day_where_the_absent_person_is() -> None:
    """At 10:00 UTC on the 2nd it is the 3rd already on Kiritimati."""
    there = Member(ADA.email, "Ada", timezone="Pacific/Kiritimati")
    directory = Directory((there, BEN, EVE))
    found = delegate(directory.actor(EVE.email, NOW), lets(there, BEN, MAY_1, MAY_2), directory, NOW)
    assert found == Refusal("2026-05-02 is over, today is 2026-05-03; name a day that is to come")


def test_only_about_who_asks_it_says_that_they_may_not() -> None:
    directory = Directory(PEOPLE)
    strange = may_arrange(directory.actor(BEN.email, NOW), ADA.email)
    assert strange is not None
    assert strange.may_not
    assert may_arrange(directory.actor(ADA.email, NOW), ADA.email) is None


days = st.integers(0, 6).map(lambda n: MAY_1 + timedelta(days=n))


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), days, st.integers(0, 4)), max_size=8))
def test_whatever_was_granted_nobody_stands_at_the_end_of_three_steps_or_of_a_circle(
    asked: list[tuple[Member, Member, date, int]],
) -> None:
    granted: list[Delegation] = []
    for who, to, starts, length in asked:
        new = lets(who, to, starts, starts + timedelta(days=length))
        granted += [new] if not objection(new, granted) else []
    for day in (MAY_1 + timedelta(days=n) for n in range(12)):
        steps = [(one.who, one.to) for one in granted if one.holds(day)]
        ways = [[who] for who, _ in steps]
        for _ in range(LONGEST_CHAIN + 1):
            ways = [[*way, to] for way in ways for who, to in steps if who == way[-1]]
            assert all(len(set(way)) == len(way) for way in ways)
        assert ways == []
