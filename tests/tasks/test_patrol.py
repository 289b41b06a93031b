"""One launch that is broken does not stand in the way of the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from checklists.entries import Entry
from checklists.launch import Launch
from checklists.summary import wake_at
from ledger import schema
from ledger.receipts import Receipt
from ledger.store import Ledger
from tasks import rounds
from tasks.act import act
from tasks.boards.memory_board import MemoryRun
from tasks.patrol import patrol
from tests.checklists.launches import ADA, BEN, CAT, sign
from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


def form(at: Place, launch: Launch) -> MemoryRun:
    return next(run for run in at.board.open_runs(launch.id) if run.step and run.step.item == "qa")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (delete(schema.entries).where(schema.entries.c.seq == 3), "entry 3 is missing"),
        (update(schema.entries).where(schema.entries.c.seq == 3).values(body="{}"), "cannot read its ledger"),
    ],
)
def test_a_launch_whose_record_cannot_be_read_is_named_and_the_others_go_on(
    at: Place, damage: object, says: str
) -> None:
    broken, sound = at.begun("1.0.0"), at.begun("2.0.0")
    with at.ledger.database.writing() as connection:
        connection.execute(damage.where(schema.entries.c.launch_id == broken.id))  # type: ignore[attr-defined]
    lost = form(at, sound)
    at.board.delete(lost.run_id)
    at.clock.wait(timedelta(hours=1))
    said = patrol(at.world).said
    assert any(line.startswith(f"{broken.id}: ") and says in line for line in said)
    assert form(at, sound).run_id != lost.run_id
    assert form(at, broken).is_open, "what cannot be read may still wait for its people"


def test_an_error_nobody_foresaw_stops_one_launch_only(at: Place) -> None:
    first, second = at.begun("1.0.0"), at.begun("2.0.0")
    lost = [form(at, first), form(at, second)]
    for run in lost:
        at.board.delete(run.run_id)
    at.board.break_next(RuntimeError("422 Unprocessable"), after=False, skip=1)  # finding dead workers goes well
    said = patrol(at.world).said
    assert f"{first.id}: RuntimeError: 422 Unprocessable" in said
    assert form(at, second).run_id != lost[1].run_id


def test_a_release_that_started_nothing_is_told_when_it_comes_and_not_for_ever(at: Place) -> None:
    receipt = Receipt(
        release_key="github:somebody/else:v1.0.0",
        source="github",
        delivery_id="one",
        event="push",
        payload={},
        received_at=at.clock(),
        state="ignored",
        reason="no product in the organisation file has the repository somebody/else; add it there",
    )
    at.ledger.receipts.keep(receipt)
    at.clock.wait(timedelta(seconds=30))
    assert patrol(at.world).said == (f"{receipt.release_key} started nothing: {receipt.reason}",)
    at.clock.wait(timedelta(seconds=30))
    assert patrol(at.world).said == ()


def test_a_broken_organisation_file_is_told_until_it_is_mended(at: Place) -> None:
    file = at.world.organisation_file.file
    good = file.read_text()
    assert patrol(at.world).said == ()
    file.write_text(good + "nonsense: 1\n")
    for _ in range(2):
        [said] = patrol(at.world).said
        assert "nonsense" in said
    file.write_text(good)
    assert patrol(at.world).said == ()


def test_of_many_launches_the_one_whose_form_was_deleted_is_found_at_once(
    at: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "SLICE", 1)
    launches = [at.begun(f"{number}.0.0") for number in range(1, 5)]
    at.clock.wait(timedelta(hours=1))
    read: list[str] = []

    def noted(name: str) -> tuple[Entry, ...]:
        read.append(name)
        return Ledger.read(at.ledger, name)

    monkeypatch.setattr(at.ledger, "read", noted)
    assert patrol(at.world).said == ()
    assert len(read) == 1, "nothing is due, and one launch has its turn"
    for launch in launches:
        run = form(at, launch)
        at.board.delete(run.run_id)
        [said] = patrol(at.world).said
        assert said == f"{launch.id}: qa: opened again; its flow run was deleted in Prefect"
        at.clock.wait(timedelta(minutes=1))


def test_what_a_killed_process_left_undone_is_due_at_once(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "SLICE", 0)
    launch = at.begun()
    at.board.is_reachable = False
    for who in (ADA, BEN, CAT):
        act(at.world, launch.id, sign(who, "qa"))
    at.board.revive()
    at.clock.wait(timedelta(hours=1))
    patrol(at.world)
    assert "qa" not in {run.step.item for run in at.board.open_runs(launch.id) if run.step}


def test_an_index_that_sleeps_through_an_embargo_is_woken_by_its_turn(at: Place) -> None:
    launch = at.begun()
    with at.ledger.database.writing() as connection:
        connection.execute(update(schema.launches).values(wake_at=None))
    at.clock.wait(timedelta(hours=1))
    assert patrol(at.world).said == ()
    head = at.ledger.index.find(launch.id)
    assert head is not None and head.wake_at == wake_at(at.launch(launch.id), at.clock())
    assert head.wake_at is not None


def test_old_answers_of_the_api_go_once_a_day(at: Place) -> None:
    at.ledger.answers.begin("old", "print", at.clock())
    at.clock.wait(timedelta(hours=25))
    at.ledger.answers.begin("new", "print", at.clock())
    patrol(at.world)
    with at.ledger.database.reading() as connection:
        assert connection.exec_driver_sql("select key from answers").scalars().all() == ["new"]
