from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates import entry


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("## New\n- a\n\n## Fixed\n- b\n", ("new", "fixed")),
        ("### Security ###\n", ("security",)),
        ("## Better than before\n## Performance\n", ("improved",)),
        ("## What you need to do\n", ("action",)),
        ("## Something else\n", ()),
        ("no heading", ()),
    ],
)
def test_the_headings_of_the_notes_tell_the_types(text: str, types: tuple[str, ...]) -> None:
    assert entry.types(text) == types


def test_an_excerpt_is_one_short_line_without_headings_and_marks() -> None:
    said = entry.excerpt(
        "## New\n\nExports are **faster**, see [the docs](https://example.com).\n\n| a |\n|---|\n\n- one\n- two\n\n"
        + "word " * 100
    )
    assert said.startswith("Exports are faster, see the docs. · one · two word word")
    assert len(said) <= entry.EXCERPT
    assert "\n" not in said


@given(st.text(max_size=300))
def test_whatever_people_write_becomes_no_tag_of_theirs(text: str) -> None:
    drawn = entry.html(entry.body(f"<script>{text}</script>"))
    assert "<script" not in drawn.lower()
    assert "javascript:" not in entry.html(entry.body(f"[x](javascript:{text})")).lower().partition("href")[2]
    assert "\0" not in drawn
