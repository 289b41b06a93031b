"""What was told while the organisation file could not be read is followed once it can."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tasks.intake.receiving import UNREADABLE, keep
from tasks.intake.told import TagDeleted, Tagged, Told
from tasks.patrol import patrol
from tests.tasks.worlds import Place, place

ABOUT = {"host": "release", "product": "acme", "tag": "v2.4.0"}


@pytest.fixture
def at(tmp_path: Path) -> Place:
    (tmp_path / "small.yaml").write_text("checklist: small\nitems: {qa: {gate: QA, sign: [1 of qa], owner: qa}}\n")
    made = place(tmp_path, checklists=(tmp_path,))
    file = made.world.organisation_file.file
    file.write_text(
        file.read_text().replace("{title: Acme}", "{title: Acme, checklists: {major: small, minor: small}}")
    )
    return made


@pytest.mark.parametrize(("told", "event"), [(Tagged(**ABOUT), "push"), (TagDeleted(**ABOUT), "delete")])
def test_it_is_taken_out_once_when_the_file_is_mended(at: Place, told: Told, event: str) -> None:
    file = at.world.organisation_file.file
    good = file.read_text()
    file.write_text("products: [")
    assert UNREADABLE in str(keep(at.world, told, event, "1", "mark").launch)
    patrol(at.world)
    (receipt,) = at.ledger.receipts.unclaimed()
    assert receipt.reason.startswith(UNREADABLE)
    file.write_text(good)
    assert any("can be read again; it is followed" in line for line in patrol(at.world).said)
    assert not any("can be read again" in line for line in patrol(at.world).said)
    at.clock.wait(timedelta(seconds=11))
    patrol(at.world)
    found = at.ledger.receipts.find(receipt.release_key)
    assert found is not None
    assert not found.reason.startswith(UNREADABLE)
    if event == "push":
        assert found.state == "started"
        assert at.world.launch("acme-2.4.0") is not None
