"""Conventional Commits 1.0.0: the examples of the specification, its numbered rules, and texts it does not foresee."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.notes.conventional import parse, split_footers


@pytest.mark.parametrize(
    ("subject", "type_", "scope", "breaking", "title"),
    [
        (
            "feat: allow provided config object to extend other configs",
            "feat",
            "",
            False,
            "allow provided config object",
        ),
        ("feat!: send an email to the customer", "feat", "", True, "send an email to the customer"),
        ("feat(api)!: send an email", "feat", "api", True, "send an email"),
        ("chore!: drop support for Node 6", "chore", "", True, "drop support for Node 6"),
        ("docs: correct spelling of CHANGELOG", "docs", "", False, "correct spelling of CHANGELOG"),
        ("feat(lang): add Polish language", "feat", "lang", False, "add Polish language"),
        ("FEAT(Lang): add it", "feat", "Lang", False, "add it"),
        ("feature: add it", "feat", "", False, "add it"),
        ("my-type: of our own", "my-type", "", False, "of our own"),
        ("fix( two words ): x", "fix", "two words", False, "x"),
    ],
)
def test_a_header_says_what_kind_of_change_it_is(
    subject: str, type_: str, scope: str, breaking: bool, title: str
) -> None:
    found = parse(subject, "")
    assert found is not None
    assert (found.type, found.scope, found.is_breaking) == (type_, scope, breaking)
    assert found.title.startswith(title)


@pytest.mark.parametrize(
    "subject", ["Add a thing", "feat:no space", "feat : x", "feat:", "feat: ", "(api): x", "", "1feat: x", "feat(a: x"]
)
def test_anything_else_is_of_another_style(subject: str) -> None:
    assert parse(subject, "") is None


@pytest.mark.parametrize(
    ("rest", "footers"),
    [
        ("BREAKING CHANGE: `extends` key is now used", [("BREAKING CHANGE", "`extends` key is now used")]),
        ("BREAKING-CHANGE: it is", [("BREAKING-CHANGE", "it is")]),
        ("why\n\nReviewed-by: Z\nRefs: #123", [("Reviewed-by", "Z"), ("Refs", "#123")]),
        ("why\n\nFixes #12", [("Fixes", "#12")]),
        ("BREAKING CHANGE: one\n\ntwo\n\nRefs: #1", [("BREAKING CHANGE", "one\n\ntwo"), ("Refs", "#1")]),
        ("a body\nRefs: inside of it", []),
        ("Note: this is prose\n\nthat goes on", []),
        ("breaking change: not in capitals\n\nprose", []),
        ("", []),
    ],
)
def test_footers_begin_after_a_blank_line_and_go_on_until_the_next_token(
    rest: str, footers: list[tuple[str, str]]
) -> None:
    assert list(split_footers(rest)[1]) == footers


def test_a_breaking_footer_makes_any_type_breaking_and_says_what_breaks() -> None:
    found = parse("chore: tidy up", "BREAKING CHANGE: the old key is gone;\nwrite the new one")
    assert found is not None
    assert (found.is_breaking, found.breaks) == (True, "the old key is gone;\nwrite the new one")


def test_the_body_is_what_stands_before_the_footers() -> None:
    found = parse("fix: x", "first\n\nsecond\n\nRefs: #1\nSigned-off-by: A <a@example.com>")
    assert found is not None
    assert found.body == "first\n\nsecond"


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_reader(subject: str, rest: str) -> None:
    parse(subject, rest)


@given(st.text(alphabet="ab: #\n-", max_size=200))
def test_nothing_of_a_message_is_lost(rest: str) -> None:
    body, footers = split_footers(rest)
    kept = "".join((body, *(part for pair in footers for part in pair)))
    assert sorted(kept.replace("\n", "").replace(" ", "").replace(":", "").replace("#", "")) == sorted(
        rest.replace("\n", "").replace(" ", "").replace(":", "").replace("#", "")
    )
