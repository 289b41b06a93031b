"""A check that fails waits for a person, in the Prefect UI or at the command line."""

from __future__ import annotations

import pytest

from checklists.launch import Launch
from tests.prefect_server import House, until

pytestmark = pytest.mark.slow


def failed(house: House) -> Launch:
    launch = house.start("broken-check")
    until(lambda: house.launch(launch.id).items["look"].status == "failed")
    until(lambda: house.launch(launch.id).items["look"].run)
    return house.launch(launch.id)


def put_right(house: House, launch: Launch) -> None:
    (house.folder / "checklists" / f"right-{launch.release.version}").touch()


def test_a_failed_check_asks_what_now_and_says_what_was_found(house: House) -> None:
    launch = failed(house)
    run = house.run(house.form(launch.id, "look"))
    assert run["name"] == f"acme {launch.release.version} · The files are there · failed, what now?"
    assert run["state"]["name"] == "Suspended"
    description = house.input(run["id"], "description")
    assert "ended with status 3" in description
    assert "nothing is right yet" in description
    [looked] = house.runs(name=f"acme {launch.release.version} · The files are there")
    until(lambda: house.run(looked["id"])["state"]["type"] == "FAILED")


def test_a_check_that_is_run_again_passes_in_its_second_round(house: House) -> None:
    launch = failed(house)
    put_right(house, launch)
    house.answer(launch.id, "look", "ada@example.com", "run again")
    until(lambda: house.launch(launch.id).items["look"].status == "passed")
    assert house.launch(launch.id).items["look"].round == 2
    until(lambda: house.launch(launch.id).items["go"].run)


def test_a_failed_check_can_be_waived_with_a_reason_only(house: House) -> None:
    launch = failed(house)
    first = house.answer(launch.id, "look", "ada@example.com", "waive")
    until(lambda: house.form(launch.id, "look") != first)
    house.answer(launch.id, "look", "ada@example.com", "waive", "the files come tomorrow")
    until(lambda: house.launch(launch.id).items["look"].status == "waived")
    until(lambda: house.launch(launch.id).items["go"].run)


def test_retry_in_the_ui_looks_again(house: House) -> None:
    launch = failed(house)
    [looked] = house.runs(name=f"acme {launch.release.version} · The files are there")
    until(lambda: house.run(looked["id"])["state"]["type"] == "FAILED")
    put_right(house, launch)
    house.set_state(looked["id"], "SCHEDULED")
    until(lambda: house.launch(launch.id).items["look"].status == "passed")
