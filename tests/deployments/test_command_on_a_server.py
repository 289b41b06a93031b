"""The `tminus` command with a real Prefect server, and with one that goes away while it is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from checklists.decide import Refusal
from checklists.request import LaunchRequest
from tasks.advance import try_advance
from tasks.opening import open_launch
from tasks.patrol import patrol
from tests.peers.gate_keeper import GateKeeper
from tests.prefect_server import House

pytestmark = pytest.mark.slow


def test_a_launch_by_command_from_start_to_end(house: House) -> None:
    version = house.new_version()
    words = ["one-gate", "--product", "acme", "--version", version, "--as", "ada@example.com", "--json"]
    begun = house.tminus("start", *words)
    assert (begun.returncode, begun.stderr) == (0, "")
    shown: dict[str, Any] = json.loads(begun.stdout)
    assert shown["status"] == "in-progress"
    assert house.run(shown["run_id"])["name"] == f"acme {version}"
    assert shown["items"]["qa"]["run_url"].startswith(house.url.removesuffix("/api"))

    sign = ["sign", shown["id"]]
    assert house.tminus(*sign, "qa", "--as", "ben@example.com", "--approve").returncode == 0
    late = house.tminus(*sign, "qa", "--as", "cleo@example.com", "--approve")
    assert (late.returncode, late.stdout) == (1, "")
    assert "qa is passed already" in late.stderr
    assert house.tminus(*sign, "go", "--as", "ada@example.com", "--approve").returncode == 0
    assert house.ended(shown["id"])["state"]["type"] == "COMPLETED"


def test_people_are_asked_again_by_command(house: House) -> None:
    launch = house.start("one-gate")
    words = ["ask", launch.id, "qa", "--as", "ada@example.com"]
    refused = house.tminus(*words, "--to", "ada@example.com")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("ada@example.com cannot answer qa of acme")
    asked = house.tminus(*words, "--to", "ben@example.com", "--json")
    assert (asked.returncode, asked.stderr) == (0, "")
    (mail,) = [one for one in house.world.ledger.notices.of(launch.id) if one.purpose == "ask/1/2"]
    assert (mail.recipient, mail.state) == ("ben@example.com", "accepted")
    assert house.launch(launch.id).items["qa"].mailing == 2


@pytest.mark.parametrize("requests", [0, 1, 2, 4, 7, 11])
def test_a_server_gone_in_mid_command_leaves_a_launch_that_goes_on_later(house: House, requests: int) -> None:
    """The part of `start` that talks to Prefect, cut off after so many requests."""
    asked = LaunchRequest(product="acme", version=house.new_version(), checklist="every-kind")
    impatient = temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0})
    with GateKeeper(house.port, lets_through=requests) as keeper, house.reached(keeper.url), impatient:
        launch = open_launch(house.world, asked)
        assert not isinstance(launch, Refusal)
        _, note = try_advance(house.world, launch.id)
    assert note.startswith("recorded; it will be carried out when Prefect is back")
    patrol(house.world)
    launch = house.launch(launch.id)
    assert {key for key, state in launch.items.items() if state.run} == {"qa", "guide", "ready"}
    assert len(house.runs(name=launch.name)) == 1
    assert len(house.runs(tags=[f"launch:{launch.id}"])) == 3
