"""What became of flow runs in Prefect, and of the workers that held them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
    WorkerFilter,
    WorkerFilterStatus,
)
from prefect.client.schemas.objects import FlowRun, State, StateType, WorkerStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Crashed

from tasks.boards.board import OPEN, Fate
from tasks.boards.prefect_api import talking

PAGE = 200  # the server hands out at most this many rows
BATCH = 2_000  # ids in one question
MOST = 30_000  # of which SQLite takes 32,766 at once, and PostgreSQL one more
OFFLINE = WorkerFilter(status=WorkerFilterStatus(any_=[WorkerStatus.OFFLINE]))
BUSY = (StateType.PENDING, StateType.RUNNING)
NOT_OVER = (*BUSY, StateType.SCHEDULED, StateType.PAUSED)
UNCLAIMED = timedelta(seconds=20)  # a worker takes a run first, and says a moment later that it did
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


def over(run_ids: Iterable[str]) -> Mapping[str, Fate]:
    """Those that neither wait nor work any more; `gone` where the server knows none of that id.

    Of so many at once the server counts those that are open: where that is all of them, it is one short question.
    """
    wanted = list(dict.fromkeys(run_ids))
    return {run_id: fate for batch in _parts(wanted, BATCH) for run_id, fate in _over(batch)}


def _over(batch: Sequence[str]) -> Iterator[tuple[str, Fate]]:
    if _count_open(batch) == len(batch):
        return
    fates = {run_id: fate for page in _parts(batch, PAGE) for run_id, fate in _page(page)}
    found = ((run_id, fates.get(run_id, "gone")) for run_id in batch)
    yield from ((run_id, fate) for run_id, fate in found if fate not in OPEN)


def _parts(run_ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    yield from (run_ids[start : start + size] for start in range(0, len(run_ids), size))


def _count_open(run_ids: Sequence[str]) -> int:
    chosen = {"id": {"any_": list(run_ids)}, "state": {"type": {"any_": [type_.value for type_ in NOT_OVER]}}}
    with talking() as api:
        return int(api.request("POST", "/flow_runs/count", json={"flow_runs": chosen}).json())


def _page(run_ids: Sequence[str]) -> Iterator[tuple[str, Fate]]:
    chosen = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(run_id) for run_id in run_ids]))
    with talking() as api:
        for run in api.read_flow_runs(flow_run_filter=chosen, sort=FlowRunSort.ID_DESC, limit=PAGE):
            yield str(run.id), "working" if run.state is None else FATES[run.state.type]


def mark_lost() -> tuple[str, ...]:
    """Say of our runs whose worker died that they crashed; their ids."""
    with talking() as api:
        dead, before = _dead_workers(api), datetime.now(UTC) - UNCLAIMED
        lost = [run for run in _ours(api, BUSY) if _is_lost(run, dead, before)]
        return _end(api, lost, Crashed(message="its worker died"))


def _is_lost(run: FlowRun, dead: AbstractSet[str], before: datetime) -> bool:
    """A run that is pending may be somebody's who has not said so yet, whatever name it still carries."""
    worker = run.labels.get("prefect.worker.name")
    if run.state is None or run.state.type == StateType.RUNNING:
        return worker in dead
    return (worker is None or worker in dead) and run.state.timestamp < before


def close_strays(known: AbstractSet[str], before: datetime) -> tuple[str, ...]:
    """Cancel the open runs of items that are not among the known ones; their ids."""
    # The server leaves the known ones out, as many as it takes; the others are left out here.
    ours = FlowRunFilterId(not_any_=[UUID(run_id) for run_id in islice(known, MOST)])
    with talking() as api:
        strays = [
            run
            for run in _ours(api, NOT_OVER, ours)
            if any(tag.startswith("launch:") for tag in run.tags)
            and str(run.id) not in known
            and run.created is not None
            and run.created < before
        ]
        return _end(api, strays, Cancelled(message="nobody waits for it"))


def _end(api: SyncPrefectClient, runs: Iterable[FlowRun], state: State[Any]) -> tuple[str, ...]:
    ended = []
    for run in runs:
        with suppress(ObjectNotFound):
            api.set_flow_run_state(run.id, state, force=True)
            ended.append(str(run.id))
    return tuple(ended)


def _ours(api: SyncPrefectClient, types: Iterable[StateType], ids: FlowRunFilterId | None = None) -> Iterator[FlowRun]:
    chosen = FlowRunFilter(
        id=ids,
        tags=FlowRunFilterTags(all_=["tminus"]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))),
    )
    offset = 0
    while page := api.read_flow_runs(flow_run_filter=chosen, sort=FlowRunSort.ID_DESC, limit=PAGE, offset=offset):
        yield from page
        offset += PAGE


def _dead_workers(api: SyncPrefectClient) -> frozenset[str]:
    """The names of workers that gave no sign of life for three heartbeats."""
    return frozenset(
        worker.name
        for pool in api.read_work_pools(limit=PAGE)
        for worker in api.read_workers_for_work_pool(pool.name, offset=0, limit=PAGE)  # the server takes no None
        if worker.status == WorkerStatus.OFFLINE
    )
