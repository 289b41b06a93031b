"""What the patrol asks a real Prefect server."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tasks.patrol import patrol
from tests.prefect_server import House

pytestmark = pytest.mark.slow


def test_a_worker_that_lives_loses_no_flow_run(house: House) -> None:
    assert house.world.board.mark_lost() == ()


def test_a_run_that_nobody_knows_is_gone_and_the_others_are_seen(house: House) -> None:
    launch, nobody = house.start("two-gates"), str(uuid4())
    run_id = house.run_of(launch.id)
    seen = house.world.board.look([run_id, nobody, run_id])
    assert list(seen) == [run_id, nobody]
    assert seen[nobody].fate == "gone"
    assert seen[run_id].fate in ("waiting", "working")


def test_a_round_over_healthy_launches_says_nothing_of_them(house: House) -> None:
    launch = house.start("two-gates")
    assert [line for line in patrol(house.world).said if launch.id in line] == []
