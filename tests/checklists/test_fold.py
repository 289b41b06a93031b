"""What is true now follows from what has happened, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from checklists import entries as e
from checklists.commands import Abandon, Hold
from checklists.entries import Entry
from checklists.fold import fold
from checklists.launch import Launch
from tests.checklists.launches import (
    ADA,
    CHECKLIST,
    DAN,
    EVE,
    NOW,
    begun,
    carried_out,
    decided,
    report,
    sign,
    start,
    told,
)
from tests.checklists.stories import Move, entries_of, stories

ANY_TIME = settings(deadline=None, max_examples=150)
ENTRIES = TypeAdapter(tuple[Entry, ...])


def with_facts(launch: Launch, *facts: e.Data) -> Launch:
    written = [
        Entry(launch_id=launch.id, seq=seq, at=NOW, actor="tminus", data=fact)
        for seq, fact in enumerate(facts, start=launch.seq + 1)
    ]
    return fold(written, onto=launch)


@ANY_TIME
@given(stories, st.data())
def test_a_record_may_be_folded_in_parts(story: Sequence[Move], data: st.DataObject) -> None:
    entries = entries_of(story)
    cut = data.draw(st.integers(1, len(entries)))
    assert fold(entries) == fold(entries[cut:], onto=fold(entries[:cut]))


@ANY_TIME
@given(stories)
def test_a_record_survives_being_written_as_json(story: Sequence[Move]) -> None:
    entries = entries_of(story)
    again = ENTRIES.validate_json(ENTRIES.dump_json(entries))
    assert again == entries
    assert fold(again) == fold(entries)


def test_items_keep_their_order_in_a_record_whose_keys_are_sorted() -> None:
    entries = decided(None, start())
    canonical = json.dumps(json.loads(ENTRIES.dump_json(entries)), sort_keys=True)
    assert list(fold(ENTRIES.validate_json(canonical)).items) == list(CHECKLIST.items)


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ((), "a launch has at least one entry"),
        ((Entry(launch_id="a-1", seq=1, at=NOW, actor="x", data=e.Resumed()),), "says 'resumed', not 'started'"),
        (tuple(entry for entry in entries_of([]) for _ in range(2)), "entry 2 is missing, 1 follows"),
        (tuple(entry.model_copy(update={"seq": 2}) for entry in entries_of([])), "entry 1 is missing, 2 follows"),
    ],
)
def test_a_damaged_record_is_not_folded(entries: tuple[Entry, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        fold(entries)


def test_a_launch_begins_with_its_own_copy_of_everything() -> None:
    launch = fold(decided(None, start()))
    assert (launch.name, launch.status, launch.started_by, launch.seq) == ("acme 2.4.0", "scheduled", EVE.email, 1)


def test_what_was_answered_through_a_form_takes_that_form_away() -> None:
    launch = begun()
    signed = fold(decided(launch, sign(ADA, "qa", number=1)), onto=launch)
    assert (signed.items["qa"].run, signed.items["qa"].runs) == (None, 1)


def test_what_was_answered_elsewhere_leaves_the_form_open() -> None:
    launch = begun()
    signed = fold(decided(launch, sign(ADA, "qa")), onto=launch)
    assert signed.items["qa"].run == launch.items["qa"].run


def test_a_flow_run_that_went_away_leaves_the_work_to_be_done() -> None:
    launch = told(begun(), sign(DAN, "docs"))
    lost = with_facts(launch, e.RunClosed(item="links", round=1, number=1, why="its worker died"))
    assert (lost.items["links"].status, lost.items["links"].run) == ("open", None)
    run = carried_out(lost).items["links"].run
    assert run is not None
    assert (run.number, run.form) == (2, "work")


def test_an_old_flow_run_that_went_away_changes_nothing() -> None:
    launch = told(begun(), sign(DAN, "docs"))
    launch = carried_out(with_facts(launch, e.RunClosed(item="links", round=1, number=1, why="its worker died")))
    late = with_facts(launch, e.RunClosed(item="links", round=1, number=1, why="its worker died"))
    assert late.items == launch.items


def test_a_new_round_forgets_how_the_last_one_ended() -> None:
    launch = told(begun(), sign(DAN, "docs"), report("links", ok=False))
    again = with_facts(launch, e.Reopened(item="links", round=2, question="fixed"))
    assert (again.items["links"].summary, again.items["links"].findings) == ("", ())


def test_an_entry_says_when_the_launch_was_last_touched() -> None:
    later = NOW + timedelta(hours=1)
    launch = begun()
    assert fold(decided(launch, Hold(by=EVE, reason="frozen"), later), onto=launch).updated_at == later


def test_a_run_written_down_after_the_end_is_closed_and_the_launch_ends_again() -> None:
    over = told(begun(), Abandon(by=EVE, reason="superseded"))
    assert over.has_ended
    late = with_facts(over, e.RunOpened(item="qa", round=1, number=2, form="sign", run_id="late"))
    assert not late.has_ended
    ended = carried_out(late)
    assert (ended.items["qa"].run, ended.has_ended) == (None, True)
