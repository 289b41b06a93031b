"""Quorum lines: every line is met by distinct people, in whatever order they sign."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from checklists.quorum import QuorumLine, may_sign, missing, place

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
    lambda held: {f"p{index}@example.com": roles for index, roles in enumerate(held)}
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
