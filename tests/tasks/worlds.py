"""A whole world in memory but for its ledger, which is a real SQLite file, and a worker that carries out its runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from checklists.commands import TMINUS, Report, Start
from checklists.decide import Refusal
from checklists.entries import Entry
from checklists.files.organisation_file import OrganisationFile
from checklists.launch import Launch
from checklists.people import Actor
from checklists.request import ItemRun
from ledger.store import Ledger
from tasks.act import act, begin
from tasks.advance import advance
from tasks.answering import take_answer
from tasks.boards.accidents import Killed
from tasks.boards.memory_board import MemoryBoard, MemoryRun
from tasks.opening import attach
from tasks.settings import Settings
from tasks.world import World
from tests.checklists.launches import EVERYBODY, NOW, start
from tests.databases import make_ready

WORKER = "worker"


@dataclass
class Clock:
    """What time it is; it moves when it is told to."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def wait(self, time: timedelta) -> None:
        self.at += time


class MortalLedger(Ledger):
    """Nothing is written by a process that was killed."""

    board: MemoryBoard

    def append(self, launch_id: str, entries: Sequence[Entry], expected_seq: int, after: Launch | None = None) -> None:
        if self.board.is_dead:
            raise Killed
        super().append(launch_id, entries, expected_seq, after)


@dataclass(frozen=True)
class Place:
    """The world and the parts of it that tests turn."""

    world: World
    board: MemoryBoard
    ledger: MortalLedger
    clock: Clock

    def launch(self, launch_id: str) -> Launch:
        found = self.world.launch(launch_id)
        assert found is not None
        return found

    def begun(self, version: str = "2.4.0", command: Start | None = None) -> Launch:
        """A launch with everything open that may be."""
        launch = begin(self.world, command or start(version=version))
        assert not isinstance(launch, Refusal)
        return advance(self.world, launch.id)


def place(folder: Path, **settings: Any) -> Place:
    """An empty world that keeps its files in this folder."""
    board, clock = MemoryBoard(), Clock()
    board.now = clock
    ledger = MortalLedger(f"sqlite:///{folder / 'ledger.sqlite3'}")
    make_ready(ledger)
    ledger.board = board
    return Place(
        World(Settings(home=folder, **settings), ledger, organised(folder), board, clock), board, ledger, clock
    )


def organised(folder: Path, everybody: Iterable[Actor] = EVERYBODY) -> OrganisationFile:
    """An organisation file in this folder with these people."""
    people = [f"  {who.email}: {{name: {who.name}, roles: [{', '.join(who.roles)}]}}" for who in everybody if who.name]
    file = folder / "organisation.yaml"
    file.write_text("\n".join(["organisation: Example", "people:", *people, "products: {acme: {title: Acme}}", ""]))
    return OrganisationFile(file)


def work(at: Place, *, ok: bool = True) -> None:
    """Let a worker carry out every run that is scheduled, as the flows do. A worker that is killed leaves them."""
    for run in [run for run in at.board.runs.values() if run.state == "Scheduled"]:
        at.board.set_state(run.run_id, "Running", worker=WORKER)
        _carry_out(at, run, ok)


def _carry_out(at: Place, run: MemoryRun, ok: bool) -> None:
    if run.step is None:
        _be_the_launch(at, run)
        return
    step = run.step
    of = ItemRun(launch_id=run.launch_id, item=step.item, round=step.round, number=step.number, form=step.form)
    advance(at.world, run.launch_id)
    if step.form == "work":
        said = Report(by=TMINUS, item=of.item, round=of.round, number=of.number, ok=ok, summary="looked")
        act(at.world, run.launch_id, said)
    else:
        take_answer(at.world, of, run.run_id)
    advance(at.world, run.launch_id)
    at.board.set_state(run.run_id, "Completed")


def _be_the_launch(at: Place, run: MemoryRun) -> None:
    launch = attach(at.world, at.launch(run.launch_id), run.run_id)
    if launch.run is None or launch.run.run_id != run.run_id:
        at.board.set_state(run.run_id, "Completed")
        return
    launch = advance(at.world, launch.id)
    if not launch.is_over:
        at.board.set_state(run.run_id, "Suspended")
