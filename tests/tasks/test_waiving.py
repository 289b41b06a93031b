"""Every door gives waivers as the organisation says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checklists.commands import Waive
from checklists.decide import Refusal
from tasks.act import act
from tests.checklists.launches import ADA, EVE
from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


def configure(at: Place, **settings: str) -> None:
    file = at.world.settings.home / "organisation.yaml"
    text = file.read_text().replace("acme: {title: Acme}", "acme: {title: Acme, timezone: America/New_York}")
    file.write_text(text + "".join(f"{key}: {value}\n" for key, value in settings.items()))


def test_a_waiver_ends_with_its_day_where_the_product_is_at_home(at: Place) -> None:
    configure(at)
    launch = at.begun()
    act(at.world, launch.id, Waive(by=EVE, item="qa", reason="known good", until=date(2026, 11, 30)))
    assert at.launch(launch.id).items["qa"].waived_until == datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


def test_the_role_is_the_one_the_organisation_names(at: Place) -> None:
    configure(at, waivers="qa")
    launch = at.begun()
    refusal = act(at.world, launch.id, Waive(by=EVE, item="docs", reason="known good"))
    assert refusal == Refusal("Eve does not hold the role qa, which this takes")
    act(at.world, launch.id, Waive(by=ADA, item="docs", reason="known good"))
    assert at.launch(launch.id).items["docs"].status == "waived"


@pytest.mark.parametrize("day", [date.max, date.min, date(2026, 11, 22)])
def test_days_that_are_over_or_never_come_are_refused(at: Place, day: date) -> None:
    launch = at.begun()
    refusal = act(at.world, launch.id, Waive(by=EVE, item="qa", reason="known good", until=day))
    assert isinstance(refusal, Refusal)
    assert "name" in refusal.reason
    assert "to come" in refusal.reason
