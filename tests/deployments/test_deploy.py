"""Every deployment of prefect.yaml: it loads, its trigger starts launches, and stock tools and workers take it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.flows import Flow, load_flow_from_entrypoint

from checklists.request import LaunchRequest
from deployments import deploy
from deployments.environment import POOL
from deployments.parts import Part
from tasks.events import announce_release
from tasks.settings import ROOT
from tests.prefect_server import House, until

DEPLOYMENTS = yaml.safe_load(deploy.FILE.read_text("utf-8"))["deployments"]
NAMES = ["launch", "release", "gate", "check", "announce", "notes", "watch", "digest", "patrol"]


def test_there_is_a_deployment_for_every_flow() -> None:
    assert [spec["name"] for spec in DEPLOYMENTS] == NAMES
    files = {file.stem for file in (ROOT / "flows").glob("*.py")} - {"__init__"}
    assert files == set(NAMES)


@pytest.mark.parametrize("spec", DEPLOYMENTS, ids=NAMES)
def test_a_deployment_leads_to_its_flow(spec: dict[str, Any]) -> None:
    flow: Flow[..., Any] = load_flow_from_entrypoint(str(ROOT / spec["entrypoint"]), use_placeholder_flow=False)
    assert flow.name == spec["name"]
    assert flow.retries in (None, 0), "a retry of a flow asks people again"


def test_the_file_names_no_folder_of_this_machine() -> None:
    read = deploy.read("a-pool", Path("/somewhere"))
    assert read["pull"] == [{"prefect.deployments.steps.set_working_directory": {"directory": "/somewhere"}}]
    assert {spec["work_pool"]["name"] for spec in read["deployments"]} == {"a-pool"}
    assert str(ROOT) not in deploy.FILE.read_text("utf-8")


@pytest.mark.slow
def test_every_deployment_is_on_the_server_with_its_schedule_and_triggers(house: House) -> None:
    found = {name: house.get(f"/deployments/name/{name}/{name}") for name in NAMES}
    assert {one["work_pool_name"] for one in found.values()} == {"tminus"}
    assert [name for name, one in found.items() if one["schedules"]] == ["watch", "digest", "patrol"]
    triggers = {
        name: house.get(f"/automations/related-to/prefect.deployment.{one['id']}") for name, one in found.items()
    }
    assert {name: len(them) for name, them in triggers.items()} == dict.fromkeys(NAMES, 0) | {
        "launch": 1,
        "release": 1,
        "patrol": 1,
    }


@pytest.mark.slow
def test_deploying_again_doubles_nothing(house: House) -> None:
    house.deploy()
    launch = house.get("/deployments/name/launch/launch")
    assert len(house.get(f"/automations/related-to/prefect.deployment.{launch['id']}")) == 1
    assert len(house.call("POST", "/deployments/filter", {})) == len(NAMES)


def tagged(house: House) -> tuple[LaunchRequest, str]:
    number = house.new_version()
    asked = LaunchRequest(product="acme", version=number, tag=f"v{number}", commit="9f2c" * 10)
    return asked, f"github:example-org/acme:v{number}"


@pytest.mark.slow
def test_a_tagged_release_becomes_a_launch_with_that_run(house: House) -> None:
    asked, key = tagged(house)
    assert announce_release(asked, key)
    until(lambda: house.world.launch(f"acme-{asked.version}"))
    house.form(f"acme-{asked.version}", "qa")
    run = house.run(house.run_of(f"acme-{asked.version}"))
    until(lambda: house.run(run["id"])["state"]["name"] == "Suspended")
    assert run["name"] == f"acme {asked.version}"
    assert set(run["tags"]) >= {"launch", "product:acme", "tier:2"}
    assert house.launch(f"acme-{asked.version}").release.commit == asked.commit


@pytest.mark.slow
def test_the_same_event_twenty_times_is_one_run_and_one_launch(house: House) -> None:
    asked, key = tagged(house)
    assert all(announce_release(asked, key) for _ in range(20))
    until(lambda: house.world.launch(f"acme-{asked.version}"))
    house.form(f"acme-{asked.version}", "qa")
    assert len(house.runs(name=f"acme {asked.version}")) == 1


@pytest.mark.slow
def test_six_events_of_one_release_are_one_launch(house: House) -> None:
    """Each event of its own starts a run; all but one find the launch and end as duplicates."""
    asked, _ = tagged(house)
    begun = datetime.now(UTC)
    assert all(announce_release(asked, f"github:example-org/acme:v{asked.version}/{number}") for number in range(6))
    made = until(lambda: runs if len(runs := _launches(house, begun)) == 6 else [])
    until(lambda: all(_rests(house.run(run_id)) for run_id in made), 60)
    names = [house.run(run_id)["state"]["name"] for run_id in made]
    assert sorted(names) == ["Duplicate"] * 5 + ["Suspended"]
    assert len(house.runs(tags=[f"launch:acme-{asked.version}", "gate"])) == 1


def _launches(house: House, since: datetime) -> list[str]:
    launch = house.get("/deployments/name/launch/launch")["id"]
    chosen = {"deployment_id": {"any_": [launch]}, "expected_start_time": {"after_": since.isoformat()}}
    return [run["id"] for run in house.call("POST", "/flow_runs/filter", {"flow_runs": chosen, "limit": 200})]


def _rests(run: dict[str, Any]) -> bool:
    return run["state"]["type"] in ("COMPLETED", "PAUSED")


@pytest.fixture
def stock(house: House) -> Iterator[Part]:
    """The same deployments on a stock work pool with Prefect's own worker; afterwards on ours again."""
    deploy.deploy("stock", "process")
    environment = house.environment | {"PREFECT_WORKER_QUERY_SECONDS": "1"}
    command = [sys.executable, "-m", "prefect", "worker", "start", "--type", "process", "--pool", "stock"]
    worker = Part("stock worker", command, environment, house.folder / "logs" / "stock.log")
    worker.start()
    yield worker
    worker.stop()
    house.deploy()


@pytest.mark.slow
def test_the_same_deployments_run_on_a_stock_process_worker(house: House, stock: Part) -> None:
    assert stock.is_alive
    number = house.new_version()
    (house.folder / "checklists" / f"right-{number}").touch()
    launch = house.start("broken-check", number)
    until(lambda: house.launch(launch.id).items["look"].status == "passed")
    house.answer(launch.id, "go", "ada@example.com")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert {run["work_pool_name"] for run in house.runs(tags=[f"launch:{launch.id}"])} == {"stock"}


@pytest.mark.slow
def test_prefects_own_command_takes_the_file(house: House) -> None:
    environment = house.environment | {"TMINUS_POOL": POOL, "TMINUS_ROOT": str(ROOT)}
    words = ["--no-prompt", "deploy", "--all", "--prefect-file", "deployments/prefect.yaml"]
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *words], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=90
    )
    house.deploy()
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"{name}/{name}" in done.stdout for name in NAMES)
