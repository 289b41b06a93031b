"""The board without Prefect: the same runs, keys, forms and accidents, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock
from typing import Literal
from uuid import uuid4

from checklists.due import CloseRun, OpenRun
from checklists.errors import Unreachable
from checklists.launch import Launch, LaunchRun
from tasks.boards import wording
from tasks.boards.accidents import Accident, Killed
from tasks.boards.around import Around
from tasks.boards.board import OPEN, Fate
from tasks.boards.form_text import description
from tasks.boards.forms import BY_NAME, read
from tasks.boards.table_text import table as table_of
from tasks.settings import Identity

State = Literal["Scheduled", "Running", "Suspended", "Completed", "Cancelled", "Failed", "Crashed"]
FATES: Mapping[State, Fate] = {
    "Scheduled": "working",
    "Running": "working",
    "Suspended": "waiting",
    "Completed": "completed",
    "Cancelled": "cancelled",
    "Failed": "failed",
    "Crashed": "failed",
}


@dataclass
class MemoryRun:
    """One flow run: the launch's own where `step` is None. Its key is free again once it is deleted."""

    run_id: str
    key: str
    launch_id: str
    name: str
    tags: tuple[str, ...]
    state: State
    since: datetime
    step: OpenRun | None = None
    message: str = ""
    called: str = ""
    description: str = ""
    worker: str | None = None
    answer: Mapping[str, object] | None = None

    @property
    def fate(self) -> Fate:
        return FATES[self.state]

    @property
    def is_open(self) -> bool:
        return self.fate in OPEN


@dataclass
class MemoryBoard:
    """A `tasks.boards.board.Board` that forgets everything with its process."""

    identity: Identity = "asserted"
    around: Around = field(default_factory=Around)
    is_reachable: bool = True
    is_dead: bool = False
    runs: dict[str, MemoryRun] = field(default_factory=dict)
    artifacts: dict[str, object] = field(default_factory=dict)
    dead_workers: set[str] = field(default_factory=set)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _accident: Accident | None = None
    _lock: RLock = field(default_factory=RLock)

    @property
    def _around(self) -> Around:
        return replace(self.around, identity=self.identity)

    def start_run(self, launch: Launch) -> LaunchRun:
        key = f"{launch.id}/run/{launch.runs + 1}"
        with self._effect():
            run = self._found(key) or self._made(key, launch, launch.name, "Suspended")
            return self._adopted(launch, run.run_id)

    def adopt(self, launch: Launch, run_id: str) -> LaunchRun:
        with self._effect():
            return self._adopted(launch, run_id)

    def open_run(self, launch: Launch, step: OpenRun) -> str:
        key, item = f"{launch.id}/{step.item}/{step.round}/{step.number}", launch.items[step.item]
        with self._effect():
            if found := self._found(key):
                return found.run_id
            name = wording.run_name(launch, item, step)
            made = self._made(key, launch, name, "Scheduled" if step.form == "work" else "Suspended", step)
            made.tags = tuple(wording.item_tags(launch, item, step.form))
            made.description = "" if step.form == "work" else description(launch, item, step.form, self._around)
            return made.run_id

    def close_run(self, launch: Launch, step: CloseRun) -> None:
        with self._effect():
            self._end(launch, step.run.run_id, step.why, wording.end_of(launch, step))
        if self.identity == "verified":
            self.forget(step.run.run_id, step.run.number)

    def end_run(self, launch: Launch) -> None:
        with self._effect():
            if launch.run:
                self._end(launch, launch.run.run_id, launch.reason, wording.last_word(launch)[0])

    def show(self, launch: Launch) -> None:
        with self._effect():
            if launch.run and launch.run.table_id and launch.run.progress_id:
                self.artifacts[launch.run.table_id] = table_of(launch, self._around)
                self.artifacts[launch.run.progress_id] = wording.progress(launch)
            for state in launch.items.values():
                if state.run and state.run.form == "sign" and (run := self.runs.get(state.run.run_id)):
                    run.description = description(launch, state, "sign", self._around)

    def report(self, launch: Launch, markdown: str) -> None:
        with self._effect():
            self.artifacts[f"{launch.id}/report"] = markdown

    def over(self, run_ids: Iterable[str]) -> Mapping[str, Fate]:
        with self._call():
            fates: dict[str, Fate] = {i: self.runs[i].fate if i in self.runs else "gone" for i in run_ids}
            return {run_id: fate for run_id, fate in fates.items() if fate not in OPEN}

    def mark_lost(self) -> tuple[str, ...]:
        with self._effect():
            lost = [run for run in self.runs.values() if run.state == "Running" and run.worker in self.dead_workers]
            for run in lost:
                self._move(run.run_id, "Crashed", "its worker died")
            return tuple(run.run_id for run in lost)

    def answer(self, run_id: str, number: int) -> object:
        return run.answer if (run := self._form(run_id, number)) else None

    def shown(self, run_id: str, number: int) -> str:
        return run.description if (run := self._form(run_id, number)) else ""

    def forget(self, run_id: str, number: int) -> None:
        if run := self._form(run_id, number):
            run.answer = None

    def _form(self, run_id: str, number: int) -> MemoryRun | None:
        with self._call():
            run = self.runs.get(run_id)
            return run if run and run.step and run.step.number == number else None

    def close_strays(self, known: AbstractSet[str], before: datetime) -> tuple[str, ...]:
        with self._effect():
            old = [run for run in self.runs.values() if run.step and run.is_open and run.since < before]
            strays = [run for run in old if run.run_id not in known]
            for run in strays:
                self._move(run.run_id, "Cancelled", "nobody waits for it")
            return tuple(run.run_id for run in strays)

    def open_runs(self, launch_id: str) -> list[MemoryRun]:
        """The runs of a launch's items that wait for somebody or are at work."""
        return [run for run in self.runs.values() if run.launch_id == launch_id and run.step and run.is_open]

    def resume(self, run_id: str, answer: Mapping[str, object] | None = None) -> bool:
        """The Resume button: False where the run does not wait, or its form is not filled in."""
        with self._call():
            run = self.runs.get(run_id)
            if run is None or run.state != "Suspended":
                return False
            if run.step and run.step.form in BY_NAME and isinstance(read(run.step.form, answer, self.identity), str):
                return False
            run.answer = answer
            self._move(run_id, "Scheduled")
            return True

    def set_state(self, run_id: str, state: State, *, worker: str | None = None) -> None:
        """Any state, by whoever may: a worker, or somebody in the UI."""
        with self._call():
            self._move(run_id, state)
            self.runs[run_id].worker = worker

    def delete(self, run_id: str) -> None:
        with self._call():
            del self.runs[run_id]

    def break_next(self, error: BaseException, *, after: bool, skip: int = 0) -> None:
        """Let an effect end in this error, before or after it has happened; `skip` lets so many pass first."""
        self._accident = Accident(error, after, skip)

    def revive(self) -> None:
        """A new process, and a server that answers."""
        self.is_dead, self.is_reachable, self._accident = False, True, None

    @contextmanager
    def _call(self) -> Iterator[None]:
        with self._lock:
            if self.is_dead:
                raise Killed
            if not self.is_reachable:
                raise Unreachable("the board does not answer; try again later")
            yield

    @contextmanager
    def _effect(self) -> Iterator[None]:
        with self._call():
            accident = self._next_accident()
            if accident and not accident.after:
                self._strike(accident)
            yield
            if accident:
                self._strike(accident)

    def _next_accident(self) -> Accident | None:
        accident = self._accident
        if accident is None or not accident.comes_now():
            return None
        self._accident = None
        return accident

    def _strike(self, accident: Accident) -> None:
        self.is_dead = isinstance(accident.error, Killed)
        raise accident.error

    def _found(self, key: str) -> MemoryRun | None:
        return next((run for run in self.runs.values() if run.key == key), None)

    def _made(self, key: str, launch: Launch, name: str, state: State, step: OpenRun | None = None) -> MemoryRun:
        run_id = str(uuid4())
        tags = tuple(wording.launch_tags(launch))
        return self.runs.setdefault(run_id, MemoryRun(run_id, key, launch.id, name, tags, state, self.now(), step))

    def _adopted(self, launch: Launch, run_id: str) -> LaunchRun:
        table, done = f"{run_id}/checklist", f"{run_id}/progress"
        self.artifacts |= {table: table_of(launch, self._around), done: wording.progress(launch)}
        return LaunchRun(run_id, table, done)

    def _end(self, launch: Launch, run_id: str, why: str, called: str) -> None:
        self._move(run_id, "Completed" if launch.abandoned is None else "Cancelled", why, called)

    def _move(self, run_id: str, state: State, message: str = "", called: str = "") -> None:
        if run := self.runs.get(run_id):
            run.state, run.message, run.called, run.since = state, message, called, self.now()
