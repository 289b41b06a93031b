"""Seating people and pairs: never a place left that somebody could fill, however they are moved about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from checklists.people import Member
from checklists.quorum import QuorumLine
from checklists.rules.seating import Pair, Seating, shortages

ROLES = ("qa", "docs")
PEOPLE = [Member(f"{name}@x.org", name) for name in "abcd"]

lines = st.lists(
    st.builds(QuorumLine, count=st.integers(1, 2), of=st.sampled_from([("qa",), ("docs",), ROLES])),
    min_size=1,
    max_size=3,
).filter(lambda found: places(found) <= 4)


def _pair(signer: Member, holder: Member) -> Pair:
    return Pair(signer, holder, holder.held, signer.names | holder.names)


@st.composite
def pairs(draw: st.DrawFn) -> list[Pair]:
    """Any people with any roles, any of whom may stand in for any other."""
    roles = st.lists(st.sampled_from(ROLES), unique=True).map(tuple)
    members = [Member(one.email, one.name, draw(roles)) for one in PEOPLE]
    ways = st.lists(st.tuples(st.sampled_from(members), st.sampled_from(members)), unique=True, max_size=8)
    return [_pair(*way) for way in draw(ways)]


def seated(asked: list[QuorumLine], found: list[Pair]) -> int:
    seating = Seating(asked, found)
    return sum(seating.seat(index) is None for index, line in enumerate(asked) for _ in range(line.places))


def best(asked: list[QuorumLine], found: list[Pair]) -> int:
    """The most places that pairs can fill, found by trying every order."""
    places = [line for line in asked for _ in range(line.places)]
    seats: list[Pair | None] = [*found, *[None] * len(places)]
    return max(_filled(places, order) for order in set(permutations(seats, len(places))))


def _filled(places: list[QuorumLine], order: tuple[Pair | None, ...]) -> int:
    signers, holders, filled = set[str](), set[str](), 0
    for line, pair in zip(places, order, strict=True):
        if pair is None or pair.signer.email in signers or pair.holder.email in holders:
            continue
        if not pair.held.isdisjoint(line.of):
            filled += 1
            signers.add(pair.signer.email)
            holders.add(pair.holder.email)
    return filled


@given(lines, pairs().filter(lambda found: len(found) <= 5))
def test_no_way_to_seat_them_fills_more(asked: list[QuorumLine], found: list[Pair]) -> None:
    assert seated(asked, found) == best(asked, found)


@given(lines, pairs())
def test_a_shortage_is_one_by_itself_and_none_without_any_of_its_lines(
    asked: list[QuorumLine], found: list[Pair]
) -> None:
    short = [[asked[index] for index in one] for one in shortages(asked, found)]
    assert bool(short) is (seated(asked, found) < places(asked))
    for one in short:
        assert seated(one, found) < places(one)
        rests = ([*one[:at], *one[at + 1 :]] for at in range(len(one)))
        assert all(seated(rest, found) == places(rest) for rest in rests)


def places(asked: Iterable[QuorumLine]) -> int:
    return sum(line.places for line in asked)


def test_a_delegate_fills_one_place_and_so_does_who_comes_back() -> None:
    ada, ben = Member("ada@x.org", "Ada", ("qa",)), Member("ben@x.org", "Ben", ("qa",))
    two = [QuorumLine(count=2, of=("qa",))]
    assert seated(two, [_pair(ben, ben), _pair(ben, ada)]) == 1
    assert seated(two, [_pair(ada, ada), _pair(ben, ada)]) == 1
    assert seated(two, [_pair(ada, ada), _pair(ben, ben), _pair(ben, ada)]) == 2


def test_two_hundred_people_who_all_have_to_sign_are_seated() -> None:
    crowd = [Member(f"p{number}@x.org", f"P{number}", ("qa",)) for number in range(200)]
    asked = [QuorumLine(count=1, of=(one.email,)) for one in crowd]
    assert seated(asked, [_pair(one, one) for one in crowd]) == 200
    assert seated([QuorumLine(count=200, of=("qa",))], [_pair(one, one) for one in crowd]) == 200
