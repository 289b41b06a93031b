"""Words that strangers write are read in a time that grows with their length, whatever they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from checklists.notes.change import Author, Change
from checklists.notes.commit import Commit, change_of, is_release, read
from checklists.notes.conventional import footers, header
from checklists.notes.findings import is_of_the_house, of_changes, of_text
from checklists.notes.fragments import read_fragment
from checklists.notes.grouping import sections
from checklists.notes.linking import Home, links_of
from checklists.notes.logins import with_logins
from checklists.notes.published import described, logged
from checklists.notes.pull import Pull, told_by_pull
from checklists.notes.style import Style
from tests.linear import is_linear

STYLE = Style(banned={"simply": ""}, required=("Acme",), internal_hosts=(".acme.example",))
GITHUB = Home("github", "https://github.com", "a/b")
COMMIT = Commit("a" * 40, ("b" * 40,), "Ada", "ada@example.com", "subject", "")


def as_subject(text: str) -> object:
    merge = COMMIT._replace(subject=text, parents=("b" * 40, "c" * 40))
    return change_of(COMMIT._replace(subject=text)), merge.pull, header(text), is_release(text)


def as_body(text: str) -> object:
    commit = COMMIT._replace(rest=text, parents=("b" * 40, "c" * 40))
    return read("feat: exports", text, commit), commit.pull, commit.reverts, footers(text)


def as_note(text: str) -> object:
    change = Change("a", text, type="feat", notes={"customer": text}, is_breaking=True)
    return list(of_changes((change,), ("customer",))), sections((change,), "customer")


def as_line(text: str) -> object:
    return list(of_text(text, "customer", STYLE)), is_of_the_house(text, STYLE)


def as_pull(text: str) -> object:
    return told_by_pull(Change("#1", "wip"), Pull(title=text, body=text, labels=(text,)))


def as_fragment(text: str) -> object:
    return read_fragment("news/1.feature.rst", text[:99_990]), read_fragment(f"news/{text[:4_000]}.md", "words")


def as_reference(text: str) -> object:
    return links_of((Change("a", "x", references=(text,)),), GITHUB)


def as_author(text: str) -> object:
    authors = (Author(text, f"{text}@users.noreply.github.com", text),)
    return with_logins((Change("a", "x", authors=authors),), GITHUB)


def as_release(text: str) -> object:
    return described(text, "1.0", text), logged("", "1.0", date(2026, 11, 20), text), logged(text, "1.0", date.max, "x")


READERS = (as_subject, as_body, as_note, as_line, as_pull, as_fragment, as_reference, as_author, as_release)
UNITS = (
    "a", "1", " ", "\n", "-", "`", "a.", "a-", "a.-", ".-", "a_", "__a", "__a__.", "a.__", "a/", "a/a#1 ", "#1",
    "(#1)", "[1.1]", "[backport ", "<", "<your ", "<!--", "<!-- ", "<!-- tminus:", "<!-- tmin<!-- tminus:us:",
    "-->", "{{", "eyJ-", "eyJaaaaaaaaaa.", "SG.", "xoxb-", "token ", "token=", "secret\t", "-----BEGIN ",
    "-----BEGIN A", "http://a", "http://a ", "a.internal", "a.corp.", "x_y.", "fix ", "fix #", "Fixes: #1\n",
    "A-B: ", "a: b\n\n", "\n\na #1", "\n ", "BREAKING CHANGE: ", "release 1.", "pre", "1.1.", "Merged in ",
    " (pull request #1", "See merge request a!1\n", "Reverts a/", "This reverts commit a", "```release-note\n",
    "\n```release-note\nx", "## 1", "\n## [", "\n## unreleased", "`a<http://", ":a:`", "``a", "``", ":pep:`",
    "[a](", "](", "---\n", "\n---", "## customer\n", "a.feature.", "é.", "…",
)  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_no_text_takes_longer_than_its_length(reader: Callable[[str], object]) -> None:
    assert [unit for unit in UNITS if not is_linear(reader, unit)] == []


@pytest.mark.parametrize(
    ("reader", "begin", "unit", "end"),
    [
        (as_subject, "1.1.", "1", " x"),
        (as_subject, "release 1.", "1", "\nx"),
        (as_subject, "pre", "a", " x"),
        (as_subject, "Merged in ", "a ", ")"),
        (as_subject, "#1 ", ".-", ""),
        (as_subject, "feat: x #", "a.", "#1"),
        (as_body, "See merge request !1", " ", "x"),
        (as_body, "Fixes: #1", "\n", "Fixes: #2"),
        (as_body, "```release-note", " ", "x"),
        (as_note, "<your ", "a", ""),
        (as_note, "…", " ", "x"),
        (as_line, "token", " ", ""),
        (as_line, "AKIA", "A-", ""),
        (as_pull, "fix", " ", "x"),
        (as_pull, "type", " ", "x"),
        (as_fragment, ":a:`", " ", "x"),
        (as_fragment, "`a", " ", "x"),
        (as_release, "##", " ", "x"),
        (as_release, "##", "\n", "x"),
    ],
)
def test_nor_does_one_that_begins_and_ends_as_it_likes(
    reader: Callable[[str], object], begin: str, unit: str, end: str
) -> None:
    assert is_linear(reader, unit, begin, end)
