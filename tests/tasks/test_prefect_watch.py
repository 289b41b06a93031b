"""What the patrol asks a real Prefect server."""

from __future__ import annotations

import pytest

from tests.prefect_server import House

pytestmark = pytest.mark.slow


def test_a_worker_that_lives_loses_no_flow_run(house: House) -> None:
    assert house.world.board.mark_lost() == ()
