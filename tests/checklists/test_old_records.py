"""What tminus 0.1.0 wrote down is understood, at whatever point its launch was when the newer one came."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from checklists.entries import Entry
from checklists.fold import fold
from checklists.launch import Launch
from checklists.opening import facts
from tests.checklists.bound import retag
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, carried_out, told
from tests.checklists.stories import assert_valid, brought_to_its_end

EXPORT = Path(__file__).parents[1] / "ledger" / "exports" / "acme-2.4.0.by-0.1.0.jsonl"
LINES = [json.loads(line) for line in EXPORT.read_text().splitlines()]
WRITTEN = TypeAdapter(tuple[Entry, ...]).validate_python([line["entry"] for line in LINES if "entry" in line])


def at(seq: int) -> Launch:
    """The launch as it was told up to this entry."""
    return fold(WRITTEN[:seq])


def test_the_whole_story_is_understood() -> None:
    launch = fold(WRITTEN)
    assert (launch.status, launch.has_ended, len(WRITTEN)) == ("closed", True, 55)
    assert sorted(launch.items["qa"].approvals) == [ADA.email, BEN.email, CAT.email]
    assert (launch.items["qa"].round, launch.items["training"].status) == (2, "waived")
    assert (launch.difference, launch.behind, launch.replaces, launch.authors) == (None, (), (), frozenset())


def test_evidence_that_was_an_address_only_is_a_piece_without_a_digest() -> None:
    exhibit = fold(WRITTEN).items["qa"].evidence["test-report"]
    assert (exhibit.url, exhibit.piece.sha256, exhibit.by) == ("https://ci.example.com/2", None, ADA.email)


def test_what_was_not_written_down_is_said_to_be_asserted() -> None:
    (signature,) = fold(WRITTEN).items["docs"].signatures
    assert (signature.by, signature.proof, signature.instead_of) == (DAN.email, "asserted", None)


def test_a_rejection_of_those_days_is_a_failure_that_a_person_settles() -> None:
    assert at(23).items["docs"].is_troubled
    assert at(29).items["docs"].question == "filled in"


@pytest.mark.parametrize("seq", range(1, len(WRITTEN) + 1))
def test_a_launch_goes_on_from_wherever_it_was(seq: int) -> None:
    launch = at(seq)
    assert_valid(launch)
    assert brought_to_its_end(launch).status == "closed"


@pytest.mark.parametrize("seq", range(1, 50))
def test_nothing_it_has_decided_is_taken_back(seq: int) -> None:
    """The rules of the newer tminus shut and reopen nothing by themselves."""
    assert not [fact for fact in facts(at(seq), WRITTEN[seq - 1].at) if fact.kind in ("shut", "reopened")]


def test_it_can_be_given_another_commit() -> None:
    moved = told(carried_out(at(40)), retag("2" * 40))
    assert {key for key, state in moved.items.items() if state.because == "code"} == set()
    assert moved.release.commit == "2" * 40
    assert EVE.email == moved.started_by
