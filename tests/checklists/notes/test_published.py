"""Notes inside people's own texts: ours are renewed, theirs stay letter by letter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.notes.published import END, NotOurs, described, kept, logged

DAY, LATER = date(2026, 11, 25), date(2026, 12, 1)
WORDS = "## New\n\n- Reports come every night.\n"
KEPT = """# Changelog

## [Unreleased]

## [2.3.1] - 2026-10-01

### Fixed

- Links end at midnight.

[2.3.1]: https://example.com/compare/v2.3.0...v2.3.1
"""


def test_notes_stand_below_what_people_wrote_and_are_renewed_in_their_place() -> None:
    first = described("Ours.\r\n\r\nBy hand.", "2.4.0", WORDS)
    assert first.startswith("Ours.\r\n\r\nBy hand.\n\n<!-- tminus: notes of 2.4.0 -->\n## New")
    edited = first.replace("Ours.", "Ours, edited.") + "And below."
    again = described(edited, "2.4.0", "## New\n\n- Better words.\n")
    assert again.startswith("Ours, edited.")
    assert again.endswith("And below.")
    assert "Better words." in again
    assert "every night" not in again


def test_a_version_stands_above_the_newest_and_below_what_is_not_released() -> None:
    text = logged(KEPT, "2.4.0", DAY, WORDS)
    assert text.index("[Unreleased]") < text.index("## [2.4.0] - 2026-11-25") < text.index("## [2.3.1]")
    assert "### Added\n\n- Reports come every night." in text
    next_one = logged(text, "2.5.0", DAY, WORDS)
    assert next_one.index("[2.5.0]") < next_one.index("<!-- tminus: notes of 2.4.0") < next_one.index("## [2.4.0]")
    assert logged(next_one, "2.5.0", LATER, WORDS) == next_one  # the day it first had stays


def test_a_new_changelog_begins_as_keep_a_changelog_says() -> None:
    text = logged("", "2.4.0", DAY, WORDS)
    assert text.startswith("# Changelog\n")
    assert "## 2.4.0 - 2026-11-25" in text


@pytest.mark.parametrize("heading", ["## [2.4.0] - 2026-11-20", "## 2.4.0", "## v2.4.0 (today)"])
def test_a_section_that_people_wrote_is_left_as_it_is(heading: str) -> None:
    with pytest.raises(NotOurs, match=r"a section for 2\.4\.0 that people wrote"):
        logged(f"# Changes\n\n{heading}\n\n- By hand.\n", "2.4.0", DAY, WORDS)
    assert "## 2.4.0 -" in logged("# Changes\n\n## 2.4.0-rc.1\n", "2.4.0", DAY, WORDS)


@pytest.mark.parametrize("broken", [lambda text: text.replace(END, ""), lambda text: text + text])
def test_broken_marks_are_left_to_people(broken: object) -> None:
    with pytest.raises(NotOurs, match="marks"):
        described(broken(described("", "2.4.0", WORDS)), "2.4.0", WORDS)  # type: ignore[operator]


def test_code_blocks_keep_their_hashes() -> None:
    assert kept("## New\n\n```sh\n# a comment\n```\n# Top") == "### Added\n\n```sh\n# a comment\n```\n## Top"


NASTY = st.text(st.sampled_from("#-` \n[]<>!ab2.4.0:tminus"), max_size=60)
WITH_MARKS = st.lists(
    st.one_of(NASTY, st.sampled_from([END, "<!-- tminus: notes of 2.4.0 -->", "## 2.4.0", "```"])), max_size=4
).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(before=NASTY, after=NASTY, words=WITH_MARKS, better=WITH_MARKS)
def test_whatever_the_words_are_twice_is_once_and_what_people_wrote_stays(
    before: str, after: str, words: str, better: str
) -> None:
    first = described(before, "2.4.0", words) + after
    assert described(first, "2.4.0", words) == first
    second = described(first, "2.4.0", better)
    assert second.startswith(before.rstrip())
    assert second.endswith(after)
    assert described(second, "2.4.0", words) == first


@settings(max_examples=150, deadline=None)
@given(words=WITH_MARKS, better=WITH_MARKS)
def test_a_changelog_takes_whatever_words_and_keeps_every_other_section(words: str, better: str) -> None:
    first = logged(KEPT, "2.4.0", DAY, words)
    assert logged(first, "2.4.0", LATER, words) == first
    second = logged(first, "2.4.0", LATER, better)
    ours = second[second.index("<!-- tminus") : second.index(END) + len(END)]
    assert second.replace(f"{ours}\n\n", "") == KEPT
