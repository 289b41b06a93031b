"""A launch as people meet it in the Prefect UI: its run, its gates, its artifacts, its end."""

from __future__ import annotations

import pytest

from tests.prefect_server import House, until

pytestmark = pytest.mark.slow


def test_a_launch_is_one_run_named_after_it_that_sleeps_while_people_work(house: House) -> None:
    launch = house.asleep(house.start("two-gates"))
    run = house.run(house.run_of(launch.id))
    assert run["name"] == f"acme {launch.release.version}"
    assert run["state"]["name"] == "Suspended"
    assert set(run["tags"]) >= {"launch", "product:acme", "tier:2"}
    assert len(house.runs(name=run["name"])) == 1
