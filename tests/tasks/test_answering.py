"""What was typed into a form and what came of it; the real form is tried in tests/flows/test_gate.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from checklists.commands import Sign
from checklists.decide import Refusal
from checklists.entries import Refused, Signed
from checklists.launch import Launch
from checklists.request import ItemRun
from tasks.act import act
from tasks.advance import advance
from tasks.answering import outcome, take_answer
from tests.checklists.launches import ADA, BEN, DAN, EVE
from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


def form(launch: Launch, item: str) -> ItemRun:
    run = launch.items[item].run
    assert run is not None
    return ItemRun(launch_id=launch.id, item=item, round=run.round, number=run.number, form=run.form)


def answered(at: Place, launch: Launch, item: str, **answer: Any) -> Launch | Refusal:
    """What `take_answer` says of this answer, whatever the board made of it."""
    run = launch.items[item].run
    assert run is not None
    at.board.runs[run.run_id].answer = answer or None
    return take_answer(at.world, form(launch, item), run.run_id)


def approve(at: Place, launch: Launch, item: str, by: str) -> Launch | Refusal:
    return answered(at, launch, item, decision="approve", signed_by=by)


def kinds(at: Place, launch: Launch) -> list[str]:
    return [entry.kind for entry in at.world.ledger.read(launch.id)[launch.seq :]]


def test_an_approval_is_a_signature_of_that_person_over_the_form(at: Place) -> None:
    launch = at.begun()
    signed = approve(at, launch, "docs", " Dan@Example.com ")
    assert not isinstance(signed, Refusal)
    entry = at.world.ledger.read(launch.id)[launch.seq]
    assert isinstance(entry.data, Signed)
    assert (entry.actor, entry.data.name, entry.data.via) == (DAN.email, DAN.name, "form")
    assert outcome(signed, form(launch, "docs")) == ("Approved", "docs: 1 signed")


@pytest.mark.parametrize("answer", [{}, {"comment": "fine"}, {"decision": "approve"}, {"signed_by": "dan@example.com"}])
def test_an_answer_that_is_none_closes_its_form_and_the_next_one_says_why(at: Place, answer: dict[str, str]) -> None:
    launch = at.begun()
    refusal = answered(at, launch, "docs", **answer)
    assert isinstance(refusal, Refusal)
    assert kinds(at, launch) == ["run-closed"]
    moved = advance(at.world, launch.id)
    run = moved.items["docs"].run
    assert run is not None
    assert run.number == 2
    assert refusal.reason.split(";")[0] in at.board.runs[run.run_id].description


def test_an_address_nobody_has_is_not_repeated_anywhere(at: Place) -> None:
    launch = at.begun()
    refusal = approve(at, launch, "docs", "sk-a-secret@vault")
    assert refusal == Refusal("nobody in this organisation has the mail address that was typed")
    moved = advance(at.world, launch.id)
    tried = at.world.ledger.read(launch.id)[launch.seq]
    assert isinstance(tried.data, Refused)
    assert (tried.actor, tried.data.via, len(tried.data.shown)) == ("nobody", "form", 64)
    assert "sk-a-secret" not in repr(at.world.ledger.read(launch.id))
    assert "sk-a-secret" not in at.board.runs[form_id(moved, "docs")].description


def form_id(launch: Launch, item: str) -> str:
    run = launch.items[item].run
    assert run is not None
    return run.run_id


def test_a_refused_try_is_in_the_record_with_its_reason(at: Place) -> None:
    launch = at.begun()
    refusal = approve(at, launch, "docs", ADA.email)
    assert isinstance(refusal, Refusal)
    tried = at.world.ledger.read(launch.id)[launch.seq]
    assert isinstance(tried.data, Refused)
    assert (tried.actor, tried.data.via) == (ADA.email, "form")
    assert tried.data.reason == refusal.reason
    assert outcome(refusal, form(launch, "docs")) == ("Refused", refusal.reason)


def test_the_same_answer_read_twice_counts_once(at: Place) -> None:
    """A flow run that died after it had signed is run again."""
    launch = at.begun()
    approve(at, launch, "qa", ADA.email)
    again = approve(at, launch, "qa", ADA.email)
    assert isinstance(again, Refusal)
    state = at.launch(launch.id).items["qa"]
    assert len(state.signatures) == 1


def test_an_answer_to_a_round_that_is_over_signs_nothing(at: Place) -> None:
    launch = at.begun()
    act(at.world, launch.id, Sign(by=BEN, item="qa", decision="request-changes", comment="old report"))
    late = approve(at, launch, "qa", ADA.email)
    assert isinstance(late, Refusal)
    assert "round 1 of qa is over" in late.reason
    assert at.launch(launch.id).items["qa"].signatures == ()


@pytest.mark.parametrize(
    ("decision", "name", "said"),
    [
        ("approve", "Approved", "docs: 1 signed"),
        ("request changes", "Changes requested", "docs: the page is old"),
        ("reject", "Rejected", "docs: rejected by Dan: the page is old"),
    ],
)
def test_a_run_is_called_what_became_of_it(at: Place, decision: str, name: str, said: str) -> None:
    launch = at.begun()
    answer = answered(at, launch, "docs", decision=decision, signed_by=DAN.email, comment="the page is old")
    assert outcome(answer, form(launch, "docs")) == (name, said)


def test_a_signature_that_is_not_the_last_says_who_is_missing(at: Place) -> None:
    launch = at.begun()
    answer = approve(at, launch, "qa", ADA.email)
    assert outcome(answer, form(launch, "qa")) == ("Signed", "qa: 1 of qa, 1 of security")


def test_a_gate_that_is_not_open_cannot_be_signed_by_a_forged_run(at: Place) -> None:
    launch = at.begun()
    forged = form(launch, "docs").model_copy(update={"item": "go"})
    run = launch.items["docs"].run
    assert run is not None
    at.board.runs[run.run_id].answer = {"decision": "approve", "signed_by": EVE.email}
    assert isinstance(take_answer(at.world, forged, run.run_id), Refusal)
    assert at.launch(launch.id).items["go"].signatures == ()


@pytest.mark.parametrize("answer", [None, {"signed_by": BEN.email, "decision": "approve"}])
def test_a_run_started_by_hand_neither_signs_nor_closes_the_form_that_is_open(
    at: Place, answer: dict[str, object] | None
) -> None:
    launch = at.begun()
    mine = at.board.runs[form_id(launch, "qa")]
    strange = replace(mine, run_id=str(uuid4()), key="by-hand", state="Running", answer=answer)
    at.board.runs[strange.run_id] = strange
    said = take_answer(at.world, form(launch, "qa"), strange.run_id)
    assert isinstance(said, Refusal)
    assert "answer that one" in said.reason
    assert at.launch(launch.id) == launch
    at.board.resume(mine.run_id, {"signed_by": BEN.email, "decision": "approve"})
    assert not isinstance(take_answer(at.world, form(launch, "qa"), mine.run_id), Refusal)
