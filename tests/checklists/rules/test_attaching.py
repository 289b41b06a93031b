"""Evidence beside an item: anybody may add it, and what was approved with another piece is open again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checklists.commands import AddEvidence, Waive
from checklists.entries import Piece
from checklists.launch import Launch
from checklists.rules.attaching import missing_evidence
from tests.checklists.bound import attach, bound_launch, piece
from tests.checklists.launches import ADA, BEN, DAN, EVE, STRANGER, begun, finished, refused, sign, told
from tests.checklists.rules import bound
from tests.checklists.rules.bound import approve, launched, who


def approved() -> Launch:
    return told(bound_launch(), attach(), sign(DAN, "contract"))


def test_a_piece_says_who_attached_it() -> None:
    exhibit = told(bound_launch(), attach(by=BEN)).items["contract"].evidence["contract"]
    assert (exhibit.piece, exhibit.by) == (piece(), BEN.email)


def test_a_replaced_piece_opens_the_gate_that_is_bound_to_it() -> None:
    gate = told(approved(), attach("two")).items["contract"]
    assert (gate.round, gate.because, gate.approvals) == (2, "evidence", {})
    assert gate.changes[0].startswith("contract was https://example.com/contract (")
    passed = told(approved(), sign(ADA, "contract"), attach("two")).items["contract"]
    assert (passed.status, [s.by for s in passed.earlier]) == ("open", [DAN.email, ADA.email])


def test_another_piece_beside_it_replaces_nothing() -> None:
    assert told(approved(), attach("two", name="annex")).items["contract"].round == 1


def test_the_same_piece_again_replaces_nothing_also_where_nobody_can_fetch_it() -> None:
    again = AddEvidence(by=DAN, item="contract", evidence={"contract": without_digest()})
    launch = told(approved(), attach(), again)
    assert (launch.items["contract"].round, launch.items["contract"].evidence["contract"].piece) == (1, piece())
    assert told(launch, attach("two")).items["contract"].round == 2


def without_digest() -> Piece:
    return piece().model_copy(update={"sha256": None, "problem": "no answer"})


def test_nobody_has_approved_yet_so_nothing_is_open_again() -> None:
    assert told(bound_launch(), attach(), attach("two")).items["contract"].round == 1


def test_a_gate_bound_to_something_else_keeps_its_signatures() -> None:
    launch = told(bound_launch(), sign(ADA, "qa"), attach("one", item="qa"), attach("two", item="qa"))
    assert list(launch.items["qa"].approvals) == [ADA.email]


def test_a_waived_gate_stays_waived() -> None:
    launch = told(approved(), Waive(by=EVE, item="contract", reason="known good"), attach("two"))
    assert launch.items["contract"].status == "waived"


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (bound_launch(), attach(item="nothing"), 'no item is called "nothing"'),
        (bound_launch(), attach(by=STRANGER), "not a person of this organisation"),
        (bound_launch(), replace(attach(), evidence={}), "name the evidence and its address"),
        (bound_launch(), replace(attach(), evidence={str(n): piece() for n in range(51)}), "50 at most"),
        (bound_launch(), replace(attach(), round=2), "round 2 of contract is over; it is in round 1 now"),
        (bound_launch(), attach(name="\udfff"), "not readable text"),
        (finished(begun()), attach(item="qa"), "acme 2.4.0 is closed"),
    ],
)
def test_it_is_refused_with_its_reason(launch: Launch, command: AddEvidence, reason: str) -> None:
    assert reason in refused(launch, command)


def test_a_gate_lacks_what_it_names_and_nobody_has_brought() -> None:
    launch = launched()
    assert missing_evidence(launch.items["notes"], {}) == ("draft",)
    assert missing_evidence(launch.items["notes"], {"other": Piece(url="https://a")}) == ("draft",)
    assert missing_evidence(launch.items["notes"], {"draft": Piece(url="https://a")}) == ()
    assert missing_evidence(launch.items["code"], {}) == missing_evidence(launch.items["todo"], {}) == ()
    assert missing_evidence(told(launch, approve(who(bound.BEN), "notes", draft="https://a")).items["notes"], {}) == ()
