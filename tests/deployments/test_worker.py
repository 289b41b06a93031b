"""The inline worker is a stock worker to everybody else: Prefect finds it by its type, and so does its own command."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import anyio
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.workers.base import BaseWorker

from deployments.worker import InlineConfiguration, InlineWorker, Pace
from tests.prefect_server import House

ANYBODY = UUID(int=7)


def test_prefect_knows_it_by_its_type() -> None:
    assert BaseWorker.get_worker_class_from_type("inline") is InlineWorker


def test_a_pool_of_it_has_next_to_nothing_to_configure() -> None:
    template = InlineWorker.get_default_base_job_template()
    assert template["variables"]["properties"] == {}


def test_its_runs_show_which_flow_run_they_are() -> None:
    run = FlowRun(id=ANYBODY, flow_id=ANYBODY, name="acme 2.4.0")
    made = anyio.run(InlineConfiguration.resolve_for_flow_run, run)
    assert made.name == "acme 2.4.0"
    assert made.labels["prefect.io/flow-run-id"] == str(ANYBODY)


def test_a_run_without_a_deployment_is_not_for_it() -> None:
    run = FlowRun(id=ANYBODY, flow_id=ANYBODY, name="stray")

    async def entrypoint() -> Any:
        return await InlineWorker(work_pool_name="none")._entrypoint(run)

    with pytest.raises(ValueError, match="flow run stray has no deployment"):
        anyio.run(entrypoint)


def test_it_looks_often_while_there_are_runs_and_less_when_all_is_calm() -> None:
    at = 0.0
    pace = Pace(lambda: at)
    looks: list[float] = []
    for step in range(4 * 30):  # a quarter of a second each
        at = step / 4
        if pace.is_time():
            pace.looked(found=at == 12)
            looks.append(at)
    assert [round(after - before, 2) for before, after in pairwise(looks) if 12 <= before < 16] == [0.25] * 16
    assert {after - before for before, after in pairwise(looks) if before < 12 or before > 18} == {0.75}
    assert looks[0] == 0


def test_it_asks_for_its_runs_often_enough_to_be_shown_as_ready() -> None:
    at = 0.0
    pace = Pace(lambda: at)
    assert pace.is_time_to_ask()
    pace.last_asked = at
    asks = []
    for at in range(60):
        if pace.is_time_to_ask():
            asks.append(at)
            pace.last_asked = at
    assert asks == [15, 30, 45]


@pytest.mark.slow
def test_between_it_asks_for_runs_only_where_one_is_due(house: House) -> None:
    house.call("POST", "/work_pools/", {"name": "unserved", "type": "inline"})
    flow = house.get("/flows/name/announce")["id"]
    deployment = house.call("POST", "/deployments/", {"name": "x", "flow_id": flow, "work_pool_name": "unserved"})

    def schedule(after: timedelta) -> str:
        when = (datetime.now(UTC) + after).isoformat()
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": when}}
        return str(house.call("POST", f"/deployments/{deployment['id']}/create_flow_run", {"state": state})["id"])

    async def found() -> list[str]:
        async with get_client() as client:
            worker = InlineWorker(work_pool_name="unserved")
            worker._client = client
            worker._pace.last_asked = worker._pace.now()
            return [str(one.flow_run.id) for one in await worker._get_scheduled_flow_runs()]

    schedule(timedelta(hours=1))
    assert anyio.run(found) == []
    late, soon = schedule(timedelta(hours=-1)), schedule(timedelta(seconds=3))
    assert anyio.run(found) == [late, soon]


@pytest.mark.slow
def test_prefects_own_command_starts_it(house: House) -> None:
    """Through the entry point alone: nothing of ours is named but the type, and it makes its pool."""
    command = [
        sys.executable,
        "-m",
        "prefect",
        "worker",
        "start",
        "--type",
        "inline",
        "--pool",
        "by-hand",
        "--run-once",
    ]
    done = subprocess.run(command, env=house.environment, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert house.get("/work_pools/by-hand")["type"] == "inline"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("was", "becomes"), [("RUNNING", "CRASHED"), ("PENDING", "CRASHED"), ("COMPLETED", "COMPLETED")]
)
def test_a_run_it_could_not_carry_to_its_end_is_said_to_have_crashed(house: House, was: str, becomes: str) -> None:
    """Not where the server knows how it ended, and only the answer was lost."""
    flow = house.get("/flows/name/announce")["id"]
    made = house.call("POST", "/flow_runs/", {"flow_id": flow, "state": {"type": "PAUSED"}})
    house.set_state(made["id"], was)
    lost = FlowRun(id=UUID(made["id"]), flow_id=ANYBODY, name="lost")  # it has no deployment

    async def carried_out() -> None:
        async with get_client() as client:
            worker = InlineWorker(work_pool_name="none")
            worker._client = client  # without all that a worker opens besides
            await worker.run(lost, InlineConfiguration())

    with pytest.raises(ValueError, match="flow run lost has no deployment"):
        anyio.run(carried_out)
    assert house.run(made["id"])["state"]["type"] == becomes


def test_it_does_not_start_where_names_would_be_trusted_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMINUS_IDENTITY", raising=False)
    with temporary_settings({PREFECT_API_URL: "https://prefect.example.com/api"}):
        with pytest.raises(SystemExit, match="set TMINUS_IDENTITY=verified"):
            InlineWorker("tminus")
        monkeypatch.setenv("TMINUS_IDENTITY", "verified")
        assert InlineWorker("tminus")
