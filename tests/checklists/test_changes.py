"""What is different, in words; never more than the record has room for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checklists.changes import LONGEST, MOST, of_code, of_content, of_evidence, replaced
from checklists.entries import Piece
from checklists.item import Exhibit
from tests.checklists.bound import content, difference

AT = datetime(2026, 11, 23, tzinfo=UTC)


def test_more_commits_and_files_than_anybody_reads_are_counted() -> None:
    many = difference(
        *(f"src/{n}.py" for n in range(40)), count=150, commits=tuple(map(str, range(100))), all_files=False
    )
    said = of_code("a" * 40, many, "b" * 40)
    assert said[0] == "the code is bbbbbbbbbbbb now, it was aaaaaaaaaaaa"
    assert said[21] == "and 130 more commits"
    assert said[22].endswith("src/29.py and 10 more and others")


def test_what_lies_between_may_not_be_known() -> None:
    assert of_code("a", difference(why="git is away"), "b")[1:] == (
        "what lies between the two is not known: git is away",
    )


def test_texts_are_compared_line_by_line() -> None:
    before, now = content("notes", "a\nb\nc"), content("notes", "a\nB\nc")
    assert of_content(before, now) == (
        "notes is not what it was",
        "--- before\n+++ now\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c",
    )
    assert of_content(None, now) == ("notes was written",)
    assert of_content(before, content("notes", "a\nb\nc\n")) == ("notes was changed",)


@pytest.mark.parametrize("size", [1, 100, 20_000])
def test_it_always_fits_into_the_record(size: int) -> None:
    said = of_content(content("notes", "a\n" * size), content("notes", "b\n" * size))
    long = difference(text="x" * 20_000, commits=("c" * 5_000,) * 100, count=100)
    for told in (said, of_code("a", long, "b")):
        assert len(told) <= MOST
        assert all(len(text) <= LONGEST for text in told)


@pytest.mark.parametrize(
    ("before", "now", "is_replaced"),
    [
        (Piece(url="a", sha256="0" * 64), Piece(url="a", sha256="0" * 64), False),
        (Piece(url="a", sha256="0" * 64), Piece(url="a", sha256="1" * 64), True),
        (Piece(url="a", sha256="0" * 64), Piece(url="b", sha256="0" * 64), True),
        (Piece(url="a", sha256="0" * 64), Piece(url="a", problem="no answer"), False),
        (Piece(url="a", problem="no answer"), Piece(url="a", sha256="0" * 64), False),
        (Piece(url="a"), Piece(url="b"), True),
    ],
)
def test_a_piece_is_replaced_by_another_address_or_another_digest(before: Piece, now: Piece, is_replaced: bool) -> None:
    there = {"report": Exhibit(before, "ada@example.com", AT)}
    assert bool(replaced(there, {"report": now, "new": now})) is is_replaced
    assert bool(of_evidence(there, {"report": now})) is is_replaced
