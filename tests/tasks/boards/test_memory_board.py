"""The board in memory does what Prefect does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checklists.due import CloseRun, OpenRun
from checklists.errors import Unreachable
from checklists.launch import Launch, Run
from tasks.boards.accidents import Killed
from tasks.boards.board import Board
from tasks.boards.memory_board import MemoryBoard
from tests.checklists.launches import ADA, NOW, begun, sign, told

ASK = OpenRun("qa", 1, 1, "sign")
ANSWER = {"signed_by": ADA.email, "decision": "approve"}


def asked(board: MemoryBoard, step: OpenRun = ASK) -> str:
    return board.open_run(begun(), step)


def attached(board: MemoryBoard) -> Launch:
    launch = begun()
    return replace(launch, run=board.start_run(launch))


def test_it_is_a_board() -> None:
    board: Board = MemoryBoard()
    assert board.over([]) == {}


def test_a_key_opens_one_run() -> None:
    board = MemoryBoard()
    assert asked(board) == asked(board)
    assert len({asked(board, OpenRun("qa", *of, "sign")) for of in ((1, 1), (1, 2), (2, 1))}) == 3


def test_a_deleted_run_frees_its_key() -> None:
    board = MemoryBoard()
    first = asked(board)
    board.delete(first)
    assert board.over([first]) == {first: "gone"}
    assert asked(board) != first


def test_a_question_waits_and_work_is_scheduled() -> None:
    board = MemoryBoard()
    question, job = asked(board), asked(board, OpenRun("links", 1, 1, "work"))
    assert board.over([question, job]) == {}
    assert [board.runs[run_id].fate for run_id in (question, job)] == ["waiting", "working"]
    assert "QA sign-off" in board.runs[question].description
    assert "team:qa" in board.runs[question].tags


@pytest.mark.parametrize("answer", [None, {}, {"decision": "approve"}, {**ANSWER, "decision": "perhaps"}])
def test_a_form_that_is_not_filled_in_stays_open(answer: dict[str, object] | None) -> None:
    board = MemoryBoard()
    run_id = asked(board)
    assert not board.resume(run_id, answer)
    assert (board.runs[run_id].state, board.answer(run_id, 1)) == ("Suspended", None)


def test_a_form_is_answered_once() -> None:
    board = MemoryBoard()
    run_id = asked(board)
    assert [board.resume(run_id, ANSWER) for _ in range(3)] == [True, False, False]
    assert board.answer(run_id, 1) == ANSWER
    assert board.answer(run_id, 2) is None
    assert board.answer("nothing", 1) is None


def test_a_closed_run_says_why() -> None:
    board, launch = MemoryBoard(), begun()
    run_id = asked(board)
    board.close_run(launch, CloseRun("qa", 1, Run(run_id, 1, 1, "sign"), "passed · Ada"))
    assert (board.runs[run_id].state, board.runs[run_id].message) == ("Completed", "passed · Ada")
    assert not board.resume(run_id, ANSWER)


def test_closing_a_run_that_is_gone_is_no_failure() -> None:
    board = MemoryBoard()
    board.close_run(begun(), CloseRun("qa", 1, Run("gone", 1, 1, "sign"), "passed"))
    assert board.runs == {}


def test_a_launch_has_one_run_and_its_artifacts_follow_it() -> None:
    board, launch = MemoryBoard(), begun()
    made = board.start_run(launch)
    assert board.start_run(launch) == made
    launch = attached(board)
    before = dict(board.artifacts)
    board.show(told(launch, sign(ADA, "qa")))
    assert board.artifacts != before
    board.report(launch, "# Report")
    assert board.artifacts["acme-2.4.0/report"] == "# Report"


def test_a_sleeping_launch_completes_at_its_end() -> None:
    board = MemoryBoard()
    launch = attached(board)
    assert launch.run is not None
    assert board.runs[launch.run.run_id].state == "Suspended"
    board.end_run(launch)
    assert board.runs[launch.run.run_id].state == "Completed"


def test_the_runs_of_a_dead_worker_are_marked() -> None:
    board = MemoryBoard()
    run_id = asked(board)
    board.set_state(run_id, "Running", worker="w1")
    assert board.mark_lost() == ()
    board.dead_workers.add("w1")
    assert board.mark_lost() == (run_id,)
    assert board.over([run_id]) == {run_id: "failed"}
    assert board.mark_lost() == ()


def test_a_run_knows_since_when_it_is_as_it_is() -> None:
    board = MemoryBoard(now=lambda: NOW + timedelta(hours=1))
    run_id = asked(board)
    assert board.runs[run_id].since == NOW + timedelta(hours=1)


def test_a_board_that_is_away_does_nothing() -> None:
    board = MemoryBoard(is_reachable=False)
    with pytest.raises(Unreachable):
        asked(board)
    assert board.runs == {}


@pytest.mark.parametrize(("after", "made"), [(False, 0), (True, 1)])
def test_an_accident_happens_before_or_after_the_effect(after: bool, made: int) -> None:
    board = MemoryBoard()
    board.break_next(Unreachable("lost"), after=after)
    with pytest.raises(Unreachable):
        asked(board)
    assert len(board.runs) == made
    asked(board)
    assert len(board.runs) == 1


def test_a_killed_process_does_nothing_more_until_there_is_a_new_one() -> None:
    board = MemoryBoard()
    board.break_next(Killed(), after=False, skip=1)
    asked(board)
    for _ in range(2):
        with pytest.raises(Killed):
            asked(board, OpenRun("docs", 1, 1, "sign"))
    board.revive()
    asked(board, OpenRun("docs", 1, 1, "sign"))
    assert len(board.runs) == 2
