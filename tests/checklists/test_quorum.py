"""Quorum lines: every line is met by distinct people, in whatever order they sign."""

import json
import re
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from checklists.quorum import PATTERN, QuorumLine, may_sign, missing, place, spelled_out

ROLES = ["qa", "docs", "legal"]
ROLE_SETS = st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True).map(tuple)
LINES = st.lists(
    st.builds(
        QuorumLine,
        count=st.integers(1, 2),
        of=ROLE_SETS,
    ),
    min_size=1,
    max_size=3,
)
SIGNERS = st.lists(st.frozensets(st.sampled_from(ROLES)), max_size=5).map(
    lambda held: {f"p{index}@x.org": roles for index, roles in enumerate(held)}
)


def lines(*texts: str) -> list[QuorumLine]:
    return [QuorumLine.model_validate(text) for text in texts]


def _best(asked: list[QuorumLine], signers: dict[str, frozenset[str]]) -> int:
    """The most places that people can fill, found by trying every order."""
    places = [set(line.of) for line in asked for _ in range(line.places)]
    seats: list[str | None] = [*signers, *[None] * len(places)]
    return max(
        sum(1 for roles, who in zip(places, order, strict=True) if who and roles & signers[who])
        for order in set(permutations(seats, len(places)))
    )


@given(LINES.filter(lambda asked: sum(line.places for line in asked) <= 4), SIGNERS.filter(lambda held: len(held) <= 4))
def test_no_way_to_place_people_fills_more(asked: list[QuorumLine], signers: dict[str, frozenset[str]]) -> None:
    assert len(place(asked, signers)) == _best(asked, signers)


@given(LINES, SIGNERS)
def test_everybody_fills_one_place_of_a_role_they_hold(
    asked: list[QuorumLine], signers: dict[str, frozenset[str]]
) -> None:
    placed = place(asked, signers)
    assert all(set(asked[index].of) & signers[who] for who, index in placed.items())
    assert all(list(placed.values()).count(index) <= line.places for index, line in enumerate(asked))


@given(LINES, SIGNERS)
def test_one_more_signature_never_opens_what_was_met(
    asked: list[QuorumLine], signers: dict[str, frozenset[str]]
) -> None:
    before = set(place(asked, signers))
    after = set(place(asked, {**signers, "late@example.com": frozenset(ROLES)}))
    assert before <= after


def test_somebody_with_two_roles_leaves_the_place_another_needs() -> None:
    signers = {"both": {"qa", "docs"}, "tester": {"qa"}}

    assert place(lines("1 of qa", "1 of docs"), signers) == {"both": 1, "tester": 0}
    assert missing(lines("1 of qa", "1 of docs"), signers) == ()


def test_one_person_never_fills_two_places() -> None:
    assert missing(lines("1 of qa", "1 of docs"), {"both": {"qa", "docs"}}) == ("1 of docs",)


def test_what_is_missing_is_said_by_line() -> None:
    assert missing(lines("2 of qa", "1 of docs"), {"a": {"qa"}}) == ("1 of qa", "1 of docs")
    assert missing([], {}) == ()


def test_a_crowd_is_placed_without_a_recursion_error() -> None:
    crowd = {f"p{index}": {"qa"} for index in range(1200)}

    assert len(place(lines("999 of qa"), crowd)) == 999


@pytest.mark.parametrize(("roles", "may"), [(["qa"], True), (["legal"], False), ([], False), (["legal", "docs"], True)])
def test_only_the_roles_asked_for_may_sign(roles: list[str], may: bool) -> None:
    assert may_sign(lines("1 of qa", "1 of docs"), roles) is may


@pytest.mark.parametrize(
    "text",
    [
        "",
        "qa",
        "2 qa",
        "0 of qa",
        "-1 of qa",
        "two of qa",
        "1 of QA",
        "1 of qa, 1 of docs",
        "1000 of qa",
        "1 of qa\x00",
        2,
        None,
    ],
)
def test_what_is_no_quorum_line_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        QuorumLine.model_validate(text)


WRITTEN = {
    "2 of qa": (2, ("qa",), "2 of qa"),
    " 2  of  qa ": (2, ("qa",), "2 of qa"),
    "1 of legal or security": (1, ("legal", "security"), "1 of legal or security"),
    "1 of legal or legal": (1, ("legal",), "1 of legal"),
    "all of launch-managers": (None, ("launch-managers",), "all of launch-managers"),
    "all of qa or ada@example.com": (None, ("qa", "ada@example.com"), "all of qa or ada@example.com"),
    "ada@example.com": (1, ("ada@example.com",), "ada@example.com"),
    "Ada.B+c@Example.COM": (1, ("ada.b+c@example.com",), "ada.b+c@example.com"),
    "1 of ada@example.com": (1, ("ada@example.com",), "ada@example.com"),
    "2 of ada@example.com or ben@example.com": (
        2,
        ("ada@example.com", "ben@example.com"),
        "2 of ada@example.com or ben@example.com",
    ),
    "999 of qa": (999, ("qa",), "999 of qa"),
    "1 of or": (1, ("or",), "1 of or"),
}


@pytest.mark.parametrize(("text", "read"), WRITTEN.items(), ids=list(WRITTEN))
def test_a_line_is_read_as_people_write_it(text: str, read: tuple[int | None, tuple[str, ...], str]) -> None:
    line = QuorumLine.model_validate(text)
    assert (line.count, line.of, str(line)) == read
    assert json.loads(line.model_dump_json()) == str(line)
    assert QuorumLine.model_validate_json(line.model_dump_json()) == line
    assert re.search(PATTERN, text)


@pytest.mark.parametrize(
    "text",
    [
        "all qa",
        "all of",
        "some of qa",
        "1 of qa or",
        "1 of or qa",
        "1 of qa  docs",
        "ada@",
        "@example.com",
        "ada@example.com or ben@example.com",
        "2 of ada@example.com",
        "3 of ada@example.com or Ada@example.com or ben@example.com",
        "1 of a@b@c",
        "ada@exam ple.com",
        "1 of qa\n2 of docs",
    ],
)
def test_what_reads_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        QuorumLine.model_validate(text)


def test_a_line_tells_roles_from_people() -> None:
    (line,) = lines("2 of qa or ada@example.com or docs")
    assert (line.roles, line.people, line.names) == (
        ("qa", "docs"),
        ("ada@example.com",),
        "qa or ada@example.com or docs",
    )
    assert (line.places, lines("all of qa")[0].places) == (2, 0)


ROSTERS = {"qa": ["a@x.org", "b@x.org"], "docs": ["b@x.org"], "legal": []}
SPELLED = {
    "everybody by name": (["all of qa"], ["a@x.org", "b@x.org"]),
    "nobody twice": (["all of qa or docs"], ["a@x.org", "b@x.org"]),
    "people first": (["all of c@x.org or qa or a@x.org"], ["c@x.org", "a@x.org", "b@x.org"]),
    "where they stand": (["1 of legal", "all of docs", "2 of qa"], ["1 of legal", "b@x.org", "2 of qa"]),
    "nobody holds it": (["all of legal"], ["1 of legal"]),
    "nobody knows it": (["all of boss"], ["1 of boss"]),
    "some hold it": (["all of legal or docs"], ["b@x.org"]),
    "twice the same role": (["all of docs", "all of docs"], ["b@x.org", "b@x.org"]),
}


@pytest.mark.parametrize(("asked", "spelled"), SPELLED.values(), ids=list(SPELLED))
def test_all_of_a_role_is_everybody_who_holds_it(asked: list[str], spelled: list[str]) -> None:
    assert [str(line) for line in spelled_out(lines(*asked), ROSTERS)] == spelled


def test_all_of_a_role_that_nobody_holds_is_never_met() -> None:
    assert missing(spelled_out(lines("all of legal"), ROSTERS), {"a@x.org": {"qa"}}) == ("1 of legal",)


def test_all_of_a_role_waits_for_each_of_them() -> None:
    spelled = spelled_out(lines("all of qa"), ROSTERS)
    first = {"b@x.org": {"qa", "docs", "b@x.org"}}
    assert missing(spelled, first) == ("a@x.org",)
    assert missing(spelled, first | {"a@x.org": {"qa", "a@x.org"}}) == ()


NAMED = st.lists(
    st.sampled_from(
        ["1 of qa", "2 of qa", "1 of docs or legal", "all of qa", "all of docs or legal", "p0@example.com"]
    ),
    min_size=1,
    max_size=3,
)


@given(NAMED, SIGNERS, SIGNERS.map(len))
def test_spelled_out_lines_are_matched_as_well_as_can_be(
    asked: list[str], held: dict[str, frozenset[str]], some: int
) -> None:
    """Everybody of a role signs in their own name; whoever signs fills one place, as many places as can be filled."""
    rosters = {role: [who for who, roles in held.items() if role in roles] for role in ROLES}
    spelled = list(spelled_out(lines(*asked), rosters))
    assume(sum(line.places for line in spelled) <= 6)
    signers = {who: roles | {who} for who, roles in list(held.items())[:some]}
    placed = place(spelled, signers)
    assert len(placed) == _best(spelled, signers)
    assert all(set(spelled[index].of) & signers[who] for who, index in placed.items())
    assert (missing(spelled, signers) == ()) is (len(placed) == sum(line.places for line in spelled))
