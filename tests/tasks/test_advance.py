"""The board shows what the ledger says, whatever breaks on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from checklists.commands import Abandon, Waive
from checklists.entries import RunOpened
from checklists.errors import Unreachable
from checklists.launch import Launch
from tasks.act import act, begin
from tasks.advance import NoSuchLaunch, advance, try_advance
from tasks.boards.accidents import Killed
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, sign, start
from tests.tasks.worlds import Place, place, work

FIRST = {"qa": "sign", "docs": "sign", "training": "sign", "guide": "done"}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


def shown(at: Place, launch_id: str) -> dict[str, str]:
    """The open forms by item; every item has one at most."""
    steps = [run.step for run in at.board.open_runs(launch_id) if run.step]
    assert len({step.item for step in steps}) == len(steps)
    return {step.item: step.form for step in steps}


def just_begun(at: Place) -> str:
    begin(at.world, start())
    return "acme-2.4.0"


def test_a_fresh_launch_shows_its_run_and_its_open_items(at: Place) -> None:
    launch = at.begun()
    assert shown(at, launch.id) == FIRST
    assert launch.run is not None
    assert at.board.runs[launch.run.run_id].name == "acme 2.4.0"


def test_advancing_again_changes_nothing(at: Place) -> None:
    launch = at.begun()
    before = set(at.board.runs)
    assert advance(at.world, launch.id) == launch
    assert set(at.board.runs) == before


def test_an_unknown_launch_is_said_to_be_none(at: Place) -> None:
    with pytest.raises(NoSuchLaunch, match="no such launch; `tminus list`"):
        advance(at.world, "acme-9.9.9")


def test_signing_opens_what_waited(at: Place) -> None:
    launch = at.begun()
    act(at.world, launch.id, sign(DAN, "docs"))
    advance(at.world, launch.id)
    assert shown(at, launch.id) == {"qa": "sign", "training": "sign", "guide": "done", "links": "work"}


@pytest.mark.parametrize("error", [Killed, Unreachable])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("skip", range(6))
def test_an_accident_at_any_effect_leaves_every_form_open_once(
    at: Place, error: type[BaseException], after: bool, skip: int
) -> None:
    name = just_begun(at)
    at.board.break_next(error("an accident"), after=after, skip=skip)
    with pytest.raises(error):
        advance(at.world, name)
    at.board.revive()
    advance(at.world, name)
    assert shown(at, name) == FIRST
    assert len([run for run in at.board.runs.values() if run.step is None]) == 1


def test_effects_before_an_accident_are_not_done_again(at: Place) -> None:
    name = just_begun(at)
    at.board.break_next(Unreachable("away"), after=False, skip=3)
    with pytest.raises(Unreachable):
        advance(at.world, name)
    assert sum(isinstance(entry.data, RunOpened) for entry in at.ledger.read(name)) == 2


def test_a_decision_made_while_the_board_is_away_is_kept_and_carried_out_later(at: Place) -> None:
    launch = at.begun()
    at.board.is_reachable = False
    act(at.world, launch.id, sign(DAN, "docs"))
    now, said = try_advance(at.world, launch.id)
    assert said.startswith("recorded; it will be carried out when Prefect is back")
    assert now.items["docs"].status == "passed"
    assert "docs" in shown(at, launch.id)
    at.board.is_reachable = True
    assert try_advance(at.world, launch.id)[1] == ""
    assert "docs" not in shown(at, launch.id)


def test_everybody_advancing_at_once_opens_everything_once(at: Place) -> None:
    name = just_begun(at)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: advance(at.world, name), range(16)))
    assert shown(at, name) == FIRST
    kinds = Counter(entry.kind for entry in at.ledger.read(name))
    assert (kinds["opened"], kinds["attached"], kinds["run-opened"]) == (4, 1, 4)


def test_a_form_that_a_dead_process_left_behind_is_closed(at: Place) -> None:
    name = just_begun(at)
    at.board.break_next(Killed(), after=True, skip=1)
    with pytest.raises(Killed):
        advance(at.world, name)
    at.board.revive()
    act(at.world, name, Waive(by=EVE, item="qa", reason="known good"))
    launch = advance(at.world, name)
    assert shown(at, name)["qa"] == "sign"
    at.clock.wait(timedelta(minutes=5))
    assert len(at.board.close_strays(known(launch), at.clock() - timedelta(minutes=1))) == 1
    assert "qa" not in shown(at, name)


def test_a_form_that_was_opened_this_minute_is_no_stray(at: Place) -> None:
    launch = at.begun()
    unaware = at.launch(launch.id)
    act(at.world, launch.id, sign(ADA, "qa", "request-changes"))
    advance(at.world, launch.id)
    assert at.board.close_strays(known(unaware), at.clock() - timedelta(minutes=1)) == ()


def known(launch: Launch) -> set[str]:
    return {state.run.run_id for state in launch.items.values() if state.run}


def test_answering_in_the_form_asks_the_next_person_in_a_new_one(at: Place) -> None:
    launch = at.begun()
    for person in (ADA, BEN):
        form = next(run for run in at.board.open_runs(launch.id) if run.step and run.step.item == "qa")
        assert at.board.resume(form.run_id, {"signed_by": person.email, "decision": "approve"})
        work(at)
    gate = at.launch(launch.id).items["qa"]
    assert gate.run is not None
    assert (sorted(gate.approvals), gate.run.number) == ([ADA.email, BEN.email], 3)
    act(at.world, launch.id, sign(CAT, "qa"))
    advance(at.world, launch.id)
    assert "qa" not in shown(at, launch.id)


def test_an_abandoned_launch_shows_nothing_open(at: Place) -> None:
    launch = at.begun()
    act(at.world, launch.id, Abandon(by=EVE, reason="superseded"))
    ended = advance(at.world, launch.id)
    assert (shown(at, launch.id), ended.has_ended) == ({}, True)
    assert {run.state for run in at.board.runs.values()} == {"Cancelled"}


def test_the_last_item_completes_the_run_with_a_report(at: Place) -> None:
    launch = at.begun()
    work(at)
    for item in launch.items:
        act(at.world, launch.id, Waive(by=EVE, item=item, reason="known good"))
    closed = advance(at.world, launch.id)
    assert (closed.status, closed.has_ended) == ("closed", True)
    assert {run.state for run in at.board.runs.values()} == {"Completed"}
    assert "acme" in str(at.board.artifacts[f"{launch.id}/report"]).lower()
