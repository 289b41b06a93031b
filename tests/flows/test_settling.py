"""A correction of a launch that is over may have arrived: what a person says is done, its run in Prefect stays over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checklists.commands import FollowUp
from checklists.decide import Refusal
from checklists.delivery_commands import Settle
from checklists.launch import Launch
from tasks.announcements.following import send_follow_ups
from tasks.carrying_out import carry_out
from tests.prefect_server import House
from tests.tasks.newsroom import later

pytestmark = pytest.mark.slow


def states(house: House, launch: Launch) -> dict[str, int]:
    counts = house.world.ledger.deliveries.counts(launch.id, "tell", "correction/1")
    return {str(state): count for state, count in counts.items()}


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_launch_that_is_over_ends_again_and_its_run_stays_as_it_is(house: House, *, is_gone: bool) -> None:
    launch, ada = house.start("news"), house.world.person("ada@example.com")
    run = house.ended(launch.id)
    correct = FollowUp(by=ada, item="tell", what="correction", note="The price is 20.")
    assert not isinstance(carry_out(house.world, launch.id, correct)[0], Refusal)
    house.sendgrid.answer("drop")
    send_follow_ups(house.world)
    house.sendgrid.answer("accept")
    assert states(house, launch) == {"unknown": 3}
    if is_gone:  # an old run was tidied away
        house.api.delete(f"/flow_runs/{run['id']}")
    again = Settle(by=ada, item="tell", purpose="correction/1", fate="again")
    answer, note = carry_out(replace(house.world, now=later(20)), launch.id, again)
    assert not isinstance(answer, Refusal), answer
    assert (answer.has_ended, note, launch.id in house.world.ledger.open_ids()) == (True, "", False)
    send_follow_ups(house.world)
    assert states(house, launch) == {"accepted": 3}
    assert is_gone or house.run(run["id"])["state"]["type"] == "COMPLETED"
