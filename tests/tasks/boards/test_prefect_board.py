"""The board on a real Prefect server that changes under it."""

from __future__ import annotations

import pytest

from tasks.boards.prefect_api import deployment_id
from tests.prefect_server import House

pytestmark = pytest.mark.slow


def test_a_deployment_that_was_deleted_and_put_back_is_found_again(house: House) -> None:
    """By processes that have known the old one for long, such as the worker."""
    old = deployment_id("announce/announce")
    house.call("DELETE", f"/deployments/{old}")
    house.deploy()
    launch = house.start("news")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert deployment_id("announce/announce") != old


def test_what_cannot_be_carried_out_before_tminus_deploy_is_recorded(house: House) -> None:
    launch = house.start("late-news")
    house.call("DELETE", f"/deployments/{deployment_id('announce/announce')}")
    try:
        said = house.tminus("sign", launch.id, "go", "--as", "ada@example.com", "--approve")
    finally:
        house.deploy()
    assert (said.returncode, "Traceback" in said.stderr) == (0, False)
    assert "recorded; it will be carried out" in said.stderr
    assert "run `tminus up` or `tminus deploy`" in said.stderr
    house.go_round()
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
