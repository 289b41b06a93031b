"""The commands that look at launches, among which one is broken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sqlalchemy import delete

from checklists.decide import Refusal
from checklists.request import LaunchRequest
from ledger import schema
from tasks.opening import open_launch
from tests.prefect_server import clean_environment
from tests.tasks.newsroom import newsroom, opened


def test_a_launch_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    world = newsroom(tmp_path)
    broken = opened(world)
    sound = open_launch(world, LaunchRequest(product="acme", version="2.5.0", checklist="news"))
    assert not isinstance(sound, Refusal)
    with world.ledger.database.writing() as connection:
        connection.execute(
            delete(schema.entries).where(schema.entries.c.launch_id == broken.id, schema.entries.c.seq == 2)
        )
    world.ledger.dispose()
    ours = {"TMINUS_HOME": str(tmp_path), "TMINUS_ORGANISATION": str(tmp_path / "organisation.yaml")}
    listed = subprocess.run(
        [sys.executable, "-m", "deployments.command", "list", "--json"],
        env={**clean_environment(), **ours},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (listed.returncode, [launch["id"] for launch in json.loads(listed.stdout)]) == (0, ["acme-2.5.0"])
    assert listed.stderr.startswith("acme-2.4.0: its record is damaged")
