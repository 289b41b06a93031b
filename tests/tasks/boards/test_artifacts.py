"""What hangs on a launch's flow run in a real Prefect, whatever people do to it there."""

from __future__ import annotations

import pytest

from tasks.patrol import patrol
from tests.prefect_server import House

pytestmark = pytest.mark.slow


def test_a_launch_whose_artifacts_were_deleted_in_the_ui_goes_on(house: House) -> None:
    launch = house.start("one-gate")
    assert launch.run is not None
    house.call("DELETE", f"/artifacts/{launch.run.table_id}")
    form = house.answer(launch.id, "qa", "ben@example.com")
    assert house.run(form)["state"]["name"] == "Approved"
    assert house.launch(launch.id).items["go"].status == "open"
    assert [line for line in patrol(house.world).said if launch.id in line] == []
