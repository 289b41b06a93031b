"""What letters say of an item, where that is more than a word of its state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checklists.item import ItemState
from checklists.items import Notes
from tasks.notices.showing import trouble_of
from tests.checklists.launches import begun


@pytest.fixture
def state() -> ItemState:
    return next(iter(begun().items.values()))


@pytest.mark.parametrize(
    ("status", "round_", "said"),
    [
        ("failed", 1, "failed"),
        ("failed", 2, "failed in round 2"),
        ("rejected", 1, "was rejected"),
        ("rejected", 3, "was rejected in round 3"),
    ],
)
def test_who_was_asked_before_reads_that_this_is_another_round(
    state: ItemState, status: str, round_: int, said: str
) -> None:
    assert trouble_of(replace(state, status=status, round=round_)) == said  # type: ignore[arg-type]


def test_notes_that_lack_words_are_not_ready_rather_than_failed() -> None:
    notes = ItemState("notes", Notes.model_validate({"notes": {"audiences": ["customer"]}}), status="failed")
    assert trouble_of(notes) == "is not ready yet"
    assert trouble_of(replace(notes, round=2)) == "is not ready yet in round 2"
