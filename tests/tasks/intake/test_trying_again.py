"""A launch that organisation or checklists could not meet begins once they can, and otherwise never."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from checklists.commands import Abandon
from checklists.people import Actor
from checklists.request import LaunchRequest
from ledger.delegations import Granted
from ledger.receipts import Receipt
from tasks import opening
from tasks.act import act
from tasks.intake.receiving import keep
from tasks.intake.told import TagDeleted, Tagged
from tasks.opening import open_launch
from tasks.patrol import patrol
from tests.tasks.worlds import Place, place

NAME = "acme-2.4.0"
ABOUT = {"repository": "example-org/acme", "tag": "v2.4.0"}
KEY = "github:example-org/acme:v2.4.0"
EVA = Actor("eva@example.com", "Eva", ("launch-managers",))
ORGANISATION = """organisation: Example
people:
  eva@example.com: {name: Eva, roles: [launch-managers]}
products:
  acme: {title: Acme, repository: example-org/acme, checklists: {major: small, minor: small, patch: small}}
"""
CHECKLIST = "checklist: small\nitems: {go: {gate: Go, sign: [1 of launch-managers]}}\n"
UNMET = CHECKLIST.replace("launch-managers", "legal")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path, checklists=(tmp_path,))
    (tmp_path / "organisation.yaml").write_text(ORGANISATION)
    (tmp_path / "small.yaml").write_text(UNMET)
    yield here
    here.ledger.dispose()


def write(at: Place, checklist: str) -> None:
    (at.world.settings.home / "small.yaml").write_text(checklist)


def write_role(at: Place) -> None:
    at.world.organisation_file.file.write_text(ORGANISATION.replace("[launch-managers]", "[launch-managers, legal]"))


def a_round(at: Place) -> tuple[str, ...]:
    at.clock.wait(timedelta(seconds=30))
    return patrol(at.world).said


def receipt(at: Place) -> Receipt:
    found = at.ledger.receipts.find(KEY)
    assert found is not None
    return found


def refused(at: Place) -> None:
    keep(at.world, Tagged(**ABOUT), "push", "1", "mark")
    a_round(at)
    assert receipt(at).state == "ignored"
    assert at.world.launch(NAME) is None


def test_it_begins_once_when_somebody_has_the_role(at: Place) -> None:
    refused(at)
    assert 'nobody in the organisation has the role "legal"' in receipt(at).reason
    assert "tried again when the organisation file or its checklists change, until" in receipt(at).reason
    write_role(at)
    said = a_round(at)
    assert any(line.startswith(f"{KEY}: the organisation or its checklists are others now") for line in said)
    assert (receipt(at).state, receipt(at).launch_id) == ("started", NAME)
    seen = at.launch(NAME)
    a_round(at)
    assert at.launch(NAME).seq == seen.seq
    assert len(at.ledger.heads()) == 1


@pytest.mark.parametrize("broken", ["checklist: [", None])
def test_it_begins_when_a_broken_or_missing_checklist_is_there_again(at: Place, broken: str | None) -> None:
    write(at, broken or "")
    if broken is None:
        (at.world.settings.home / "small.yaml").unlink()
    refused(at)
    write(at, CHECKLIST)
    a_round(at)
    assert receipt(at).state == "started"


def test_where_nothing_has_changed_it_is_not_tried(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(at)
    looked: list[str] = []
    monkeypatch.setattr(opening, "known_releases", lambda *_: looked.append("git"))
    for _ in range(3):
        a_round(at)
    assert looked == []
    assert receipt(at).state == "ignored"


def test_a_change_that_helps_nothing_is_one_try(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(at)
    write(at, UNMET.replace("Go,", "Ship it,"))
    assert any("legal" in line for line in a_round(at))
    assert not any("are others now" in line for line in a_round(at))
    assert (receipt(at).state, receipt(at).reason.count("tried again")) == ("ignored", 1)


def eva_is_away(at: Place, days: int) -> date:
    """Nobody else could sign; the day on which she was seen last."""
    today = at.clock().date()
    away = f"roles: [launch-managers], absences: [{{from: {today}, to: {today + timedelta(days=days)}}}]"
    people = ORGANISATION.replace("roles: [launch-managers]", away)
    max_ = "  max@example.com: {name: Max, roles: [docs]}\nproducts:"
    at.world.organisation_file.file.write_text(people.replace("products:", max_))
    write(at, CHECKLIST)
    return today


def test_it_begins_when_somebody_may_sign_for_who_is_away(at: Place) -> None:
    """That is said by command, and stands in no file."""
    today = eva_is_away(at, 30)
    refused(at)
    ends = today + timedelta(days=30)
    at.ledger.delegations.grant(Granted("one", EVA.email, "max@example.com", today, ends, EVA.email, at.clock()))
    a_round(at)
    assert receipt(at).state == "started"


def test_it_begins_when_the_only_one_who_signs_is_back(at: Place) -> None:
    eva_is_away(at, 1)
    refused(at)
    at.clock.wait(timedelta(days=2))
    a_round(at)
    assert receipt(at).state == "started"


def test_it_does_not_begin_where_its_tag_was_deleted_meanwhile(at: Place) -> None:
    refused(at)
    keep(at.world, TagDeleted(**ABOUT), "delete", "2", "other")
    write_role(at)
    assert any("its tag was deleted" in line for line in a_round(at))
    a_round(at)
    assert at.world.launch(NAME) is None
    assert "tried again" not in receipt(at).reason


def test_it_begins_where_its_tag_came_back_after_it_was_deleted(at: Place) -> None:
    refused(at)
    keep(at.world, TagDeleted(**ABOUT), "delete", "2", "other")
    a_round(at)
    keep(at.world, Tagged(**ABOUT), "push", "3", "mark")
    a_round(at)
    write_role(at)
    a_round(at)
    assert receipt(at).state == "started"


def test_two_patrols_at_once_begin_one_launch(at: Place) -> None:
    refused(at)
    write_role(at)
    at.clock.wait(timedelta(seconds=30))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(patrol, [at.world] * 2))
    assert receipt(at).state == "started"
    assert len(at.ledger.heads()) == 1
    assert len([run for run in at.board.runs.values() if run.step is None]) == 1


def test_one_that_was_started_by_hand_and_abandoned_stays_so(at: Place) -> None:
    refused(at)
    write(at, CHECKLIST)
    open_launch(at.world, LaunchRequest(product="acme", version="2.4.0"))
    act(at.world, NAME, Abandon(by=EVA, reason="withdrawn"))
    for _ in range(2):
        a_round(at)
    assert at.launch(NAME).status == "abandoned"
    assert receipt(at).state == "started"


def test_one_refused_for_another_reason_stays_refused(at: Place) -> None:
    file = at.world.organisation_file.file
    file.write_text(ORGANISATION.replace("minor: small", "minor: ignore"))
    refused(at)
    why = receipt(at).reason
    assert why == "acme starts nothing for a minor version by its look: 2.4.0 is ignored"
    file.write_text(ORGANISATION)
    write(at, CHECKLIST)
    a_round(at)
    assert (receipt(at).state, receipt(at).reason) == ("ignored", why)


def test_a_file_nobody_can_read_keeps_no_launch_from_beginning(at: Place) -> None:
    write(at, CHECKLIST)
    (at.world.settings.home / "other.yaml").symlink_to("nowhere.yaml")
    keep(at.world, Tagged(**ABOUT), "push", "1", "mark")
    a_round(at)
    assert receipt(at).state == "started"


def test_what_was_told_of_long_ago_is_not_tried_again(at: Place) -> None:
    refused(at)
    at.clock.wait(timedelta(days=14))
    write_role(at)
    a_round(at)
    assert at.world.launch(NAME) is None
