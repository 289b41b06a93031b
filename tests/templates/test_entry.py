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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("### New\n\n- **Exports.** They leave by *hand*\n- Links end\n", "Exports. They leave by hand. Links end."),
        ("All of it:\n\n1. Open `it`\n   - quickly!\n2. Look (twice)\n", "All of it: Open it. quickly! Look (twice)."),
        ('**New**\n\nFaster ("at last.")\n\n[What else changed](https://example.com)', 'Faster ("at last.")'),
        ("**Faster**", "Faster."),
        ("> Faster\n> at last\n\n---\n\n```\nls\n```\n\n| a |\n|---|\n| b |", "Faster at last."),
        ("# New\n", ""),
        ("C’est prêt\u00a0!\n\n早い。\n\n速い！", "C’est prêt\u00a0! 早い。 速い！"),
    ],
)
def test_an_excerpt_is_sentences(text: str, told: str) -> None:
    assert entry.excerpt(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Exports leave by themselves", "Exports leave by…"),
        ("Exports leave it. By themselves", "Exports leave it…"),
        ("早" * 30, "早" * 19 + "…"),
        ("Exports leave by it", "Exports leave by it."),
    ],
)
def test_an_excerpt_ends_with_a_word(text: str, told: str) -> None:
    assert entry.excerpt(text, 20) == told


def test_an_excerpt_is_one_short_line_without_headings_and_marks() -> None:
    said = entry.excerpt(
        "## New\n\nExports are **faster**, see [the docs](https://example.com).\n\n| a |\n|---|\n\n- one\n- two\n\n"
        + "word " * 100
    )
    assert said.startswith("Exports are faster, see the docs. one. two. word word")
    assert len(said) <= entry.EXCERPT
    assert "\n" not in said


@given(st.text(max_size=300))
def test_whatever_people_write_becomes_no_tag_of_theirs(text: str) -> None:
    drawn = entry.html(entry.body(f"<script>{text}</script>"))
    assert "<script" not in drawn.lower()
    assert "javascript:" not in entry.html(entry.body(f"[x](javascript:{text})")).lower().partition("href")[2]
    assert "\0" not in drawn
