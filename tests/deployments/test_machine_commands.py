"""Commands that prepare a machine, run as people run them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.store import Ledger
from tests.prefect_server import House, clean_environment

pytestmark = pytest.mark.slow
NAMES = ("launch", "release", "gate", "check", "announce", "notes", "watch", "digest", "patrol")
DEPLOYMENTS = [f"{name}/{name}" for name in NAMES]


def test_deploy_prepares_ledger_and_server_and_may_be_called_again(house: House, tmp_path: Path) -> None:
    ledger = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    ours = {"PREFECT_API_URL": house.url, "TMINUS_HOME": str(tmp_path), "TMINUS_DATABASE_URL": ledger}
    command = [sys.executable, "-m", "deployments.command", "deploy"]
    before = house.get("/deployments/name/gate/gate")["id"]
    try:
        for _ in range(2):
            done = subprocess.run(command, env=clean_environment() | ours, capture_output=True, text=True, check=True)
            assert done.stdout.split() == DEPLOYMENTS
    finally:
        house.deploy()  # the patrol's schedule is off in this server
    assert house.get("/deployments/name/gate/gate")["id"] == before
    assert Ledger(ledger).heads() == ()
