"""What the board calls things, so that a person finds them."""

from __future__ import annotations

import re

import pytest

from checklists.commands import Abandon, Command, Complete, Waive
from checklists.due import CloseRun, OpenRun
from checklists.entries import Form
from checklists.launch import Launch
from checklists.request import ItemRun, LaunchRequest
from tasks.boards import wording
from tests.checklists.launches import ADA, DAN, EVE, begun, finished, report, sign, told


def step(launch: Launch, item: str, form: Form = "sign") -> OpenRun:
    state = launch.items[item]
    return OpenRun(item, state.round, state.runs + 1, form)


LAUNCHES = (
    "acme-2.4.0",
    "acme-2-4.0",
    "acme-2.4.0+build.7",
    "acme-2.4.0-build.7",
    "acme-2.4.0-RC.1",
    "acme-2.4.0-rc.1",
)


def test_two_launches_never_share_an_artifact_key() -> None:
    keys = [wording.slug(name) for name in LAUNCHES]
    assert keys[0] == "acme-2-4-0"
    assert len(set(keys)) == len(LAUNCHES)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


def test_tags_find_the_launches_of_a_product_and_the_gates_of_a_team() -> None:
    launch = begun()
    assert wording.launch_tags(launch) == ["tminus", "launch", "product:acme", "tier:3"]
    tags = wording.item_tags(launch, launch.items["qa"], "sign")
    assert {"gate", "product:acme", "team:qa", "team:security", "launch:acme-2.4.0", "item:qa"} <= set(tags)
    assert tags.count("team:qa") == 1
    assert "team:docs" in wording.item_tags(launch, launch.items["guide"], "done")


def test_a_run_is_named_so_that_a_person_finds_it() -> None:
    launch = begun()
    assert wording.run_name(launch, launch.items["qa"], step(launch, "qa")) == "acme 2.4.0 · QA sign-off"
    again = told(launch, sign(ADA, "qa", "request-changes", "the report is old"))
    assert wording.run_name(again, again.items["qa"], step(again, "qa")) == "acme 2.4.0 · QA sign-off · round 2"
    failed = told(launch, sign(DAN, "docs"), report("links", ok=False))
    assert wording.run_name(failed, failed.items["links"], step(failed, "links", "rescue")).endswith(
        "failed, what now?"
    )


def test_the_parameters_of_runs_are_what_their_flows_take() -> None:
    launch = begun()
    assert ItemRun.model_validate(wording.parameters(launch, step(launch, "qa"))).item == "qa"
    assert LaunchRequest.model_validate(wording.request(launch)).version == "2.4.0"


def test_progress_counts_what_has_ended() -> None:
    launch = begun()
    assert wording.progress(launch) == 0
    assert wording.progress(told(launch, sign(DAN, "docs"))) == 12.5
    assert wording.progress(finished(launch)) == 100


@pytest.mark.parametrize(
    ("then", "name"),
    [
        ([sign(DAN, "docs")], "Approved"),
        ([sign(DAN, "docs", "request-changes")], "Reopened"),
        ([sign(DAN, "docs", "reject")], "Rejected"),
        ([Waive(by=EVE, item="docs", reason="known good")], "Waived"),
        ([Abandon(by=EVE, reason="the market has gone")], "Abandoned"),
        ([Abandon(by=EVE, reason="newer", ending="replaced", successor="acme-2.5.0")], "Replaced"),
        ([Abandon(by=EVE, reason="in Prefect", ending="cancelled")], "Cancelled"),
        ([], "Superseded"),
    ],
)
def test_a_form_that_is_closed_without_an_answer_is_called_after_what_happened(then: list[Command], name: str) -> None:
    before = begun()
    run = before.items["docs"].run
    assert run is not None
    assert wording.end_of(told(before, *then), CloseRun("docs", 1, run, "because")) == name


def test_a_to_do_that_was_done_elsewhere_is_done() -> None:
    before = begun()
    run = before.items["guide"].run
    assert run is not None
    after = told(before, Complete(by=DAN, item="guide"))
    assert wording.end_of(after, CloseRun("guide", 1, run, "because")) == "Done"
