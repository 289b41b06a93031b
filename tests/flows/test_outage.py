"""The server or a worker goes away in the middle: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

import pytest

from checklists.entries import Signed
from tasks.patrol import patrol
from tests.flows.sending import arrivals, half_sent, states
from tests.prefect_server import House, until
from tests.web.room import Hook, headers, serving, signature

pytestmark = pytest.mark.slow


def test_a_decision_while_the_server_is_down_is_kept_and_carried_out(house: House) -> None:
    """The worker outlives the server, too: it carries on with the one that comes back."""
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    house.server.stop()
    try:
        said = house.tminus("sign", launch.id, "qa", "--as", "ben@example.com", "--approve", "--json")
        assert said.returncode == 0, said.stderr
        assert "it will be carried out when Prefect is back" in said.stderr
        signed = house.launch(launch.id)
        assert (signed.items["qa"].status, signed.items["go"].run) == ("passed", None)
    finally:
        house.server.start()
        house.server.wait()
    assert house.run(form)["state"]["name"] == "Suspended"
    house.go_round()
    assert house.run(form)["state"]["type"] == "COMPLETED"
    house.answer(launch.id, "go", "ada@example.com")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert sum(isinstance(one.data, Signed) for one in house.world.ledger.read(launch.id)) == 2


def test_a_run_left_by_a_killed_worker_is_found_and_its_step_done_again(house: House) -> None:
    house.worker.stop()
    victim = house.a_worker("victim", PREFECT_WORKER_HEARTBEAT_SECONDS="1")
    victim.start()
    try:
        launch = house.start("long-check")
        begun = house.folder / "checklists" / f"begun-{launch.release.version}"
        until(lambda: begun.exists() and begun.read_text().strip())
        lost = house.form(launch.id, "look")
        assert house.run(lost)["state"]["type"] == "RUNNING"
        assert victim.process
        victim.process.kill()
        victim.process.wait(10)
    finally:
        victim.stop()
        house.worker.start()
    os.kill(int(begun.read_text()), signal.SIGKILL)
    until(lambda: lost in " ".join(patrol(house.world).said))
    assert house.run(lost)["state"]["type"] == "CRASHED"
    until(lambda: house.launch(launch.id).items["look"].status == "passed")
    until(lambda: house.launch(launch.id).items["go"].run)
    assert house.launch(launch.id).items["look"].round == 1


def test_an_answer_whose_worker_was_killed_is_still_taken(house: House) -> None:
    """The form was answered, nobody was there to read it; the run is Scheduled until a worker comes."""
    house.worker.stop()
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    assert house.resume(form, {"decision": "approve", "signed_by": "ben@example.com"})["status"] == "ACCEPT"
    house.set_state(form, "CRASHED")
    patrol(house.world)
    assert house.launch(launch.id).items["qa"].status == "passed"
    assert house.run(house.form(launch.id, "go"))["state"]["name"] == "Suspended"
    house.worker.start()


def test_a_server_that_dies_in_mid_send_and_comes_back_finds_each_message_sent_once(house: House) -> None:
    """It stays away longer than the sender's Prefect client is ready to wait, which is a minute or two by default."""
    if not house.database:
        pytest.skip("no PostgreSQL: on SQLite, Prefect says 503 at times, and this sender does not ask twice")
    house.worker.stop()
    hasty = house.a_worker("hasty", PREFECT_CLIENT_MAX_RETRIES="0")
    hasty.start()
    try:
        with half_sent(house) as launch:
            lost = house.form(launch.id, "tell")
            assert house.server.process
            house.server.process.kill()
            house.server.process.wait(10)
        until(lambda: "writing" not in states(house, launch))
        house.server.start()
        house.server.wait()
        # Its own process says that it failed, where the server is back by then; else its worker says that it crashed.
        until(lambda: house.run(lost)["state"]["type"] in ("FAILED", "CRASHED"))
    finally:
        hasty.stop()
        house.worker.start()
    patrol(house.world)
    until(lambda: house.launch(launch.id).items["tell"].status == "passed")
    assert states(house, launch) == {"accepted": 3}
    assert arrivals(house, launch) == {1}


# The web room is stopped while it still tries to reach the server that died: a connection or two is left behind.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_fifty_releases_answered_just_before_the_server_died_make_fifty_launches(house: House) -> None:
    versions = [house.new_version() for _ in range(50)]
    secret = house.settings.webhook_secret.get_secret_value()
    with serving(house.world) as client:
        for version in versions:
            body = Hook(f"v{version}", "example-org/acme").push
            told = headers(body, "push", **{"X-Hub-Signature-256": signature(body, secret)})
            assert client.post("/webhooks/github", content=body, headers=told).status_code == 202
        assert house.server.process
        house.server.process.kill()
    house.server.process.wait(10)
    house.server.start()
    house.server.wait()
    until(lambda: patrol(house.world) and not house.world.ledger.receipts.waiting(datetime.now(UTC)), 120)
    launches = [house.world.launch(f"acme-{version}") for version in versions]
    assert [launch.release.version for launch in launches if launch] == versions
    assert all(launch.run and launch.items["qa"].run for launch in launches if launch)
    assert {launch.runs for launch in launches if launch} == {1}
