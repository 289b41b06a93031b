"""A launch as people meet it in the Prefect UI: its run, its gates, its artifacts, its end."""

from __future__ import annotations

import pytest

from checklists.commands import Complete, Sign
from checklists.decide import Refusal
from tasks.act import act
from tasks.advance import advance
from tests.prefect_server import House, until

pytestmark = pytest.mark.slow


def test_a_launch_is_one_run_named_after_it_that_sleeps_while_people_work(house: House) -> None:
    launch = house.start("two-gates")
    run = house.run(house.run_of(launch.id))
    assert run["name"] == f"acme {launch.release.version}"
    assert run["state"]["name"] == "Suspended"
    assert set(run["tags"]) >= {"launch", "product:acme", "tier:2"}
    assert len(house.runs(name=run["name"])) == 1


def test_a_gate_is_a_suspended_subflow_run_with_a_name_tags_and_a_form(house: House) -> None:
    launch = house.start("two-gates")
    gate = house.run(house.form(launch.id, "qa"))
    assert gate["name"] == f"acme {launch.release.version} · QA sign-off"
    assert gate["state"]["name"] == "Suspended"
    assert set(gate["tags"]) >= {"gate", "product:acme", "team:qa"}
    assert house.get(f"/task_runs/{gate['parent_task_run_id']}")["flow_run_id"] == house.run_of(launch.id)
    schema = house.input(gate["id"], "schema")
    assert set(schema["required"]) == {"decision", "signed_by"}
    assert schema["properties"]["decision"]["enum"] == ["approve", "request changes", "reject"]
    description = house.input(gate["id"], "description")
    assert "2 of qa" in description
    assert "The test report of this commit is at hand." in description


def test_a_closed_form_cannot_be_answered(house: House) -> None:
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    signed = act(house.world, launch.id, Sign(by=house.world.person("ben@example.com"), item="qa", decision="approve"))
    assert not isinstance(signed, Refusal)
    advance(house.world, launch.id)
    closed = house.run(form)
    assert closed["state"]["type"] == "COMPLETED"
    assert "Ben Brandt" in closed["state"]["message"]
    assert house.resume(form, {"decision": "reject", "signed_by": "ben@example.com"})["status"] == "ABORT"


def test_approving_in_the_ui_opens_what_waited_and_the_last_item_completes_the_launch(house: House) -> None:
    launch = house.start("two-gates")
    run_id = house.run_of(launch.id)
    before = house.artifacts(run_id)
    assert [row["status"] for row in before["table"]] == ["open", "waiting"]
    assert before["progress"] == 0

    house.answer(launch.id, "qa", "ben@example.com")
    assert "Ben Brandt" in house.input(house.form(launch.id, "qa"), "description")
    assert house.launch(launch.id).items["go"].status == "waiting"
    house.answer(launch.id, "qa", "cleo@example.com")
    until(lambda: house.launch(launch.id).items["go"].run)
    until(lambda: house.artifacts(run_id)["progress"] == 50)
    assert [row["status"] for row in house.artifacts(run_id)["table"]] == ["passed", "open"]

    house.answer(launch.id, "go", "ada@example.com")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    until(lambda: house.artifacts(run_id)["progress"] == 100)
    report = house.artifacts(run_id)["markdown"]
    assert "QA sign-off" in report
    assert "Cleo Castro" in report
    assert house.launch(launch.id).status == "closed"


def test_a_launch_with_items_of_every_kind_ends_closed(house: House) -> None:
    launch = house.start("every-kind")
    world = house.world
    house.answer(launch.id, "qa", "ben@example.com")
    house.answer(launch.id, "guide", "cleo@example.com", "done")
    house.answer(launch.id, "ready", "femi@example.com")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    ended = house.launch(launch.id)
    assert {key: state.status for key, state in ended.items.items()} == dict.fromkeys(ended.items, "passed")
    assert [d.state for d in world.ledger.deliveries.of(launch.id)] == ["accepted"]
    assert world.ledger.verify(launch.id) is None
    runs = [run["id"] for run in house.runs(tags=[f"launch:{launch.id}"])]
    assert len(runs) == 5
    until(lambda: {house.run(run_id)["state"]["type"] for run_id in runs} == {"COMPLETED"})


def test_resume_on_the_launch_itself_changes_nothing(house: House) -> None:
    launch = house.start("two-gates")
    run_id = house.run_of(launch.id)
    assert house.resume(run_id)["status"] == "ACCEPT"
    until(lambda: house.states(run_id).count("Suspended") == 2)
    assert house.resume(run_id)["status"] == "ACCEPT"
    until(lambda: house.states(run_id).count("Suspended") == 3)
    again = house.launch(launch.id)
    assert again.seq == launch.seq
    assert again.items == launch.items


def test_a_to_do_done_by_command_closes_its_form(house: House) -> None:
    launch = house.start("every-kind")
    form = house.form(launch.id, "guide")
    act(house.world, launch.id, Complete(by=house.world.person("cleo@example.com"), item="guide"))
    advance(house.world, launch.id)
    assert house.run(form)["state"]["type"] == "COMPLETED"
