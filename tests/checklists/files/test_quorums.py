"""Two quorums become one: whoever meets what holds meets what the parent asked for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checklists.files.quorums import merged_lines
from checklists.files.reader import Node
from checklists.quorum import QuorumLine, missing, spelled_out

PARENT, CHILD = Path("parent.yaml"), Path("child.yaml")


def nodes(file: Path, *lines: str) -> list[Node]:
    return [Node(line, file, number) for number, line in enumerate(lines, start=1)]


def merged(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines that hold, and the lines of the child that are refused, each with what the parent asks for."""
    lines, problems = merged_lines(nodes(PARENT, *old), nodes(CHILD, *new))
    assert all(cause.file == CHILD for cause, _ in problems)
    said = [f"{cause.value} < {problem.partition(' asks for ')[2]}" for cause, problem in problems]
    return [str(node.value) for node in lines], said


KEPT = {
    "nothing said": (["2 of qa"], [], ["2 of qa"]),
    "another role": (["2 of qa"], ["1 of legal"], ["2 of qa", "1 of legal"]),
    "raised": (["2 of qa", "1 of legal"], ["3 of qa"], ["1 of legal", "3 of qa"]),
    "in two lines": (["2 of qa"], ["1 of qa", "1 of qa"], ["1 of qa", "1 of qa"]),
    "out of two lines": (["1 of qa", "1 of qa"], ["2 of qa"], ["2 of qa"]),
    "all of the closest": (["2 of qa", "1 of qa or docs"], ["all of qa"], ["1 of qa or docs", "all of qa"]),
    "all within all": (["1 of qa", "1 of docs"], ["all of qa or docs"], ["all of qa or docs"]),
    "the closest only": (["2 of qa", "1 of qa or docs"], ["3 of qa"], ["1 of qa or docs", "3 of qa"]),
    "narrowed beside the same": (["1 of qa", "1 of qa or docs"], ["1 of docs"], ["1 of qa", "1 of docs"]),
    "each for one": (["1 of qa or docs", "1 of qa or legal"], ["1 of docs", "1 of qa"], ["1 of docs", "1 of qa"]),
    "one for one of two": (
        ["1 of qa or docs", "1 of qa or legal"],
        ["1 of qa"],
        ["1 of qa or legal", "1 of qa"],
    ),
    "two for both": (["1 of qa or docs", "1 of qa or legal"], ["2 of qa"], ["2 of qa"]),
    "narrowed, though wider than another": (
        ["1 of qa", "1 of qa or docs or legal"],
        ["1 of qa or docs"],
        ["1 of qa", "1 of qa or docs"],
    ),
    "a person": (["ada@x.org"], ["ada@x.org"], ["ada@x.org"]),
    "a person of the role": (["1 of qa or ada@x.org"], ["ada@x.org"], ["ada@x.org"]),
    "what is no line": (["1 of qa"], ["1 qa"], ["1 of qa", "1 qa"]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "holds"), KEPT.values(), ids=list(KEPT))
def test_the_child_adds_raises_and_narrows(old: list[str], new: list[str], holds: list[str]) -> None:
    assert merged(old, new) == (holds, [])


REFUSED = {
    "lowered": (["2 of qa"], ["1 of qa"], ['1 of qa < "2 of qa"']),
    "lowered from all": (["all of qa"], ["9 of qa"], ['9 of qa < "all of qa"']),
    "lowered out of two lines": (["1 of qa", "1 of qa"], ["1 of qa"], ['1 of qa < "2 of qa"']),
    "widened": (["1 of qa"], ["1 of qa or docs"], ['1 of qa or docs < "1 of qa"']),
    "raised and widened": (["1 of qa"], ["5 of qa or docs"], ['5 of qa or docs < "1 of qa"']),
    "narrowed by half": (["2 of qa or docs"], ["1 of qa"], ['1 of qa < "2 of qa or docs"']),
    "all of fewer": (["all of qa or docs"], ["all of qa"], ['all of qa < "all of qa or docs"']),
    "somebody else as well": (["ada@x.org"], ["1 of ada@x.org or qa"], ['1 of ada@x.org or qa < "ada@x.org"']),
    "two at once": (
        ["1 of qa", "1 of docs"],
        ["1 of qa or docs"],
        ['1 of qa or docs < "1 of qa"', '1 of qa or docs < "1 of docs"'],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), REFUSED.values(), ids=list(REFUSED))
def test_the_child_never_lowers_or_widens(old: list[str], new: list[str], said: list[str]) -> None:
    lines, problems = merged(old, new)
    assert problems == said
    assert [line for line in old if line not in lines] == []


def test_a_refusal_names_the_file_and_line_of_the_parent() -> None:
    _, problems = merged_lines(nodes(PARENT, "1 of legal", "2 of qa"), nodes(CHILD, "1 of qa", "1 of legal or docs"))
    assert [(cause.line, problem) for cause, problem in problems] == [
        (
            2,
            "this is less; repeat the other line where this one comes on top of it; "
            'parent.yaml:1 asks for "1 of legal"',
        ),
        (1, 'a quorum cannot be lowered; parent.yaml:2 asks for "2 of qa"'),
    ]


ROLES = {"a": ("a1", "a2", "ab"), "b": ("b1", "b2", "ab"), "c": ("c1", "c2")}
PEOPLE = sorted({who for people in ROLES.values() for who in people})
HELD = {who: {role for role, people in ROLES.items() if who in people} | {f"{who}@x.org"} for who in PEOPLE}
ROSTERS = {role: [f"{who}@x.org" for who in people] for role, people in ROLES.items()}
SIGNERS = [
    {f"{who}@x.org": HELD[who] for who in some}
    for size in range(len(PEOPLE) + 1)
    for some in combinations(PEOPLE, size)
]
NAMES = ("a", "b", "c", "a or b", "b or c", "a or b or c")
LINES = st.lists(
    st.builds(lambda count, of: f"{count} of {of}", st.sampled_from(("1", "1", "2", "all")), st.sampled_from(NAMES)),
    max_size=3,
)


def is_met(lines: Sequence[str], signers: dict[str, set[str]]) -> bool:
    return not missing(spelled_out([QuorumLine.model_validate(line) for line in lines], ROSTERS), signers)


@given(LINES, LINES)
def test_whoever_meets_what_holds_meets_what_the_parent_asked_for(old: list[str], new: list[str]) -> None:
    assume(is_met(old, SIGNERS[-1]))
    holds, problems = merged(old, new)
    if not problems:
        assert all(is_met(old, signers) for signers in SIGNERS if is_met(holds, signers))


@given(LINES, LINES)
def test_and_what_the_child_asked_for(old: list[str], new: list[str]) -> None:
    holds, _ = merged(old, new)
    assert all(is_met(new, signers) for signers in SIGNERS if is_met(holds, signers))


@given(LINES)
def test_a_child_that_repeats_everything_changes_nothing(old: list[str]) -> None:
    holds, problems = merged(old, old)
    assert problems == []
    assert sorted(holds) == sorted(old)
