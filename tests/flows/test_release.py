"""A release that Prefect itself tells of: the event of the docs, on a real server, through the deployment's trigger."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.prefect_server import House, until
from tests.prefect_ui import over

pytestmark = pytest.mark.slow


def emit(house: House, payload: object, product: str = "acme") -> None:
    """As somebody types it."""
    words = ["events", "emit", "tminus.release.published", "--resource-id", f"tminus.product.{product}"]
    command = [sys.executable, "-m", "prefect", *words, "--payload", json.dumps(payload)]
    told = subprocess.run(command, env=house.environment, capture_output=True, text=True, timeout=90, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def runs(house: House) -> list[dict[str, object]]:
    """The runs of the flow `release` that have ended."""
    made = house.get("/deployments/name/release/release")
    asked = {"deployments": {"id": {"any_": [made["id"]]}}}
    return [run for run in house.call("POST", "/flow_runs/filter", asked) if over(run)]


def test_an_event_starts_the_launch_once_however_often_it_is_sent(house: House) -> None:
    version, before = house.new_version(), len(runs(house))
    payload = {"tag": f"v{version}", "commit": "9" * 40, "notes": "Faster {{ exports }}"}
    emit(house, payload)
    launch = until(lambda: house.world.launch(f"acme-{version}"))
    assert launch is not None
    assert (launch.release.tag, launch.release.commit) == (f"v{version}", "9" * 40)
    assert launch.release.notes == "Faster {{ exports }}", "what others wrote is never filled in"
    emit(house, payload)
    until(lambda: len(runs(house)) == before + 2)
    assert len(house.runs(name=f"acme {version}")) == 1


def test_an_event_that_is_not_understood_starts_nothing_and_says_why(house: House) -> None:
    before = {run["id"] for run in runs(house)}
    emit(house, {"tagg": "v1.0.0"})
    (refused,) = until(lambda: [run for run in runs(house) if run["id"] not in before])
    state = refused["state"]
    assert isinstance(state, dict)
    assert (state["type"], state["name"]) == ("FAILED", "Refused")
    assert "tag" in state["message"]
