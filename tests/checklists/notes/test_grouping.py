"""What stands where in the notes of an audience."""

from __future__ import annotations

import pytest

from checklists.notes.change import Author, Change
from checklists.notes.grouping import group_of, sections

BOT = (Author("renovate[bot]"),)


@pytest.mark.parametrize(
    ("change", "group"),
    [
        (Change("a", "x", type="feat"), "new"),
        (Change("a", "x", type="fix"), "fixed"),
        (Change("a", "x", type="feat", is_breaking=True), "action"),
        (Change("a", "x", type="fix", action="Restart it."), "action"),
        (Change("a", "x", type="chore"), "inside"),
        (Change("a", "x"), "unsorted"),
        (Change("a", "x", type="something-else"), "inside"),
        (Change("a", "x", type="chore", authors=BOT), "bots"),
        (Change("a", "x", type="fix", authors=(*BOT, Author("Ada"))), "fixed"),
    ],
)
def test_a_change_stands_with_its_like(change: Change, group: str) -> None:
    assert group_of(change) == group


def test_what_people_must_do_comes_first() -> None:
    changes = [Change("a", "x", type="feat"), Change("b", "y", type="feat", is_breaking=True, breaks="rename the key")]
    first, second = sections(changes, "admin")
    assert (first.group, first.lines[0].must, second.group) == ("action", "rename the key", "new")


def test_no_audience_is_told_that_a_version_was_written_down() -> None:
    assert sections([Change("a", "Release 1.0", type="release")], "internal") == ()


@pytest.mark.parametrize(
    ("title", "line"),
    [("export reports", "Export reports"), ("`key` is gone", "`key` is gone"), ("iOS works", "iOS works"), ("", "")],
)
def test_a_title_reads_like_a_sentence(title: str, line: str) -> None:
    (section,) = sections([Change("a", title, type="feat")], "customer")
    assert section.lines[0].words == line


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("export reports", "Export reports"),
        ("don't crash", "Don't crash"),
        ("don’t crash", "Don’t crash"),
        ("a way out", "A way out"),
        ("pH is shown", "pH is shown"),
        ("x", "x"),
        ("add __slots__ to Requirement", "Add `__slots__` to Requirement"),
        ("Requirement.__hash__ is faster", "`Requirement.__hash__` is faster"),
        ("use `a __b__ c` here", "Use `a __b__ c` here"),
        ("snake__case__name", "snake__case__name"),
    ],
)
def test_a_title_reads_as_a_sentence_and_code_as_code(title: str, said: str) -> None:
    (section,) = sections([Change("a", title, type="feat")], "developer")
    assert section.lines[0].words == said
