"""A person's words survive every new draft."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.notes.rewriting import ADDED, GONE, Passage, Text, drafted, holds, rewritten

ONE = Passage("#1", "New", "- Exports")
TWO = Passage("#2", "New", "- Views\n\n  **What to do:** nothing")
FIX = Passage("#3", "Fixed", "- Zones")
FIRST = drafted([ONE, FIX])


def test_a_draft_stands_under_its_headings() -> None:
    assert FIRST.words == "## New\n\n- Exports\n\n## Fixed\n\n- Zones\n"


def test_the_same_draft_again_changes_nothing() -> None:
    edited = Text(FIRST.words.replace("- Exports", "- Reports come **every night**"), FIRST.seen)
    assert rewritten(edited, [ONE, FIX]) == edited


def test_a_new_change_is_added_under_its_heading() -> None:
    assert rewritten(FIRST, [ONE, TWO, FIX]).words == (
        "## New\n\n- Exports\n- Views\n\n  **What to do:** nothing\n\n## Fixed\n\n- Zones\n"
    )


def test_a_new_change_stands_at_the_end_where_its_heading_is_gone() -> None:
    edited = Text("All in one: exports and zones.\n", FIRST.seen)
    assert rewritten(edited, [ONE, TWO, FIX]).words == (
        "All in one: exports and zones.\n\n## Added since this was written\n\n- Views\n\n  **What to do:** nothing\n"
    )


def test_a_vanished_change_is_marked_where_nobody_touched_it() -> None:
    assert f"- Exports{GONE}" in rewritten(FIRST, [FIX]).words


def test_a_vanished_change_that_a_person_wrote_anew_stays_theirs() -> None:
    edited = Text(FIRST.words.replace("- Exports", "- Mine"), FIRST.seen)
    assert rewritten(edited, [FIX]) == Text(edited.words, {"#3": "- Zones"})


def test_a_mark_is_made_once() -> None:
    once = rewritten(FIRST, [FIX])
    assert rewritten(once, [FIX]).words == once.words


def test_what_a_person_took_out_does_not_come_back() -> None:
    edited = Text(FIRST.words.replace("- Exports\n", ""), FIRST.seen)
    assert "Exports" not in rewritten(edited, [ONE, FIX]).words


def test_a_better_draft_replaces_what_nobody_touched() -> None:
    better = Passage("#1", "New", "- Exports every night")
    assert "- Exports every night\n" in rewritten(FIRST, [better, FIX]).words
    edited = Text(FIRST.words.replace("- Exports", "- Mine"), FIRST.seen)
    assert rewritten(edited, [better, FIX]).words == edited.words


PASSAGES = st.lists(
    st.builds(
        Passage,
        change=st.sampled_from(["#1", "#2", "#3", "#4"]),
        heading=st.sampled_from(["New", "Fixed"]),
        text=st.text("ab \n", min_size=1, max_size=8).map(lambda text: "- " + text.strip()),
    ),
    max_size=4,
    unique_by=lambda one: one.change,
)


@given(
    PASSAGES,
    st.lists(st.text("xyz", min_size=3, max_size=6).map(lambda text: f"Mine: {text}"), max_size=5),
    PASSAGES,
    PASSAGES,
)
def test_no_line_that_a_person_wrote_is_ever_lost(
    before: list[Passage], mine: list[str], after: list[Passage], later: list[Passage]
) -> None:
    first = drafted(before)
    edited = Text("\n".join([*first.words.split("\n"), *mine]), first.seen)
    lines = rewritten(rewritten(edited, after), later).words.split("\n")
    assert [line for line in lines if line.startswith("Mine: ")] == mine


LINES = st.lists(
    st.one_of(
        st.text("xyz", min_size=3, max_size=6).map(lambda text: f"Mine: {text}"),
        st.sampled_from(["", "## New", "## Fixed", f"## {ADDED}", "- a", "```", "    code", "> said"]),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(PASSAGES, LINES, PASSAGES)
def test_a_text_that_was_written_wholly_anew_only_grows(
    before: list[Passage], mine: list[str], after: list[Passage]
) -> None:
    """Whatever looks like a heading or a change in it: every line stays, in its order, and none twice for nothing."""
    seen = {one.change: one.text for one in before}
    words = "\n".join(mine)
    drafted_lines = {line for text in (*seen.values(), *(one.text for one in after)) for line in text.split("\n")}
    theirs = [line for line in mine if line.strip() and line not in drafted_lines]
    again = rewritten(Text(words, seen), after).words.split("\n")
    rest = iter(again)
    assert all(line in rest for line in theirs)


@settings(max_examples=150, deadline=None)
@given(PASSAGES, LINES, PASSAGES)
def test_the_same_draft_twice_is_once(before: list[Passage], mine: list[str], after: list[Passage]) -> None:
    first = drafted(before)
    edited = Text("\n".join([*mine, *first.words.split("\n")]), first.seen)
    once = rewritten(edited, after)
    assert rewritten(once, after) == once


@settings(max_examples=150, deadline=None)
@given(PASSAGES, PASSAGES)
def test_every_new_change_is_told_and_none_that_somebody_took_out(before: list[Passage], after: list[Passage]) -> None:
    first = drafted(before)
    emptied = rewritten(Text("Mine.\n", first.seen), after)
    old = {one.change for one in before}
    for one in after:
        if one.change not in old:
            assert holds(emptied.words, one.text)
    if all(one.change in old for one in after):
        assert emptied.words == "Mine.\n"
