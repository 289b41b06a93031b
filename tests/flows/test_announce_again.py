"""An announcement's flow run goes again, whoever lets it: nobody is written to twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from tests.flows.sending import arrivals, custom_run, half_sent, states
from tests.prefect_server import House, until
from tests.prefect_ui import over

pytestmark = pytest.mark.slow
FULL = "CREATE TRIGGER full BEFORE UPDATE ON batches WHEN NEW.state = 'accepted' BEGIN SELECT RAISE(ABORT, 'full'); END"


def set_back(house: House, run_id: str) -> None:
    """Run it again in the UI, and wait for its end."""
    until(lambda: over(house.run(run_id)))
    before = len(house.states(run_id))
    house.set_state(run_id, "SCHEDULED")
    until(lambda: len(house.states(run_id)) > before + 1 and over(house.run(run_id)))


@contextmanager
def full(house: House) -> Iterator[None]:
    """The ledger cannot write down that a message was taken. Afterwards those who tried are given up at once."""
    ledger = create_engine(house.settings.ledger_url)
    with ledger.begin() as connection:
        connection.execute(text(FULL))
    try:
        yield
    finally:
        with ledger.begin() as connection:
            connection.execute(text("DROP TRIGGER full"))
            connection.execute(text("UPDATE batches SET lease_until = updated_at WHERE state = 'writing'"))
        ledger.dispose()


@pytest.mark.parametrize(
    ("mode", "becomes", "ends"), [("accept", "accepted", "Stopped"), ("drop", "unknown", "Failed")]
)
def test_a_run_that_is_over_and_is_run_again_sends_nothing(house: House, mode: str, becomes: str, ends: str) -> None:
    house.sendgrid.answer(mode)
    launch = house.start("news")
    run_id = house.form(launch.id, "tell")
    until(lambda: over(house.run(run_id)))
    house.sendgrid.answer("accept")
    set_back(house, run_id)
    assert house.run(run_id)["state"]["name"] == ends
    other = custom_run(house, launch)
    assert until(lambda: over(house.run(other)))["state"]["name"] == ends
    assert states(house, launch) == {becomes: 3}
    assert arrivals(house, launch) == {1}


def test_a_run_that_is_called_crashed_in_mid_send_and_run_again_sends_the_rest(house: House) -> None:
    """The first one goes on in its worker: it does not know."""
    with half_sent(house) as launch:
        run_id, before = house.form(launch.id, "tell"), len(house.sendgrid.received)
        house.set_state(run_id, "CRASHED")
        house.set_state(run_id, "SCHEDULED")
        custom_run(house, launch)
        until(lambda: len(house.sendgrid.received) > before)
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert states(house, launch) == {"accepted": 3}
    assert arrivals(house, launch) == {1}


def test_what_prefect_retries_after_a_message_was_taken_sends_the_rest(house: House) -> None:
    """Nobody knows what became of that message."""
    with half_sent(house) as launch:
        run_id = house.form(launch.id, "tell")
        house.call("PATCH", f"/flow_runs/{run_id}", {"empirical_policy": {"retries": 3, "retry_delay": 3}})
        with full(house):
            house.sendgrid.let_go()
            until(lambda: "AwaitingRetry" in house.states(run_id))
    until(lambda: house.launch(launch.id).items["tell"].status == "passed")
    assert house.launch(launch.id).items["tell"].runs == 1
    assert states(house, launch) == {"accepted": 2, "unknown": 1}
    assert arrivals(house, launch) == {1}
