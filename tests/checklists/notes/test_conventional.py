"""Conventional Commits 1.0.0: the examples of the specification, its numbered rules, and texts it does not foresee."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.notes.conventional import BLANK, first_footer, footers, header, is_breaking


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
    found = header(subject)
    assert found is not None
    assert (found[0], found[1], found[3]) == (type_, scope, breaking)
    assert found[2].startswith(title)


@pytest.mark.parametrize(
    "subject", ["Add a thing", "feat:no space", "feat : x", "feat:", "feat: ", "(api): x", "", "1feat: x", "feat(a: x"]
)
def test_anything_else_is_of_another_style(subject: str) -> None:
    assert header(subject) is None


@pytest.mark.parametrize(
    ("rest", "told"),
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
    rest: str, told: list[tuple[str, str]]
) -> None:
    assert [(token, said.strip()) for token, said in footers(rest)] == told


def test_a_breaking_footer_is_in_capitals_and_says_what_breaks() -> None:
    ((token, said),) = footers("BREAKING CHANGE: the old key is gone;\nwrite the new one")
    assert is_breaking(token)
    assert said == "the old key is gone;\nwrite the new one"
    assert not any(is_breaking(token) for token, _ in footers("Breaking-Change: no"))


def test_the_body_is_what_stands_before_the_footers() -> None:
    text = "first\n\nsecond\n\nRefs: #1\nSigned-off-by: A <a@example.com>"
    assert text[: first_footer(text)] == "first\n\nsecond\n\n"


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_the_reader(subject: str, rest: str) -> None:
    header(subject)
    footers(rest)


@given(st.text(alphabet="ab: #\n-", max_size=200))
def test_nothing_of_a_message_is_lost(rest: str) -> None:
    text = BLANK.sub("\n", rest).strip()
    kept = "".join((text[: first_footer(text)], *(part for pair in footers(rest) for part in pair)))
    assert _letters(kept) == _letters(rest)


def _letters(text: str) -> str:
    """Without what may stand between a token and its value."""
    return text.translate(dict.fromkeys(map(ord, "\n :#")))
