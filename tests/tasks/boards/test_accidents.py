"""An accident happens once, at the effect that was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.errors import Unreachable
from tasks.boards.accidents import Accident, Killed
from tests.tasks.worlds import place


@pytest.mark.parametrize("skip", [0, 1, 3])
def test_so_many_effects_pass_first(skip: int) -> None:
    accident = Accident(Killed(), after=False, skip=skip)
    assert [accident.comes_now() for _ in range(skip + 1)] == [False] * skip + [True]


def test_on_the_board_it_strikes_once(tmp_path: Path) -> None:
    at = place(tmp_path)
    at.board.break_next(Unreachable("away"), after=False)
    with pytest.raises(Unreachable):
        at.board.mark_lost()
    assert at.board.mark_lost() == ()
    at.ledger.dispose()
