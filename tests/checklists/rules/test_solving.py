"""Whether every gate can be met, and the fewest reasons why one cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.checklist import Checklist
from checklists.people import Delegation, Directory, Member
from checklists.quorum import QuorumLine, missing
from checklists.rules.solving import Outlook, unsolvable

NOW = datetime(2026, 4, 30, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
MAY_4 = date(2026, 5, 4)
HERE: tuple[tuple[date, date], ...] = ()
AWAY = ((TODAY, MAY_4),)

ADA = Member("ada@x.org", "Ada", ("qa",), ("github:ada",))
BEN = Member("ben@x.org", "Ben", ("docs",), away=AWAY)
CLEO = Member("cleo@x.org", "Cleo", ("docs",))
DAN = Member("dan@x.org", "Dan", ("qa", "security"))
EVE = Member("eve@x.org", "Eve", ("launch-managers",))


def checklist(**items: dict[str, Any]) -> Checklist:
    return Checklist.model_validate({"checklist": "x", "items": items})


def gate(*sign: str, **more: Any) -> Checklist:
    return checklist(review={"gate": "Review", "sign": sign, **more})


def lets(who: Member, to: Member, starts: date = TODAY, ends: date = MAY_4) -> Delegation:
    return Delegation(who.email, to.email, starts, ends)


def said(asked: Checklist, *members: Member, lets: tuple[Delegation, ...] = (), **known: Any) -> tuple[str, ...]:
    return unsolvable(asked, Outlook(Directory(members, lets), NOW, **known))


TOO_FEW: dict[str, tuple[tuple[str, ...], str]] = {
    "the sentence of the plan": (
        said(gate("1 of docs", **{"bound-to": "code"}), BEN, CLEO, authors=["cleo@x.org"]),
        "review needs 1 of docs; Ben is away until 4 May and Cleo wrote the code",
    ),
    "nobody has the role": (said(gate("1 of legal"), ADA), "review needs 1 of legal; nobody holds legal"),
    "too few": (said(gate("2 of qa"), ADA), "review needs 2 of qa; only Ada can sign"),
    "one person for two lines": (
        said(gate("1 of qa", "1 of security"), DAN),
        "review needs 1 of qa and 1 of security; only Dan can sign and one person fills one place",
    ),
    "only the lines that lack somebody": (
        said(gate("1 of launch-managers", "1 of security", "2 of qa"), EVE, ADA, DAN),
        "review needs 1 of security and 2 of qa; only Ada and Dan can sign and one person fills one place",
    ),
    "who asked for the launch": (
        said(gate("1 of qa", **{"bound-to": "evidence"}), ADA, requester="ada@x.org"),
        "review needs 1 of qa; Ada started the launch",
    ),
    "an author by another name": (
        said(gate("1 of qa", **{"bound-to": "code"}), ADA, authors=["1+ada@users.noreply.github.com"]),
        "review needs 1 of qa; Ada wrote the code",
    ),
    "a person who is away": (said(gate("ben@x.org"), BEN), "review needs ben@x.org; Ben is away until 4 May"),
    "one of all": (
        said(gate("all of docs"), BEN, CLEO),
        "review needs all of docs; Ben is away until 4 May",
    ),
    "some of all": (
        said(gate("all of docs", **{"bound-to": "code"}), BEN, CLEO, EVE, authors=["cleo@x.org"]),
        "review needs all of docs; Ben is away until 4 May and Cleo wrote the code",
    ),
    "one of all, wanted once more": (
        said(gate("all of qa", "ada@x.org"), ADA, DAN),
        "review needs all of qa and ada@x.org; only Ada can sign and one person fills one place",
    ),
    "a delegate who is needed themself": (
        said(gate("2 of docs"), BEN, CLEO, lets=(lets(BEN, CLEO),)),
        "review needs 2 of docs; only Cleo can sign and Ben is away until 4 May",
    ),
    "an absent person's delegate who wrote it": (
        said(gate("1 of docs", **{"bound-to": "code"}), BEN, ADA, lets=(lets(BEN, ADA),), authors=["github:ada"]),
        "review needs 1 of docs; Ben is away until 4 May and Ada, who signs for Ben, wrote the code",
    ),
    "an author whose delegate is there": (
        said(gate("1 of docs", **{"bound-to": "code"}), BEN, ADA, lets=(lets(BEN, ADA),), authors=[BEN.email]),
        "review needs 1 of docs; Ben wrote the code",
    ),
    "back, but not for both": (
        said(
            gate("2 of docs", due="T+0"), BEN, ADA, lets=(lets(BEN, ADA),), due={"review": date(2026, 5, 20)}
        ),
        "review needs 2 of docs; only Ada for Ben and Ben can sign",
    ),
    "an owner who is away": (
        said(checklist(write={"todo": "Write", "owner": "docs"}), BEN),
        "write needs 1 of docs or launch-managers; Ben is away until 4 May",
    ),
    "the audience of a training": (
        said(checklist(learn={"training": {"audience": "docs", "materials": ["a.md"]}}), BEN),
        "learn needs 1 of docs; Ben is away until 4 May",
    ),
    "next year": (
        said(gate("1 of qa"), Member("x@x.org", "X", ("qa",), away=((TODAY, date(2027, 1, 3)),))),
        "review needs 1 of qa; X is away until 3 January 2027",
    ),
    "a crowd": (
        said(gate("1 of qa"), *(Member(f"p{n}@x.org", f"P{n}", ("qa",), away=AWAY) for n in range(9))),
        "review needs 1 of qa; P0 is away until 4 May, P1 is away until 4 May, P2 is away until 4 May, "
        "P3 is away until 4 May, P4 is away until 4 May, P5 is away until 4 May and 3 more",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("found", "sentence"), TOO_FEW.values(), ids=list(TOO_FEW))
def test_it_says_in_one_sentence_what_is_too_little(found: tuple[str, ...], sentence: str) -> None:
    assert found == (sentence,)


CAN_BE_MET: dict[str, tuple[str, ...]] = {
    "somebody is there": said(gate("1 of docs"), BEN, CLEO),
    "two roles never block": said(gate("1 of qa", "1 of security"), DAN, ADA),
    "a delegate stands in": said(gate("1 of docs"), BEN, ADA, lets=(lets(BEN, ADA),)),
    "each in another's name": said(gate("1 of docs", "1 of qa"), BEN, ADA, EVE, lets=(lets(BEN, EVE),)),
    "through a middle man": said(
        gate("1 of docs"), BEN, Member("m@x.org", "M", away=AWAY), EVE,
        lets=(lets(BEN, Member("m@x.org", "M")), lets(Member("m@x.org", "M"), EVE)),
    ),
    "back when it is due": said(gate("1 of docs", due="T+0"), BEN, due={"review": date(2026, 5, 5)}),
    "back for the whole of it": said(gate("all of docs", due="T+0"), BEN, CLEO, due={"review": date(2026, 5, 5)}),
    "a delegate whose days begin before it is due": said(
        gate("1 of docs", due="T+0"), BEN, ADA,
        lets=(lets(BEN, ADA, date(2026, 5, 2)),), due={"review": date(2026, 5, 3)},
    ),
    "authors may sign": said(
        gate("1 of qa", **{"bound-to": "code", "self-sign": "allowed"}), ADA, authors=["github:ada"]
    ),
    "bound to nothing": said(gate("1 of qa"), ADA, authors=["github:ada"], requester="ada@x.org"),
    "an author of something else": said(gate("1 of qa", **{"bound-to": "evidence"}), ADA, authors=["github:ada"]),
    "whoever runs launches does the to-do": said(checklist(write={"todo": "Write", "owner": "docs"}), BEN, EVE),
    "a to-do of nobody in particular": said(checklist(write={"todo": "Write"}), BEN),
}  # fmt: skip


@pytest.mark.parametrize("found", CAN_BE_MET.values(), ids=list(CAN_BE_MET))
def test_it_is_silent_where_everything_can_be_met(found: tuple[str, ...]) -> None:
    assert found == ()


NOT_YET: dict[str, tuple[str, ...]] = {
    "back too late": said(gate("1 of docs", due="T+0"), BEN, due={"review": MAY_4}),
    "away without a due date": said(gate("1 of docs"), BEN, due={"other": date(2026, 6, 1)}),
    "away again right after": said(
        gate("1 of docs", due="T+0"),
        Member(BEN.email, "Ben", ("docs",), away=(*AWAY, (date(2026, 5, 5), date(2026, 5, 9)))),
        due={"review": date(2026, 5, 9)},
    ),
    "a delegate is away, too": said(gate("1 of docs"), BEN, Member("x@x.org", "X", away=AWAY),
                                    lets=(lets(BEN, Member("x@x.org", "X")),)),
    "nobody does a to-do for somebody else": said(
        checklist(write={"todo": "Write", "owner": "docs"}), BEN, ADA, lets=(lets(BEN, ADA),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("found", NOT_YET.values(), ids=list(NOT_YET))
def test_it_is_not_met_by_hope(found: tuple[str, ...]) -> None:
    assert len(found) == 1


def test_today_is_the_day_where_somebody_is() -> None:
    """At 10:00 UTC on the 4th it is the 5th already on Kiritimati."""
    last = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    there = Member(BEN.email, "Ben", ("docs",), away=AWAY, timezone="Pacific/Kiritimati")
    assert unsolvable(gate("1 of docs"), Outlook(Directory((there,)), last)) == ()
    assert unsolvable(gate("1 of docs"), Outlook(Directory((BEN,)), last)) != ()


def test_every_gate_that_cannot_be_met_is_named() -> None:
    two = checklist(
        a={"gate": "A", "sign": ["1 of docs", "1 of legal"]}, b={"gate": "B", "sign": ["1 of qa"]},
        c={"gate": "C", "sign": ["2 of qa"]},
    )  # fmt: skip
    assert said(two, ADA) == (
        "a needs 1 of docs; nobody holds docs",
        "a needs 1 of legal; nobody holds legal",
        "c needs 2 of qa; only Ada can sign",
    )


ROLES = ("qa", "docs", "legal")
PEOPLE = st.lists(
    st.tuples(st.lists(st.sampled_from(ROLES), unique=True), st.booleans(), st.booleans()), max_size=5
).map(
    lambda found: [
        (Member(f"p{n}@x.org", f"P{n}", tuple(roles), away=AWAY if away else HERE), wrote)
        for n, (roles, away, wrote) in enumerate(found)
    ]
)
SIGN = st.lists(
    st.sampled_from(["1 of qa", "2 of qa", "1 of docs", "1 of docs or legal", "all of legal", "p1@x.org"]),
    min_size=1,
    max_size=3,
)


@given(SIGN, PEOPLE)
def test_it_is_refused_exactly_where_no_set_of_people_could_meet_it(
    sign: list[str], people: list[tuple[Member, bool]]
) -> None:
    members = [member for member, _ in people]
    wrote = [member.email for member, did in people if did]
    found = said(gate(*sign, **{"bound-to": "code"}), *members, authors=wrote)
    able = {m.email: m.held for m in members if not m.away and m.email not in wrote}
    legal = [m.email for m in members if "legal" in m.roles]
    lines = [QuorumLine.model_validate(line) for line in sign if line != "all of legal"]
    lines += [QuorumLine(count=1, of=(who,)) for who in legal or ("legal",)] * sign.count("all of legal")
    sets = (dict(some) for size in range(len(able) + 1) for some in combinations(able.items(), size))
    assert bool(found) is not any(not missing(lines, some) for some in sets)
