"""Whatever is done by hand in the Prefect UI, or lost with a server or a worker, is put right and signs nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from checklists.commands import Sign
from checklists.decide import Refusal
from checklists.entries import Signed
from checklists.launch import Launch
from checklists.request import LaunchRequest
from ledger.receipts import Receipt
from tasks.act import act
from tasks.patrol import patrol
from tests.prefect_server import House, until

pytestmark = pytest.mark.slow


def deleted(house: House, run_id: str) -> None:
    house.call("DELETE", f"/flow_runs/{run_id}")


def put_to(type_: str) -> Callable[[House, str], None]:
    return lambda house, run_id: house.set_state(run_id, type_)


def signatures(house: House, launch: Launch) -> int:
    return sum(isinstance(one.data, Signed) for one in house.world.ledger.read(launch.id))


@pytest.mark.parametrize(
    ("done_by_hand", "says"),
    [
        (deleted, "its flow run was deleted in Prefect"),
        (put_to("FAILED"), "its flow run failed"),
        (put_to("CRASHED"), "its flow run failed"),
        (put_to("COMPLETED"), "which signs nothing"),
        (put_to("CANCELLED"), "which signs nothing"),
    ],
    ids=["deleted", "failed", "crashed", "completed", "cancelled"],
)
def test_a_gate_whose_run_went_away_is_opened_again(
    house: House, done_by_hand: Callable[[House, str], None], says: str
) -> None:
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    done_by_hand(house, form)
    patrol(house.world)
    again = house.form(launch.id, "qa")
    assert again != form
    assert house.run(again)["state"]["name"] == "Suspended"
    assert says in house.input(again, "description")
    assert signatures(house, launch) == 0
    assert house.launch(launch.id).items["go"].status == "waiting"
    house.answer(launch.id, "qa", "ben@example.com")
    assert house.launch(launch.id).items["qa"].status == "passed"


def test_a_second_round_of_the_patrol_finds_nothing_left_to_do(house: House) -> None:
    launch = house.start("one-gate")
    deleted(house, house.form(launch.id, "qa"))
    assert [line for line in patrol(house.world).said if launch.id in line] != []
    seen = house.launch(launch.id)
    assert [line for line in patrol(house.world).said if launch.id in line] == []
    assert house.launch(launch.id).seq == seen.seq


def test_a_launch_cancelled_in_the_ui_ends_cancelled_with_its_gates(house: House) -> None:
    launch = house.start("every-kind")
    run_id, forms = house.run_of(launch.id), [house.form(launch.id, item) for item in ("qa", "guide", "ready")]
    house.set_state(run_id, "CANCELLED")
    house.go_round()
    assert house.launch(launch.id).has_ended
    assert house.launch(launch.id).status == "cancelled"
    assert house.run(run_id)["state"]["type"] == "CANCELLED"
    until(lambda: {house.run(form)["state"]["type"] for form in forms} == {"CANCELLED"})
    assert signatures(house, launch) == 0


def test_what_the_patrol_puts_right_stands_in_a_log(house: House) -> None:
    launch = house.start("one-gate")
    deleted(house, house.form(launch.id, "qa"))
    house.go_round()
    log = (house.folder / "logs" / "worker.log").read_text()
    assert f"{launch.id}: qa: opened again; its flow run was deleted in Prefect" in log


def test_a_cancellation_calls_the_patrol_before_its_next_round(house: House) -> None:
    """Several within seconds call it once."""
    launch = house.start("one-gate")
    run_id = house.run_of(launch.id)

    def is_noticed() -> bool:
        if time.monotonic() - cancelled[-1] > 2:
            house.set_state(run_id, "CANCELLED")
            cancelled.append(time.monotonic())
        return house.launch(launch.id).has_ended

    cancelled = [0.0]
    until(is_noticed)
    assert house.launch(launch.id).status == "cancelled"


def test_an_abandoned_launch_ends_cancelled(house: House) -> None:
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    said = house.tminus("abandon", launch.id, "--reason", "the market has gone", "--as", "ada@example.com")
    assert said.returncode == 0, said.stderr
    run = house.run(house.run_of(launch.id))
    assert (run["state"]["type"], run["state"]["name"]) == ("CANCELLED", "Abandoned")
    assert "the market has gone" in run["state"]["message"]
    assert house.run(form)["state"]["type"] == "CANCELLED"


@pytest.mark.parametrize("done_by_hand", [deleted, put_to("FAILED"), put_to("COMPLETED")])
def test_a_launch_whose_run_went_away_goes_on_with_another(
    house: House, done_by_hand: Callable[[House, str], None]
) -> None:
    launch = house.start("one-gate")
    run_id = house.run_of(launch.id)
    done_by_hand(house, run_id)
    patrol(house.world)
    assert house.run_of(launch.id) != run_id
    house.answer(launch.id, "qa", "ben@example.com")
    house.answer(launch.id, "go", "ada@example.com")
    assert house.ended(launch.id)["state"]["type"] == "COMPLETED"
    assert house.launch(launch.id).status == "closed"


def test_a_gate_closed_in_the_ledger_is_closed_in_the_ui_within_one_patrol(house: House) -> None:
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    signed = act(house.world, launch.id, Sign(by=house.world.person("ben@example.com"), item="qa", decision="approve"))
    assert not isinstance(signed, Refusal)
    assert house.run(form)["state"]["name"] == "Suspended"
    patrol(house.world)
    assert house.run(form)["state"]["type"] == "COMPLETED"
    assert house.run(house.form(launch.id, "go"))["state"]["name"] == "Suspended"


def receipt(request: LaunchRequest, key: str) -> Receipt:
    return Receipt(
        release_key=key,
        source="github",
        delivery_id=key,
        event="push",
        payload=request.model_dump(mode="json"),
        received_at=datetime.now(UTC) - timedelta(minutes=1),
    )


def test_a_release_whose_event_was_lost_is_started_once(house: House) -> None:
    version = house.new_version()
    key = f"github:example-org/acme:v{version}"
    house.world.ledger.receipts.keep(receipt(LaunchRequest(product="acme", version=version, receipt=key), key))
    patrol(house.world)
    patrol(house.world)
    launch = house.launch(f"acme-{version}")
    assert house.run(house.form(launch.id, "qa"))["state"]["name"] == "Suspended"
    assert len(house.runs(name=launch.name)) == 1
    assert house.world.ledger.receipts.waiting(datetime.now(UTC)) == ()


def test_a_release_that_can_start_nothing_says_why_and_stops_nobody(house: House) -> None:
    asked = LaunchRequest(product="nothing-of-ours", version="1.0.0", receipt="lost")
    house.world.ledger.receipts.keep(receipt(asked, "lost"))
    said = patrol(house.world).said
    assert any("nothing-of-ours" in line for line in said)
    [left] = [one for one in house.world.ledger.receipts.unclaimed() if one.release_key == "lost"]
    assert "nothing-of-ours" in left.reason
