"""An announcement through the whole of it: launch, worker, ledger, and a SendGrid that misbehaves."""

from __future__ import annotations

import pytest

from checklists.commands import Hold, Resume
from tasks.act import act
from tasks.advance import advance
from tests.flows.sending import arrivals, custom_run, states
from tests.prefect_server import House, until

pytestmark = pytest.mark.slow


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


def test_one_bad_address_is_told_but_neither_sinks_the_batch_nor_holds_the_launch_up(house: House) -> None:
    house.sendgrid.bad = {"two@example.net"}
    launch = house.start("news")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert states(house, launch) == {"accepted": 2, "rejected": 1}
    assert house.launch(launch.id).items["tell"].summary == "2 of 3 handed over, 1 rejected"
    house.sendgrid.bad = set()


def test_an_empty_audience_fails_and_says_what_to_do(house: House) -> None:
    launch = house.start("news-for-nobody")
    until(lambda: house.launch(launch.id).items["tell"].status == "failed")
    assert "add people and run it again, or waive the announcement" in until(
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
    run_id = custom_run(house, launch)
    until(lambda: house.run(run_id)["state"]["type"] == "COMPLETED")
    assert house.run(run_id)["state"]["name"] == "Stopped"
    assert house.world.ledger.deliveries.of(launch.id) == ()
    assert house.launch(launch.id).items["tell"].status == "waiting"
