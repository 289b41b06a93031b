"""An answer counts where people were asked, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from checklists.decide import Refusal
from checklists.request import ItemRun
from tasks.answering import take_answer
from tasks.memory_board import MemoryRun
from tests.tasks.worlds import Place, place

BEN = {"signed_by": "ben@example.com", "decision": "approve"}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


@pytest.mark.parametrize("answer", [None, BEN])
def test_a_run_started_by_hand_neither_signs_nor_closes_the_form_that_is_open(
    at: Place, answer: dict[str, object] | None
) -> None:
    launch = at.begun()
    form = next(run for run in at.board.open_runs(launch.id) if run.step and run.step.item == "qa")
    assert form.step is not None
    strange = MemoryRun(str(uuid4()), "by-hand", launch.id, "gate", (), "Running", at.clock(), form.step, answer=answer)
    at.board.runs[strange.run_id] = strange
    run = ItemRun(launch_id=launch.id, item="qa", round=1, number=form.step.number, form="sign")
    said = take_answer(at.world, run, strange.run_id)
    assert isinstance(said, Refusal)
    assert "answer that one" in said.reason
    assert at.launch(launch.id) == launch
    at.board.resume(form.run_id, BEN)
    assert not isinstance(take_answer(at.world, run, form.run_id), Refusal)
