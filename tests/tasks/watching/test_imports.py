"""Many tags at once are one question, which stands where people look until somebody answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.commands import TMINUS
from checklists.decide import Refusal
from checklists.request import LaunchRequest
from deployments.doctor import releases
from tasks.backfilling import backfill, past
from tasks.explaining import Asked
from tasks.opening import open_launch
from tasks.watching.round import watch
from tests.tasks.changes.repository import Repository, repository
from tests.tasks.worlds import Place, place

ORGANISATION = """organisation: Example
people: {ada@example.com: {name: Ada, roles: [launch-managers]}}
products:
  acme: {title: Acme, git: source, watch: git, checklists: {major: small, minor: small, patch: small}}
"""
CHECKLIST = "checklist: small\nitems: {go: {gate: Go, sign: [1 of launch-managers]}}\n"
NONE = "every release we were told of has its launch"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path, checklists=(tmp_path,))
    (tmp_path / "organisation.yaml").write_text(ORGANISATION)
    (tmp_path / "small.yaml").write_text(CHECKLIST)
    settings = made.world.settings.model_copy(update={"organisation": tmp_path / "organisation.yaml"})
    yield replace(made, world=replace(made.world, settings=settings))
    made.ledger.dispose()


@pytest.fixture
def source(at: Place) -> Repository:
    made = repository(at.world.settings.home / "source")
    made.commit("begin")
    watch(at.world)
    for number in range(11):
        made.tag(f"v1.{number}.0")
    return made


def test_it_stands_in_the_doctor_with_the_commands_that_answer_it(at: Place, source: Repository) -> None:
    (said,) = watch(at.world)
    assert watch(at.world) == []
    for command in (
        "`tminus start small --product acme --version 1.10.0 --tag v1.10.0`",
        "`tminus backfill acme --since v1.0.0 --dry-run`",
    ):
        assert command in said
        assert command in releases(at.world)
    assert at.ledger.heads() == ()


def test_it_is_answered_by_writing_them_down(at: Place, source: Repository) -> None:
    watch(at.world)
    looked = past(Asked(at.world.settings, at.world.organisation, at.ledger), "acme", "v1.0.0")
    assert releases(at.world) != NONE, "a dry run answers nothing"
    assert len(list(backfill(at.world, "acme", looked, TMINUS))) == 11
    assert releases(at.world) == NONE


def test_it_is_answered_by_starting_one(at: Place, source: Repository) -> None:
    watch(at.world)
    launch = open_launch(at.world, LaunchRequest(product="acme", version="1.10.0", checklist="small"))
    assert not isinstance(launch, Refusal)
    assert releases(at.world) == NONE


def test_a_history_that_was_written_down_before_asks_nothing(at: Place, source: Repository) -> None:
    looked = past(Asked(at.world.settings, at.world.organisation, at.ledger), "acme", "v1.0.0")
    list(backfill(at.world, "acme", looked, TMINUS))
    watch(at.world)
    assert at.ledger.receipts.unclaimed() == ()
