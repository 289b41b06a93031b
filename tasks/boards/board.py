"""Where people see and answer a launch: one protocol, Prefect behind it, and an in-memory twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Literal, Protocol

from checklists.due import CloseRun, OpenRun
from checklists.launch import Launch, LaunchRun

Fate = Literal["waiting", "working", "completed", "cancelled", "failed", "gone"]
"""`waiting` is suspended for an answer, `working` scheduled, pending or running, `gone` deleted."""
OPEN: frozenset[Fate] = frozenset({"waiting", "working"})


class Board(Protocol):
    """Every call may be repeated: what exists already is found, not made again. Raises Unreachable."""

    def start_run(self, launch: Launch) -> LaunchRun:
        """The launch's flow run and artifacts, made or found."""

    def adopt(self, launch: Launch, run_id: str) -> LaunchRun:
        """Artifacts for a launch whose flow run exists already."""

    def open_run(self, launch: Launch, step: OpenRun) -> str:
        """The id of the flow run that asks people, or does the work, for an item."""

    def close_run(self, launch: Launch, step: CloseRun) -> None:
        """End a flow run that no longer stands for its item."""

    def end_run(self, launch: Launch) -> None:
        """End the launch's flow run: completed, or cancelled, by the name of its ending."""

    def show(self, launch: Launch) -> None:
        """Bring the artifacts and the open forms in line with the launch."""

    def over(self, run_ids: Iterable[str]) -> Mapping[str, Fate]:
        """Those of these flow runs that neither wait nor work any more, and how they ended. Made for thousands."""

    def mark_lost(self) -> tuple[str, ...]:
        """The flow runs whose worker died under them, now marked as crashed."""

    def report(self, launch: Launch, markdown: str) -> None:
        """Hang the launch's report on its flow run."""

    def close_strays(self, known: AbstractSet[str], before: datetime) -> tuple[str, ...]:
        """Close the open runs of items that are not among the known ones; their ids.

        A process that died after it had opened a run leaves one. `before` spares those that are being written down.
        """

    def answer(self, run_id: str, number: int) -> object:
        """What was typed into a form, None where nothing was."""

    def shown(self, run_id: str, number: int) -> str:
        """What stands on top of a form, empty where nothing does."""

    def forget(self, run_id: str, number: int) -> None:
        """Delete what was typed into a form: a personal code is for nobody else's eyes."""
