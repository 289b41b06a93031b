"""What the patrol asks a real Prefect server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tasks.boards import prefect_watch
from tasks.patrol import patrol
from tests.prefect_server import House

pytestmark = pytest.mark.slow


def test_a_worker_that_lives_loses_no_flow_run(house: House) -> None:
    assert house.world.board.mark_lost() == ()


def test_a_run_whose_worker_died_before_it_said_so_is_lost_after_a_while(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = house.start("two-gates")
    run_id = house.form(launch.id, next(iter(launch.items)))
    house.set_state(run_id, "PENDING")
    assert run_id not in house.world.board.mark_lost()
    monkeypatch.setattr(prefect_watch, "UNCLAIMED", timedelta(0))
    assert run_id in house.world.board.mark_lost()
    assert house.world.board.over([run_id]) == {run_id: "failed"}


def test_a_run_that_nobody_knows_is_gone_and_the_others_are_seen(house: House) -> None:
    launch, nobody = house.start("two-gates"), str(uuid4())
    run_id = house.run_of(launch.id)
    assert house.world.board.over([run_id, nobody, run_id]) == {nobody: "gone"}


@pytest.mark.parametrize(
    ("type_", "fate"), [("COMPLETED", "completed"), ("CANCELLED", "cancelled"), ("FAILED", "failed")]
)
def test_runs_that_are_over_are_found_among_those_that_are_not(house: House, type_: str, fate: str) -> None:
    launch = house.start("every-kind")
    first, second = (house.form(launch.id, item) for item in ("qa", "guide"))
    house.set_state(first, fate.upper())
    assert house.world.board.over([second, first]) == {first: fate}


def test_a_run_nobody_knows_of_is_closed_and_the_known_ones_are_not(house: House) -> None:
    launch = house.start("every-kind")
    first, second = (house.form(launch.id, item) for item in ("qa", "guide"))
    later = datetime.now(UTC) + timedelta(minutes=1)
    known = {run_id for head in house.world.ledger.index.open_heads() for run_id in (head.summary or {})["runs"]}
    assert house.world.board.close_strays(known - {second}, later) == (second,)
    assert house.run(first)["state"]["name"] == "Suspended"


def test_a_round_over_healthy_launches_says_nothing_of_them(house: House) -> None:
    launch = house.start("two-gates")
    assert [line for line in patrol(house.world).said if launch.id in line] == []
