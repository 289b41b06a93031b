from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checklists.decide import Refusal
from checklists.errors import LaunchError
from checklists.launch import Launch
from checklists.request import LaunchRequest
from ledger.receipts import Receipt
from tasks.advance import advance
from tasks.observing import learn, observe
from tasks.opening import attach, open_launch
from tasks.world import World
from tests.databases import make_ready
from tests.tasks.changes.repository import Repository, released
from tests.tasks.newsroom import newsroom

CHECKLISTS = """
checklist: {name}
items:
  go: {{gate: Go, sign: [1 of {role}]}}
"""
ORGANISATION = """
organisation: Example
people: {ada@example.com: {name: Ada, roles: [launch-managers]}}
products:
  acme:
    title: Acme
    repository: example-org/acme
    checklists: {major: ours, minor: ours, patch: quick, pre-release: ignore}
    timezone: Europe/Berlin
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = newsroom(tmp_path / "home")
    made.settings.make_home()
    made.settings.organisation.write_text(ORGANISATION)
    make_ready(made.ledger)
    given = made.settings.model_copy(update={"checklists": (tmp_path,)})
    for name in ("ours", "quick"):
        write(tmp_path, name)
    yield World(given, made.ledger, made.organisation_file, made.board)
    made.ledger.dispose()


def write(folder: Path, name: str, role: str = "launch-managers") -> None:
    (folder / f"{name}.yaml").write_text(CHECKLISTS.format(name=name, role=role))


def asked(version: str = "2.4.0", **more: object) -> LaunchRequest:
    return LaunchRequest.model_validate({"product": "acme", "version": version, **more})


@pytest.mark.parametrize(
    ("version", "checklist"), [("3.0.0", "ours"), ("2.5.0", "ours"), ("2.5.1", "quick"), ("v2.5.1-rc.1", None)]
)
def test_the_kind_of_version_chooses_the_checklist(world: World, version: str, checklist: str | None) -> None:
    launch = open_launch(world, asked(version.removeprefix("v")))
    if checklist is None:
        assert launch == Refusal("acme starts nothing for a pre-release such as 2.5.1-rc.1")
    else:
        assert not isinstance(launch, Refusal)
        assert launch.checklist.checklist == checklist


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (asked("2.4.0", checklist="ours").model_copy(update={"product": "acne"}), 'did you mean "acme"?'),
        (asked("latest"), "'latest' is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1"),
        (asked("2.4"), None),
    ],
)
def test_what_cannot_start_says_why_and_leaves_no_trace(
    world: World, request_: LaunchRequest, reason: str | None
) -> None:
    answer = open_launch(world, request_)
    if reason is None:
        assert not isinstance(answer, Refusal)
        return
    assert isinstance(answer, Refusal)
    assert reason in answer.reason
    assert world.ledger.heads() == ()


@pytest.mark.parametrize(("released", "checklist"), [("2.4.0", "quick"), ("2.3.0", "ours"), ("3.0.0", "ours")])
def test_the_step_is_from_the_release_before_by_git(
    source: Repository, world: World, released: str, checklist: str
) -> None:
    """2.4.1 is a patch of 2.4.0 only; where that was never released, it brings what is new in 2.4."""
    for tag in ("v1.9.0", f"v{released}", "v2.5.0-rc.1"):
        source.tag(tag)
    launch = open_launch(world, asked("2.4.1"))
    assert not isinstance(launch, Refusal)
    assert launch.checklist.checklist == checklist


def test_where_git_is_away_the_launches_so_far_tell_the_step(world: World) -> None:
    for version, checklist in (("2.3.0", "ours"), ("2.4.1", "ours"), ("2.4.2", "quick")):
        launch = open_launch(world, asked(version))
        assert not isinstance(launch, Refusal)
        assert launch.checklist.checklist == checklist


def test_a_rehearsal_has_the_checklist_of_its_release(world: World) -> None:
    text = world.settings.organisation.read_text()
    world.settings.organisation.write_text(text.replace("title: Acme", "title: Acme\n    pre-releases: rehearse"))
    open_launch(world, asked("2.4.0"))
    launch = open_launch(world, asked("2.4.1-rc.1"))
    assert not isinstance(launch, Refusal)
    assert (launch.checklist.checklist, launch.rehearsal) == ("quick", True)
    release = open_launch(world, asked("2.4.1"))
    assert not isinstance(release, Refusal)
    assert not release.rehearsal


@pytest.mark.parametrize("supersede", ["queue", "replace"])
def test_a_rehearsal_takes_no_real_launchs_place_and_keeps_none_waiting(world: World, supersede: str) -> None:
    text = world.settings.organisation.read_text()
    says = f"title: Acme\n    pre-releases: rehearse\n    supersede: {supersede}"
    world.settings.organisation.write_text(text.replace("title: Acme", says))
    open_launch(world, asked("2.4.0"))
    rehearsal = open_launch(world, asked("2.5.0-rc.1"))
    assert not isinstance(rehearsal, Refusal)
    assert (rehearsal.behind, rehearsal.replaces) == ((), ())
    release = open_launch(world, asked("2.5.0"))
    assert not isinstance(release, Refusal)
    assert {*release.behind, *release.replaces} == {"acme-2.4.0"}


def test_an_unknown_checklist_is_an_error_that_names_the_likely_one(world: World) -> None:
    with pytest.raises(LaunchError, match='did you mean "ours"'):
        open_launch(world, asked(checklist="our"))
    assert world.ledger.heads() == ()


def test_a_gate_nobody_could_sign_is_refused_at_the_start(world: World, tmp_path: Path) -> None:
    write(tmp_path, "ours", role="legal")
    answer = open_launch(world, asked())
    assert isinstance(answer, Refusal)
    assert 'nobody in the organisation has the role "legal"' in answer.reason
    assert world.ledger.heads() == ()


def test_a_second_launch_of_a_release_is_the_first(world: World) -> None:
    first = open_launch(world, asked(commit="9f2c"))
    again = open_launch(world, asked(commit="0000", checklist="quick"))
    assert again == first
    assert len(world.ledger.heads()) == 1


def test_a_release_keeps_its_launch_when_its_checklist_breaks(world: World, tmp_path: Path) -> None:
    """Resume on its flow run asks for it again."""
    first = open_launch(world, asked())
    (tmp_path / "ours.yaml").write_text("checklist: [")
    assert open_launch(world, asked()) == first
    (tmp_path / "ours.yaml").unlink()
    assert open_launch(world, asked()) == first


def test_a_launch_keeps_the_checklist_it_was_started_with(world: World, tmp_path: Path) -> None:
    open_launch(world, asked())
    write(tmp_path, "ours", role="legal")
    launch = world.launch("acme-2.4.0")
    assert launch is not None
    assert launch.items["go"].missing == ("1 of launch-managers",)


def test_due_dates_are_meant_in_the_products_time_zone(world: World, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(file.read_text().replace("sign:", "due: T+0 09:00, sign:"))
    launch = open_launch(world, asked(launch_on=date(2030, 7, 1)))
    assert not isinstance(launch, Refusal)
    assert launch.dates.due["go"] == datetime(2030, 7, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(("version", "state"), [("2.4.0", "started"), ("2.4.0-rc.1", "ignored")])
def test_a_receipt_is_settled_by_what_came_of_it(world: World, version: str, state: str) -> None:
    request = asked(version, receipt="key")
    now = datetime.now(UTC)
    world.ledger.receipts.keep(
        Receipt(
            release_key="key",
            source="github",
            delivery_id="1",
            event="push",
            payload=request.model_dump(mode="json"),
            received_at=now,
        )
    )
    open_launch(world, request)
    assert world.ledger.receipts.waiting(now) == ()
    found = world.ledger.receipts.find("key")
    assert found is not None
    assert found.state == state


def test_the_first_flow_run_of_a_launch_is_its_own(world: World) -> None:
    launch = open_launch(world, asked())
    assert not isinstance(launch, Refusal)
    attached = attach(world, launch, "run-1")
    assert attached.run is not None
    assert attached.run.run_id == "run-1"
    again = attach(world, attached, "run-2")
    assert again.run == attached.run
    assert advance(world, launch.id).run == attached.run


@pytest.fixture
def source(world: World, tmp_path: Path) -> Repository:
    """The product's repository, which the organisation file names by a path from where it lies."""
    text = world.settings.organisation.read_text()
    world.settings.organisation.write_text(text.replace("title: Acme", "title: Acme\n    git: ../source"))
    return released(tmp_path / "source")


def begun(world: World, **more: object) -> Launch:
    launch = open_launch(world, asked("1.1.0", **more))
    assert not isinstance(launch, Refusal), launch
    return launch


def test_a_launch_begins_with_what_is_new_in_it_and_who_wrote_that(world: World, source: Repository) -> None:
    launch = begun(world, tag="v1.1.0", requested_by="github:ada")
    assert launch.difference is not None
    assert launch.difference.is_known
    assert launch.authors == {"ben@example.com", "cleo@example.com"}
    assert launch.release.commit == source.git("rev-parse", "v1.1.0^{commit}")


def test_a_commit_that_was_told_short_is_kept_whole(world: World, source: Repository) -> None:
    head = source.git("rev-parse", "HEAD")
    assert begun(world, commit=head[:8]).release.commit == head


def test_a_commit_that_was_told_stays_although_the_tag_has_moved(world: World, source: Repository) -> None:
    told = source.git("rev-parse", "v1.1.0^{commit}")
    source.tag("v1.1.0", "HEAD")
    assert begun(world, tag="v1.1.0", commit=told).release.commit == told


@pytest.mark.parametrize("commit", [None, "9f2c" * 10, "main", "--all", "x\0y"])
def test_a_launch_begins_although_git_is_away_and_says_what_is_not_known(world: World, commit: str | None) -> None:
    text = world.settings.organisation.read_text()
    world.settings.organisation.write_text(text.replace("title: Acme", "title: Acme\n    git: ../source"))
    launch = begun(world, tag="v1.1.0", commit=commit)
    assert launch.difference is not None
    assert "cannot be read: fatal:" in launch.difference.why
    assert launch.release.commit == commit


def test_what_git_could_not_tell_is_found_out_later(world: World, tmp_path: Path) -> None:
    text = world.settings.organisation.read_text()
    world.settings.organisation.write_text(text.replace("title: Acme", "title: Acme\n    git: ../source"))
    launch = begun(world, tag="v1.1.0")
    released(tmp_path / "source")
    assert not observe(world, launch.id), "no command waits for git"
    assert not learn(world, launch.id), "it was tried just now"
    for tried in (world.settings.home / "mirrors").glob("*.tried"):
        os.utime(tried, (0, 0))
    assert learn(world, launch.id)
    found = world.launch(launch.id)
    assert found is not None
    assert found.authors == {"ben@example.com", "cleo@example.com"}
    assert not learn(world, launch.id)
    assert world.launch(launch.id) == found


def test_a_product_without_git_is_asked_nothing(world: World) -> None:
    launch = begun(world)
    assert launch.difference is None
    assert not learn(world, launch.id)
    assert not (world.settings.home / "mirrors").exists()
