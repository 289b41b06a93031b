"""The board in Prefect: one flow run a launch, one a question or a piece of work, and two artifacts a launch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

import httpx
from prefect import task
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, State, StateType, WorkerStatus
from prefect.exceptions import ObjectNotFound
from prefect.input.run_input import keyset_from_paused_state
from prefect.states import Cancelled, Completed, Crashed, Pending, Scheduled, Suspended

from checklists.due import CloseRun, OpenRun
from checklists.launch import ItemState, Launch, LaunchRun
from tasks import wording
from tasks.artifacts import make_artifact, update_artifact
from tasks.board import Fate, Seen
from tasks.forms import FORMS
from tasks.prefect_api import deployment_id, talking

PAGE = 200  # the server hands out at most this many rows
FATES: Mapping[StateType, Fate] = {
    StateType.PAUSED: "waiting",
    StateType.COMPLETED: "completed",
    StateType.CANCELLED: "cancelled",
    StateType.CANCELLING: "cancelled",
    StateType.FAILED: "failed",
    StateType.CRASHED: "failed",
    StateType.SCHEDULED: "working",
    StateType.PENDING: "working",
    StateType.RUNNING: "working",
}


@task(name="item")
def stands_in_the_graph() -> None:
    """Never runs: its task runs are where the items hang in the graph of a launch."""


class PrefectBoard:
    """A `tasks.board.Board` on the Prefect server of this process's profile."""

    def __init__(self) -> None:
        self._described: dict[str, str] = {}  # flow run -> the description its form shows

    def start_run(self, launch: Launch) -> LaunchRun:
        with talking() as api:
            made = api.create_flow_run_from_deployment(
                deployment_id("launch/launch"),
                parameters={"request": wording.request(launch)},
                state=Scheduled(),
                name=launch.name,
                tags=wording.launch_tags(launch),
                idempotency_key=f"{launch.id}/run/{launch.runs + 1}",
            )
        return self.adopt(launch, str(made.id))

    def adopt(self, launch: Launch, run_id: str) -> LaunchRun:
        with talking() as api:
            api.update_flow_run(UUID(run_id), name=launch.name, tags=wording.launch_tags(launch))
        slug = wording.slug(launch.id)
        table = make_artifact(
            run_id, f"{slug}-checklist", "table", wording.table(launch), f"Checklist of {launch.name}"
        )
        progress = make_artifact(run_id, f"{slug}-progress", "progress", wording.progress(launch), launch.name)
        return LaunchRun(run_id, table, progress)

    def open_run(self, launch: Launch, step: OpenRun) -> str:
        state = launch.items[step.item]
        first: State[Any] = Scheduled() if step.form == "work" else _suspended(step.number)
        with talking() as api:
            made = api.create_flow_run_from_deployment(
                deployment_id(_deployment(state, step)),
                parameters={"run": wording.parameters(launch, step)},
                state=first,
                name=wording.run_name(launch, state, step),
                tags=wording.item_tags(launch, state, step.form),
                idempotency_key=f"{launch.id}/{step.item}/{step.round}/{step.number}",
                parent_task_run_id=self._place_in_graph(launch, state, step),
            )
        run_id = str(made.id)
        if step.form != "work":
            self._ask(run_id, step, wording.description(launch, state, step.form))
        return run_id

    def _place_in_graph(self, launch: Launch, state: ItemState, step: OpenRun) -> UUID | None:
        if launch.run is None:
            return None
        with talking() as api:
            key = f"{step.item}-{step.round}-{step.number}"
            made = api.create_task_run(
                stands_in_the_graph, UUID(launch.run.run_id), dynamic_key=key, name=state.item.label, state=Pending()
            )
        return made.id

    def _ask(self, run_id: str, step: OpenRun, description: str) -> None:
        keys = keyset_from_paused_state(_suspended(step.number))
        _write_input(run_id, keys["schema"], _schema(step.form))
        _write_input(run_id, keys["description"], description)
        self._described[run_id] = description

    def close_run(self, launch: Launch, step: CloseRun) -> None:
        name = {"waived": "Waived", "passed": "Closed"}.get(launch.items[step.item].status, "Superseded")
        over: State[Any] = Cancelled(message=step.why) if launch.abandoned else Completed(name=name, message=step.why)
        with talking() as api, suppress(ObjectNotFound):
            api.set_flow_run_state(UUID(step.run.run_id), over, force=True)
        self._described.pop(step.run.run_id, None)

    def end_run(self, launch: Launch) -> bool:
        if launch.run is None:
            return True
        run_id = UUID(launch.run.run_id)
        with talking() as api:
            try:
                state = api.read_flow_run(run_id).state
            except ObjectNotFound:
                return True
            if state is not None and state.type == (StateType.CANCELLED if launch.abandoned else StateType.COMPLETED):
                return True
            if launch.abandoned is not None:
                api.set_flow_run_state(run_id, Cancelled(message=f"abandoned: {launch.abandoned}"), force=True)
                return True
            if state is not None and state.type == StateType.PAUSED:
                api.resume_flow_run(run_id)
        return False

    def show(self, launch: Launch) -> None:
        if launch.run and launch.run.table_id and launch.run.progress_id:
            update_artifact(launch.run.table_id, wording.table(launch))
            update_artifact(launch.run.progress_id, wording.progress(launch))
        for state in launch.items.values():
            if state.run and state.run.form == "sign" and state.signatures:
                self._describe(state.run.run_id, state.run.number, wording.description(launch, state, "sign"))

    def _describe(self, run_id: str, number: int, description: str) -> None:
        """Show who has signed since the form was opened."""
        if self._described.get(run_id) == description:
            return
        key = keyset_from_paused_state(_suspended(number))["description"]
        with talking() as api, suppress(ObjectNotFound, httpx.HTTPStatusError):
            api.delete_flow_run_input(UUID(run_id), key)
        _write_input(run_id, key, description)
        self._described[run_id] = description

    def report(self, launch: Launch, markdown: str) -> None:
        """The launch's report, as a markdown artifact of its flow run."""
        if launch.run:
            key = f"{wording.slug(launch.id)}-report"
            make_artifact(launch.run.run_id, key, "markdown", markdown, f"Report of {launch.name}")

    def look(self, run_ids: Iterable[str]) -> Mapping[str, Seen]:
        wanted = list(dict.fromkeys(run_ids))
        found = {
            seen_id: seen for start in range(0, len(wanted), PAGE) for seen_id, seen in _page(wanted[start:][:PAGE])
        }
        return {run_id: found.get(run_id, Seen("gone")) for run_id in wanted}

    def mark_lost(self) -> tuple[str, ...]:
        with talking() as api:
            dead = _dead_workers(api)
            lost = [run for run in _busy(api) if run.labels.get("prefect.worker.name") in dead]
            for run in lost:
                api.set_flow_run_state(run.id, Crashed(message="its worker died"), force=True)
        return tuple(str(run.id) for run in lost)

    def answer(self, run_id: str, number: int) -> object:
        key = keyset_from_paused_state(_suspended(number))["response"]
        with talking() as api:
            try:
                return json.loads(api.read_flow_run_input(UUID(run_id), key) or "null")
            except ObjectNotFound:
                return None


def _deployment(state: ItemState, step: OpenRun) -> str:
    name = state.item.kind if step.form == "work" else "gate"
    return f"{name}/{name}"


def _suspended(number: int) -> State[Any]:
    """Suspended without end: no timeout, so it never expires by itself."""
    state: State[Any] = Suspended(pause_key=f"ask-{number}")
    state.state_details.run_input_keyset = {**keyset_from_paused_state(state)}  # type: ignore[dict-item]
    return state


@cache
def _schema(form: str) -> dict[str, Any]:
    from prefect._internal.pydantic.v2_schema import create_v2_schema  # what RunInput.save stores

    model = FORMS[form]  # type: ignore[index]
    return create_v2_schema(model.__name__, model_base=model)


def _write_input(run_id: str, key: str, value: object) -> None:
    """Save an input of a run; one that is there already stays."""
    with talking() as api:
        try:
            api.create_flow_run_input(UUID(run_id), key=key, value=json.dumps(value))
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.CONFLICT:
                raise


def _page(run_ids: list[str]) -> Iterable[tuple[str, Seen]]:
    chosen = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(run_id) for run_id in run_ids]))
    with talking() as api:
        return [(str(run.id), _seen(run)) for run in api.read_flow_runs(flow_run_filter=chosen, limit=PAGE)]


def _seen(run: FlowRun) -> Seen:
    return Seen("working", run.created) if run.state is None else Seen(FATES[run.state.type], run.state.timestamp)


def _busy(api: SyncPrefectClient) -> list[FlowRun]:
    """Runs of ours that some worker says it is working on."""
    chosen = FlowRunFilter(
        tags=FlowRunFilterTags(all_=["tminus"]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING])),
    )
    return api.read_flow_runs(flow_run_filter=chosen, limit=PAGE)


def _dead_workers(api: SyncPrefectClient) -> frozenset[str]:
    """The names of workers that gave no sign of life for three heartbeats."""
    return frozenset(
        worker.name
        for pool in api.read_work_pools(limit=PAGE)
        for worker in api.read_workers_for_work_pool(pool.name)
        if worker.status == WorkerStatus.OFFLINE
    )
