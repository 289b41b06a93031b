"""The `inline` worker: a stock Prefect worker that runs the control flows inside its own process.

A flow run costs a tenth of what a process of its own costs. The same deployments run unchanged on process, Docker and
Kubernetes workers; the work pool is the only difference.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import anyio
import anyio.abc
import httpx
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import WorkerFlowRunResponse
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL
from prefect.states import Crashed
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from checklists.errors import LaunchError
from tasks.loopback import check_trust
from tasks.settings import ROOT, Settings
from templates.words import one_line

AT_ONCE = 16  # flow runs; each is a thread that mostly waits for the Prefect API
BUSY, CALM = 5.0, 0.7  # seconds after its last run in which a worker looks as often as it may, and between looks later
FULLY = 15.0  # seconds after which a worker asks for its runs itself; who has not for a minute is shown as not ready
AGAIN = 5  # seconds until a server that is away is told again


@dataclass
class Pace:
    """When to look for runs: often while there are some, for people wait; else less so, for looks are what an idle
    server is busy with."""

    now: Callable[[], float]
    last_look: float = -math.inf
    last_run: float = -math.inf
    last_asked: float = -math.inf

    def is_time(self) -> bool:
        now = self.now()
        return now - self.last_run < BUSY or now - self.last_look >= CALM

    def is_time_to_ask(self) -> bool:
        return self.now() - self.last_asked >= FULLY

    def looked(self, *, found: bool) -> None:
        self.last_look = self.now()
        if found:
            self.last_run = self.last_look


class InlineConfiguration(BaseJobConfiguration):
    """Nothing to configure: there is no infrastructure, so nothing has to be asked of the server."""

    @classmethod
    async def resolve_for_flow_run(cls, flow_run: FlowRun, **_: Any) -> InlineConfiguration:
        made = cls(name=flow_run.name)
        made.labels = {"prefect.io/flow-run-id": str(flow_run.id)}
        return made


class InlineResult(BaseWorkerResult):
    """A flow run that came to its end in this process; how it ended is in its state."""


class InlineWorker(BaseWorker[InlineConfiguration, BaseVariables, InlineResult]):
    """Runs flows in threads of this process."""

    type = "inline"
    job_configuration = InlineConfiguration
    job_configuration_variables = BaseVariables
    _description = "Runs tminus' short control flows inside the worker's own process."
    _display_name = "Inline (tminus)"

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """As good as nothing to configure: the server checks all of it again for each run it makes."""
        return {"job_configuration": {"env": {}}, "variables": {"type": "object", "properties": {}}}

    def __init__(self, *args: Any, **options: Any) -> None:
        _look_around()
        super().__init__(*args, **options)
        self._entrypoints: dict[UUID, str] = {}
        self._threads = anyio.CapacityLimiter(AT_ONCE)
        self._pace = Pace(time.monotonic)

    async def get_and_submit_flow_runs(self) -> list[FlowRun]:
        if not self._pace.is_time():
            return []
        found = await super().get_and_submit_flow_runs()
        self._pace.looked(found=bool(found))
        return found

    async def _get_scheduled_flow_runs(self) -> list[WorkerFlowRunResponse]:
        """What is due. Whether anything is costs the server a quarter of what asking for it does."""
        if not self._pace.is_time_to_ask() and not await self._is_anything_due():
            return []
        found = await super()._get_scheduled_flow_runs()
        self._pace.last_asked = self._pace.now()
        return found

    async def _is_anything_due(self) -> bool:
        soon = datetime.now(UTC) + timedelta(seconds=self._prefetch_seconds)
        due = FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            next_scheduled_start_time=FlowRunFilterNextScheduledStartTime(before_=soon),
        )
        ours = WorkPoolFilter(name=WorkPoolFilterName(any_=[self._work_pool_name]))
        return await self.client.count_flow_runs(flow_run_filter=due, work_pool_filter=ours) > 0

    async def run(
        self,
        flow_run: FlowRun,
        configuration: InlineConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> InlineResult:
        if task_status:
            task_status.started(0)  # no process of its own, hence no number to remember and one call less
        try:
            flow = _load(await self._entrypoint(flow_run))
            await anyio.to_thread.run_sync(_run, flow, flow_run, limiter=self._threads)
        except Exception as error:
            await self._say_crashed(flow_run.id, error)
            raise
        return InlineResult(status_code=0, identifier=str(flow_run.id))

    async def _say_crashed(self, run_id: UUID, error: Exception) -> None:
        """As soon as the server hears it: the run ended while it was away, and nobody else knows, for its worker lives.

        The patrol then opens what it was about again. A run that is not said to be running is left as it is.
        """
        said = f"its worker could not carry it to its end: {type(error).__name__}: {error}"
        state: State[Any] = Crashed(message=one_line(said, 500))
        while True:
            with suppress(httpx.HTTPError):
                known = (await self.client.read_flow_run(run_id)).state
                if known and (known.is_running() or known.is_pending()):
                    await self.client.set_flow_run_state(run_id, state)
                return
            await anyio.sleep(AGAIN)

    async def _entrypoint(self, flow_run: FlowRun) -> str:
        """Where the flow is; remembered, since a deployment keeps its entrypoint for as long as its id."""
        deployment_id = flow_run.deployment_id
        if deployment_id is None:
            raise ValueError(f"flow run {flow_run.name} has no deployment; the inline worker runs deployments only")
        if deployment_id not in self._entrypoints:
            deployment = await self.client.read_deployment(deployment_id)
            self._entrypoints[deployment_id] = deployment.entrypoint or ""
        return self._entrypoints[deployment_id]


def _look_around() -> None:
    """Ends the process, saying why, where its flows could not work: a wrong setting, or names trusted among others."""
    try:
        check_trust(Settings().identity, "the Prefect server", PREFECT_API_URL.value() or "")
    except LaunchError as error:
        raise SystemExit(str(error)) from error


@cache
def _load(entrypoint: str) -> Flow[..., Any]:
    path, _, name = entrypoint.rpartition(":")
    return load_flow_from_entrypoint(f"{ROOT / path}:{name}", use_placeholder_flow=False)


def _run(flow: Flow[..., Any], flow_run: FlowRun) -> None:
    """A flow run that suspends itself, or is not wanted any more, leaves by raising: that is its way out.

    Without its deployment the engine opens no websocket to be told of a suspension from outside. That costs more than
    our short flows themselves, and a launch is put on hold in the ledger.
    """
    alone = flow_run.model_copy(update={"deployment_id": None})
    try:
        run_flow(flow, flow_run=alone, parameters=flow_run.parameters, return_type="state")
    except (Pause, Abort):
        return
