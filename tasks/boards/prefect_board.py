"""The board in Prefect: one flow run a launch, one a question or a piece of work, and two artifacts a launch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from prefect import task
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Completed, Pending, Scheduled, Suspended, to_state_create

from checklists.due import CloseRun, OpenRun
from checklists.launch import ItemState, Launch, LaunchRun
from tasks.boards import prefect_asks, prefect_watch, wording
from tasks.boards.around import Around
from tasks.boards.artifacts import make_artifact, update_artifact
from tasks.boards.board import Fate
from tasks.boards.form_text import description
from tasks.boards.prefect_api import deployment_id, talking
from tasks.boards.table_text import table
from tasks.settings import Identity

REMEMBERED = 20_000  # places; then the memory starts anew


@task(name="item")
def stands_in_the_graph() -> None:
    """Never runs: its task runs are where the items hang in the graph of a launch."""


class PrefectBoard:
    """A `tasks.boards.board.Board` on the Prefect server of this process's profile."""

    def __init__(self, identity: Identity = "asserted", around: Around | None = None) -> None:
        self._identity = identity
        self._around = replace(around or Around(), identity=identity)
        self._shown: dict[str, int] = {}  # artifact or flow run -> the hash of what this process last put there

    def start_run(self, launch: Launch) -> LaunchRun:
        made = _create(
            "launch",
            Suspended(pause_key="while-people-work"),
            name=launch.name,
            tags=wording.launch_tags(launch),
            parameters={"request": wording.request(launch)},
            idempotency_key=f"{launch.id}/run/{launch.runs + 1}",
        )
        return self._with_artifacts(launch, made)

    def adopt(self, launch: Launch, run_id: str) -> LaunchRun:
        with talking() as api:
            api.update_flow_run(UUID(run_id), name=launch.name, tags=wording.launch_tags(launch))
        return self._with_artifacts(launch, run_id)

    def _with_artifacts(self, launch: Launch, run_id: str) -> LaunchRun:
        slug = wording.slug(launch.id)
        rows, done = table(launch, self._around), wording.progress(launch)
        checklist = make_artifact(run_id, f"{slug}-checklist", "table", rows, f"Checklist of {launch.name}")
        progress = make_artifact(run_id, f"{slug}-progress", "progress", done, launch.name)
        self._is_news(checklist, rows)
        self._is_news(progress, done)
        return LaunchRun(run_id, checklist, progress)

    def open_run(self, launch: Launch, step: OpenRun) -> str:
        state, is_work = launch.items[step.item], step.form == "work"
        run_id = _create(
            state.item.kind if is_work else "gate",
            Scheduled() if is_work else prefect_asks.suspended(step.number),
            name=wording.run_name(launch, state, step),
            tags=wording.item_tags(launch, state, step.form),
            parameters={"run": wording.parameters(launch, step)},
            idempotency_key=f"{launch.id}/{step.item}/{step.round}/{step.number}",
            parent_task_run_id=_place_in_graph(launch, state, step),
        )
        if not is_work:
            text = description(launch, state, step.form, self._around)
            prefect_asks.ask(run_id, step.number, step.form, self._identity, text)
            self._is_news(run_id, text)
        return run_id

    def close_run(self, launch: Launch, step: CloseRun) -> None:
        end = Completed if launch.abandoned is None else Cancelled
        over: State[Any] = end(name=wording.end_of(launch, step), message=step.why)
        _end(step.run.run_id, over)
        if self._identity == "verified" and step.run.form != "work":
            self.forget(step.run.run_id, step.run.number)

    def end_run(self, launch: Launch) -> None:
        if launch.run is None:
            return
        over: State[Any] = Completed(message=f"{launch.name} is closed")
        if launch.abandoned is not None:
            name, message = wording.last_word(launch)
            over = Cancelled(name=name, message=message)
        _end(launch.run.run_id, over)

    def report(self, launch: Launch, markdown: str) -> None:
        if launch.run:
            key = f"{wording.slug(launch.id)}-report"
            make_artifact(launch.run.run_id, key, "markdown", markdown, f"Report of {launch.name}")

    def show(self, launch: Launch) -> None:
        if launch.run and launch.run.table_id and launch.run.progress_id:
            self._update(launch.run.table_id, table(launch, self._around))
            self._update(launch.run.progress_id, wording.progress(launch))
        for state in launch.items.values():
            if state.run and state.run.form == "sign" and _has_moved(state):
                self._describe(launch, state, state.run.run_id, state.run.number)

    def _update(self, artifact_id: str, data: object) -> None:
        if self._is_news(artifact_id, data):
            update_artifact(artifact_id, data)

    def _is_news(self, place: str, data: object) -> bool:
        """Whether this process put something else there last; remembers the new."""
        if len(self._shown) > REMEMBERED:
            self._shown.clear()
        before, self._shown[place] = self._shown.get(place), hash(repr(data))
        return before != self._shown[place]

    def _describe(self, launch: Launch, state: ItemState, run_id: str, number: int) -> None:
        """Show who has signed since the form was opened, what was attached, and that a new mailing has unlocked it."""
        text = description(launch, state, "sign", self._around)
        if self._is_news(run_id, text):
            prefect_asks.describe(run_id, number, text)

    def over(self, run_ids: Iterable[str]) -> Mapping[str, Fate]:
        return prefect_watch.over(run_ids)

    def mark_lost(self) -> tuple[str, ...]:
        return prefect_watch.mark_lost()

    def close_strays(self, known: AbstractSet[str], before: datetime) -> tuple[str, ...]:
        return prefect_watch.close_strays(known, before)

    def answer(self, run_id: str, number: int) -> object:
        return prefect_asks.answer(run_id, number)

    def shown(self, run_id: str, number: int) -> str:
        return prefect_asks.shown(run_id, number)

    def forget(self, run_id: str, number: int) -> None:
        prefect_asks.forget(run_id, number)


def _has_moved(state: ItemState) -> bool:
    """Whether there is more to show than when the form was opened: a signature, evidence, a new mailing."""
    since = state.opened_at
    return (
        bool(state.signatures) or state.mailing > 1 or any(since and one.at > since for one in state.evidence.values())
    )


def _create(flow: str, state: State[Any], **given: Any) -> str:
    """A flow run of one of our deployments, made or found by its key; its parameters are ours and need no check."""
    parent = given.pop("parent_task_run_id", None)
    asked = {
        **given,
        "state": to_state_create(state).model_dump(mode="json", exclude_unset=True),
        "enforce_parameter_schema": False,
        **({"parent_task_run_id": str(parent)} if parent else {}),
    }
    try:
        return _made(flow, asked)
    except httpx.HTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:
            raise
        deployment_id.cache_clear()  # the server, or the deployment, is another one than before
        return _made(flow, asked)


def _made(flow: str, asked: Mapping[str, Any]) -> str:
    place = {"id": deployment_id(f"{flow}/{flow}")}
    with talking() as api:
        return str(api.request("POST", "/deployments/{id}/create_flow_run", path_params=place, json=asked).json()["id"])


def _place_in_graph(launch: Launch, state: ItemState, step: OpenRun) -> UUID | None:
    """The task run of the launch under which the item's run hangs."""
    if launch.run is None:
        return None
    key = f"{step.item}-{step.round}-{step.number}"
    with talking() as api:
        made = api.create_task_run(
            stands_in_the_graph, UUID(launch.run.run_id), dynamic_key=key, name=state.item.label, state=Pending()
        )
    return made.id


def _end(run_id: str, state: State[Any]) -> None:
    with talking() as api, suppress(ObjectNotFound):
        api.set_flow_run_state(UUID(run_id), state, force=True)
