"""The inline worker is a stock worker to everybody else: Prefect finds it by its type, and so does its own command."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from uuid import UUID

import anyio
import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.workers.base import BaseWorker

from deployments.worker import InlineConfiguration, InlineWorker
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


def test_it_does_not_start_where_names_would_be_trusted_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMINUS_IDENTITY", raising=False)
    with temporary_settings({PREFECT_API_URL: "https://prefect.example.com/api"}):
        with pytest.raises(SystemExit, match="set TMINUS_IDENTITY=verified"):
            InlineWorker("tminus")
        monkeypatch.setenv("TMINUS_IDENTITY", "verified")
        assert InlineWorker("tminus")
