"""A newer version waits for older launches of its product, takes their place, or runs beside them: the product says."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from checklists.commands import Abandon, Proceed, Reschedule, Waive
from checklists.dates import Calendar
from checklists.decide import Refusal
from checklists.launch import Launch
from checklists.request import LaunchRequest
from tasks.act import act
from tasks.advance import advance
from tasks.boards.accidents import Killed
from tasks.opening import open_launch
from tasks.patrol import patrol
from tests.checklists.launches import ADA, EVE, statuses
from tests.tasks.worlds import Place, place

CHECKLIST = """\
checklist: ours
items:
  qa: {gate: QA sign-off, sign: [1 of qa]}
  review: {todo: Look back, due: T+5d}
"""


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    (tmp_path / "ours.yaml").write_text(CHECKLIST)
    here.world.settings.__dict__["checklists"] = (tmp_path,)
    yield here
    here.ledger.dispose()


def says(at: Place, policy: str) -> None:
    file = at.world.settings.home / "organisation.yaml"
    file.write_text(file.read_text().replace("{title: Acme}", f"{{title: Acme, supersede: {policy}}}"))


def begun(at: Place, version: str) -> Launch:
    launch = open_launch(at.world, LaunchRequest(product="acme", version=version, checklist="ours"))
    assert not isinstance(launch, Refusal)
    return launch


def started(at: Place, version: str) -> Launch:
    return advance(at.world, begun(at, version).id)


def done(at: Place, name: str, *items: str) -> Launch:
    for item in items:
        act(at.world, name, Waive(by=EVE, item=item, reason="known good"))
    return advance(at.world, name)


def test_launches_of_a_product_run_beside_each_other_unless_it_says_otherwise(at: Place) -> None:
    started(at, "2.4.0")
    newer = started(at, "2.5.0")
    assert (newer.behind, newer.replaces, newer.items["qa"].status) == ((), (), "open")
    assert at.launch("acme-2.4.0").status == "in-progress"


def test_a_newer_version_takes_the_place_of_what_is_not_out_and_both_say_so(at: Place) -> None:
    says(at, "replace")
    started(at, "2.4.0")
    newer = started(at, "2.5.0")
    older = at.launch("acme-2.4.0")
    assert (older.status, older.successor, older.has_ended) == ("replaced", newer.id, True)
    assert (newer.replaces, newer.items["qa"].status) == ((older.id,), "open")
    run = older.run
    assert run is not None
    assert (at.board.runs[run.run_id].state, at.board.runs[run.run_id].called) == ("Cancelled", "Replaced")


def test_what_is_out_is_not_replaced(at: Place) -> None:
    says(at, "replace")
    started(at, "2.4.0")
    assert done(at, "acme-2.4.0", "qa").status == "launched"
    assert started(at, "2.5.0").replaces == ()
    assert at.launch("acme-2.4.0").status == "launched"


@pytest.mark.parametrize("policy", ["replace", "queue"])
@pytest.mark.parametrize("version", ["2.3.9", "2.4.0-rc.1", "2.4.0rc1"])
def test_a_lower_version_changes_nothing_for_a_higher_one(at: Place, policy: str, version: str) -> None:
    says(at, policy)
    higher = started(at, "2.4.0")
    lower = started(at, version)
    assert (lower.behind, lower.replaces, at.launch(higher.id).status) == ((), (), "in-progress")


def test_another_product_is_not_concerned(at: Place) -> None:
    says(at, "replace")
    file = at.world.settings.home / "organisation.yaml"
    file.write_text(file.read_text().replace("products: {", "products: {other: {title: Other}, "))
    open_launch(at.world, LaunchRequest(product="other", version="1.0", checklist="ours"))
    assert started(at, "2.4.0").replaces == ()


@pytest.mark.parametrize("skip", range(8))
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_in_between_is_made_good_by_the_patrol(at: Place, skip: int, after: bool) -> None:
    says(at, "replace")
    started(at, "2.4.0")
    newer = begun(at, "2.5.0")
    at.board.break_next(Killed(), after=after, skip=skip)
    try:
        advance(at.world, newer.id)
    except Killed:
        at.board.revive()
    at.clock.wait(timedelta(minutes=5))
    for _ in range(3):
        patrol(at.world)
    assert (at.launch("acme-2.4.0").status, at.launch("acme-2.4.0").has_ended) == ("replaced", True)
    assert at.launch(newer.id).items["qa"].run is not None


def test_a_queued_launch_opens_nothing_until_the_older_one_is_out(at: Place) -> None:
    says(at, "queue")
    started(at, "2.4.0")
    newer = started(at, "2.5.0")
    assert (newer.behind, set(statuses(newer).values())) == (("acme-2.4.0",), {"waiting"})
    assert newer.run is not None
    assert newer.reason == "waits for acme-2.4.0"
    done(at, "acme-2.4.0", "qa")
    assert statuses(at.launch(newer.id))["qa"] == "open"


def test_a_queued_launch_goes_on_where_the_older_one_was_given_up(at: Place) -> None:
    says(at, "queue")
    started(at, "2.4.0")
    started(at, "2.5.0")
    third = started(at, "2.6.0")
    assert third.behind == ("acme-2.4.0", "acme-2.5.0")
    act(at.world, "acme-2.4.0", Abandon(by=EVE, reason="the market has gone"))
    advance(at.world, "acme-2.4.0")
    assert [at.launch(f"acme-2.{n}.0").items["qa"].status for n in (5, 6)] == ["open", "waiting"]
    done(at, "acme-2.5.0", "qa")
    assert at.launch(third.id).items["qa"].status == "open"


def test_a_launch_whose_older_one_came_out_unseen_goes_on_with_the_next_patrol(at: Place) -> None:
    says(at, "queue")
    started(at, "2.4.0")
    newer = started(at, "2.5.0")
    at.board.break_next(Killed(), after=True, skip=1)
    act(at.world, "acme-2.4.0", Abandon(by=EVE, reason="the market has gone"))
    with pytest.raises(Killed):
        advance(at.world, "acme-2.4.0")
    at.board.revive()
    at.clock.wait(timedelta(minutes=5))
    patrol(at.world)
    patrol(at.world)
    assert at.launch(newer.id).items["qa"].run is not None


def test_somebody_who_runs_launches_may_let_it_go_on_earlier(at: Place) -> None:
    says(at, "queue")
    started(at, "2.4.0")
    newer = started(at, "2.5.0")
    assert isinstance(act(at.world, newer.id, Proceed(by=ADA)), Refusal)
    act(at.world, newer.id, Proceed(by=EVE))
    assert advance(at.world, newer.id).items["qa"].status == "open"


def test_everybody_advancing_at_once_replaces_and_proceeds_once(at: Place) -> None:
    says(at, "replace")
    started(at, "2.4.0")
    name = begun(at, "2.5.0").id
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: advance(at.world, name), range(16)))
    kinds = [entry.kind for entry in at.ledger.read("acme-2.4.0")]
    assert (kinds.count("abandoned"), kinds.count("ended")) == (1, 1)


def test_moving_a_queued_launch_does_not_open_it(at: Place) -> None:
    says(at, "queue")
    started(at, "2.4.0")
    newer = started(at, "2.5.0")
    day = at.clock().date() + timedelta(days=30)
    act(at.world, newer.id, Reschedule(by=EVE, launch_on=day, calendar=Calendar()))
    assert set(statuses(advance(at.world, newer.id)).values()) == {"waiting"}
