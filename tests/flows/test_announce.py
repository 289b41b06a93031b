"""An announcement through the whole of it: launch, worker, ledger, and a SendGrid that misbehaves."""

from __future__ import annotations

import pytest

from checklists.commands import Hold, Resume
from checklists.launch import Launch
from tasks.act import act
from tasks.advance import advance
from tests.prefect_server import House, until

pytestmark = pytest.mark.slow


def states(house: House, launch: Launch) -> dict[str, int]:
    return {str(state): count for state, count in house.world.ledger.deliveries.counts(launch.id, "tell").items()}


def arrivals(house: House, launch: Launch) -> set[int]:
    return {house.sendgrid.count(delivery.id) for delivery in house.world.ledger.deliveries.of(launch.id)}


def test_customers_are_written_to_once_and_the_report_says_so(house: House) -> None:
    launch = house.start("news")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert states(house, launch) == {"accepted": 3}
    assert arrivals(house, launch) == {1}
    assert "3" in house.artifacts(house.run_of(launch.id))["markdown"]


def test_messages_whose_fate_is_unknown_ask_a_person_and_are_not_sent_again(house: House) -> None:
    house.sendgrid.answer("drop")
    launch = house.start("news")
    until(lambda: house.launch(launch.id).items["tell"].status == "failed")
    form = house.form(launch.id, "tell")
    assert "unknown" in until(lambda: house.input(form, "description"))
    house.sendgrid.answer("accept")
    house.answer(launch.id, "tell", "ada@example.com", "run again")
    until(lambda: house.launch(launch.id).items["tell"].round == 2 and house.launch(launch.id).items["tell"].run)
    until(lambda: house.launch(launch.id).items["tell"].status == "failed")
    assert states(house, launch) == {"unknown": 3}
    assert arrivals(house, launch) == {1}


def test_one_message_of_unknown_fate_is_told_but_does_not_hold_the_launch_up(house: House) -> None:
    house.sendgrid.answer("accept", "drop", "accept")
    launch = house.start("news")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert states(house, launch) == {"accepted": 2, "unknown": 1}
    assert house.launch(launch.id).items["tell"].summary == "2 of 3 handed over, 1 unknown"
    assert arrivals(house, launch) == {1}


def test_an_empty_audience_fails_and_says_what_to_do(house: House) -> None:
    launch = house.start("news-for-nobody")
    until(lambda: house.launch(launch.id).items["tell"].status == "failed")
    assert "add people or waive the announcement" in until(
        lambda: house.input(house.form(launch.id, "tell"), "description")
    )
    assert states(house, launch) == {}


def test_a_held_launch_announces_nothing_until_it_is_resumed(house: House) -> None:
    ada = house.world.person("ada@example.com")
    launch = house.start("every-kind")
    act(house.world, launch.id, Hold(by=ada, reason="the price is wrong"))
    house.answer(launch.id, "qa", "ben@example.com")
    house.answer(launch.id, "guide", "cleo@example.com", "done")
    house.answer(launch.id, "ready", "femi@example.com")
    held = advance(house.world, launch.id)
    assert (held.items["fine"].status, held.items["tell"].status) == ("waiting", "waiting")
    assert house.world.ledger.deliveries.of(launch.id) == ()
    act(house.world, launch.id, Resume(by=ada))
    advance(house.world, launch.id)
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert states(house, launch) == {"accepted": 1}


def test_a_custom_run_of_the_deployment_announces_nothing_before_its_turn(house: House) -> None:
    launch = house.start("late-news")
    asked = {"launch_id": launch.id, "item": "tell", "round": 1, "number": 1, "form": "work"}
    announce = house.get("/deployments/name/announce/announce")["id"]
    body = {"state": {"type": "SCHEDULED"}, "parameters": {"run": asked}}
    run_id = house.call("POST", f"/deployments/{announce}/create_flow_run", body)["id"]
    until(lambda: house.run(run_id)["state"]["type"] == "COMPLETED")
    assert house.run(run_id)["state"]["name"] == "Stopped"
    assert house.world.ledger.deliveries.of(launch.id) == ()
    assert house.launch(launch.id).items["tell"].status == "waiting"
