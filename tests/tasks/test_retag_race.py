"""A signature arrives while the retag that makes it void is being written: either order ends right."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from checklists.commands import Command
from checklists.decide import Refusal
from checklists.entries import Passed, Reopened, Retagged, Signed
from checklists.launch import Launch
from ledger.store import Ledger
from tasks.act import act, begin
from tasks.advance import advance
from tasks.world import World
from tests.checklists.bound import SECOND, bound_start, retag
from tests.checklists.launches import ADA, BEN, CAT, sign
from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


def begun(at: Place, version: str) -> Launch:
    asked = bound_start()
    asked = replace(asked, release=asked.release.model_copy(update={"version": version}))
    launch = begin(at.world, asked)
    assert not isinstance(launch, Refusal)
    return advance(at.world, launch.id)


def raced(at: Place, launch: Launch, commands: list[Command]) -> list[Launch | Refusal]:
    """What each of these was told: all of them at once, each through a ledger of its own."""
    line = Barrier(len(commands))

    def give(command: Command) -> Launch | Refusal:
        own = Ledger(at.world.settings.ledger_url)
        world: World = replace(at.world, ledger=own)
        line.wait()
        try:
            return act(world, launch.id, command)
        finally:
            own.dispose()

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(give, commands))


@pytest.mark.parametrize("run", range(10))
@pytest.mark.parametrize("round_", [None, 1])
def test_a_signature_and_a_retag_at_once(at: Place, run: int, round_: int | None) -> None:
    launch = begun(at, f"2.4.{run}")
    signers = [sign(by, "qa", round_=round_) for by in (ADA, BEN, CAT)]
    raced(at, launch, [*signers, retag()])
    entries = [entry.data for entry in at.ledger.read(launch.id)]
    moved = next(place for place, data in enumerate(entries) if isinstance(data, Retagged))
    later = [data for data in entries[moved:] if isinstance(data, Signed | Passed)]
    assert {data.round for data in later} <= ({2} if round_ is None else set())  # who names no round means what is now
    assert [data.round for data in entries[moved:] if isinstance(data, Reopened) and data.item == "qa"] == [2]
    gate = at.launch(launch.id).items["qa"]
    assert gate.round == 2
    assert len(gate.approvals) == len([data for data in later if isinstance(data, Signed)])
    assert {s.by for s in gate.earlier}.isdisjoint(gate.approvals)
    assert at.launch(launch.id).bound_content("qa") == SECOND
    assert at.ledger.verify(launch.id) is None


def test_whoever_was_too_late_signs_the_new_commit(at: Place) -> None:
    launch = begun(at, "2.4.0")
    raced(at, launch, [sign(ADA, "qa", round_=1), retag()])
    advance(at.world, launch.id)
    raced(at, launch, [sign(ADA, "qa", round_=2), sign(BEN, "qa", round_=2), sign(CAT, "qa", round_=2)])
    gate = at.launch(launch.id).items["qa"]
    assert (gate.status, gate.round, len(gate.approvals)) == ("passed", 2, 2)


def test_two_retags_at_once_are_two_rounds_and_each_is_told(at: Place) -> None:
    launch = begun(at, "2.4.0")
    act(at.world, launch.id, sign(ADA, "qa"))
    raced(at, launch, [retag("2" * 40), retag("3" * 40)])
    gate = at.launch(launch.id).items["qa"]
    assert (gate.round, [s.by for s in gate.earlier]) == (3, [ADA.email])
    assert len([text for text in gate.changes if text.startswith("the code")]) == 2
