"""Who may sign a gate, and what follows from a signature."""

from __future__ import annotations

import pytest

from checklists.commands import Actor, Hold, Resume, Sign, Waive
from checklists.entries import Decision, Piece
from checklists.launch import Launch
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    DAN,
    EVE,
    FAY,
    STRANGER,
    begun,
    decided,
    refused,
    report,
    sign,
    told,
)


def signed(*people: Actor) -> Launch:
    return told(begun(), *(sign(person, "qa") for person in people))


def at_the_go() -> Launch:
    waived = [Waive(by=EVE, item=item, reason="known good") for item in ("qa", "docs", "links", "training", "guide")]
    return told(begun(), *waived)


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (signed(ADA), sign(ADA, "qa"), "Ada has approved qa already; one person fills one place"),
        (signed(ADA, CAT), sign(ADA, "qa"), "Ada has approved qa already"),
        (signed(ADA, BEN, CAT), sign(ADA, "qa"), "qa is passed already, since 23 Nov 2026 10:00 UTC"),
        (begun(), sign(DAN, "qa"), "Dan does not hold the role qa or security, which qa asks for"),
        (begun(), sign(EVE, "docs"), "Eve does not hold the role docs, which docs asks for"),
        (begun(), sign(STRANGER, "qa"), "stranger@example.com is not a person of this organisation"),
        (begun(), sign(Actor(""), "qa"), "nobody is not a person of this organisation"),
        (begun(), sign(ADA, "qa", round_=2), "round 2 of qa is over; it is in round 1 now"),
        (begun(), sign(ADA, "qa", "request-changes", "  "), "say in the comment what has to change"),
        (begun(), sign(ADA, "qa", "reject", ""), "say in the comment what has to change"),
        (begun(), sign(EVE, "go"), "go is not open yet; it waits for qa, links, training, guide"),
        (begun(), sign(DAN, "guide"), "guide is a todo; nobody signs it"),
        (begun(), sign(DAN, "links"), "links is a check; nobody signs it"),
        (begun(), sign(ADA, "quality"), 'no item is called "quality"'),
        (begun(), sign(ADA, "qa", comment="x" * 2001), "what was written has 2001 characters"),
        (begun(), sign(ADA, "qa", comment="\ud800"), "not readable text"),
        (
            begun(),
            Sign(by=ADA, item="qa", decision="approve", evidence={"a": Piece(url="b" * 2001)}),
            "has 2001 characters",
        ),
        (
            begun(),
            Sign(
                by=ADA,
                item="qa",
                decision="approve",
                evidence={str(number): Piece(url="https://x") for number in range(51)},
            ),
            "51 pieces of evidence are more than anybody reads; 50 at most",
        ),
    ],
)
def test_a_signature_is_refused_with_its_reason(launch: Launch, command: Sign, reason: str) -> None:
    assert reason in refused(launch, command)


def test_a_gate_passes_once_every_place_is_filled() -> None:
    assert signed(ADA, BEN).items["qa"].status == "open"
    assert signed(ADA, BEN, CAT).items["qa"].status == "passed"
    assert signed(ADA, BEN, CAT).items["qa"].summary == "3 signed"


def test_somebody_with_two_roles_fills_one_place() -> None:
    assert signed(BEN).items["qa"].missing in {("1 of qa", "1 of security"), ("2 of qa",)}
    assert signed(BEN, ADA).items["qa"].missing != ()


@pytest.mark.parametrize("people", [(ADA, BEN, CAT), (BEN, ADA, CAT), (ADA, CAT, BEN), (BEN, CAT, ADA)])
def test_somebody_with_two_roles_never_blocks_what_can_be_met(people: tuple[Actor, ...]) -> None:
    assert signed(*people).items["qa"].places == {
        ADA.email: "2 of qa",
        CAT.email: "2 of qa",
        BEN.email: "1 of security",
    }


def test_one_too_many_of_a_role_is_told_so() -> None:
    gus = Actor("gus@example.com", "Gus", ("qa",))
    assert refused(signed(ADA, CAT), sign(gus, "qa")) == (
        "every place that Gus could fill is taken; qa waits for others"
    )


def test_one_too_many_of_a_role_may_still_ask_for_changes() -> None:
    gus = Actor("gus@example.com", "Gus", ("qa",))
    assert told(signed(ADA, CAT), sign(gus, "qa", "request-changes")).items["qa"].round == 2


def test_roles_count_as_they_were_when_somebody_signed() -> None:
    moved = Actor(BEN.email, BEN.name, ())
    launch = signed(BEN)
    assert "does not hold the role" in refused(launch, sign(moved, "qa"))
    assert told(launch, sign(ADA, "qa"), sign(CAT, "qa")).items["qa"].status == "passed"


def test_requested_changes_begin_a_round_in_which_nobody_has_signed() -> None:
    gate = told(signed(ADA, BEN), sign(CAT, "qa", "request-changes", "the login is broken")).items["qa"]
    assert (gate.status, gate.round, gate.approvals) == ("changes-requested", 2, {})
    assert (gate.question, gate.missing) == ("the login is broken", ("2 of qa", "1 of security"))


def test_who_signed_one_round_signs_the_next_one_again() -> None:
    launch = told(signed(ADA), sign(CAT, "qa", "request-changes"))
    launch = told(launch, *(sign(person, "qa", round_=2) for person in (ADA, BEN, CAT)))
    assert launch.items["qa"].status == "passed"


def test_an_answer_to_an_earlier_round_does_not_count() -> None:
    launch = told(begun(), sign(ADA, "qa", "request-changes"))
    assert refused(launch, sign(BEN, "qa", round_=1)) == "round 1 of qa is over; it is in round 2 now"


def test_an_answer_counts_for_its_own_gate_only() -> None:
    both = Actor("both@example.com", "Both", ("qa", "docs", "support"))
    launch = told(begun(), sign(both, "docs"))
    assert launch.items["docs"].status == "passed"
    assert (launch.items["qa"].signatures, launch.items["training"].signatures) == ((), ())


def test_a_form_counts_once() -> None:
    launch = told(begun(), sign(ADA, "qa", number=1))
    assert refused(launch, sign(BEN, "qa", number=1)) == "this form was answered already; a new one is open"
    assert BEN.email in told(launch, sign(BEN, "qa", number=2)).items["qa"].approvals


def test_a_form_that_was_never_opened_does_not_count() -> None:
    assert "answered already" in refused(begun(), sign(ADA, "qa", number=7))


@pytest.mark.parametrize("decision", ["request-changes", "reject"])
def test_a_no_without_a_comment_leaves_the_gate_as_it_is(decision: Decision) -> None:
    launch = begun()
    tried = decided(launch, sign(ADA, "qa", decision, " \n\t"))
    assert [entry.kind for entry in tried] == ["refused"]


def test_a_rejected_gate_waits_for_a_decision() -> None:
    gate = told(begun(), sign(DAN, "docs", "reject", "unreadable")).items["docs"]
    assert (gate.status, gate.summary) == ("rejected", "rejected by Dan: unreadable")
    assert gate.run is not None
    assert gate.run.form == "rescue"


def test_a_rejected_gate_takes_no_signature() -> None:
    launch = told(begun(), sign(DAN, "docs", "reject", "unreadable"))
    assert refused(launch, sign(DAN, "docs")) == (
        "docs was rejected by Dan: unreadable; it has to be opened again or waived first"
    )


def test_a_launch_manager_who_rejects_puts_the_launch_on_hold() -> None:
    launch = told(at_the_go(), sign(EVE, "go", "reject", "not this week"))
    assert (launch.status, launch.reason) == ("on-hold", "go rejected by Eve: not this week")


def test_anybody_else_who_rejects_leaves_the_launch_running() -> None:
    assert told(begun(), sign(DAN, "docs", "reject", "unreadable")).status == "in-progress"


def test_signatures_are_taken_while_the_launch_is_on_hold() -> None:
    launch = told(begun(), Hold(by=EVE, reason="frozen"), sign(DAN, "docs"))
    assert launch.items["docs"].status == "passed"
    assert launch.items["links"].status == "waiting"
    assert told(launch, Resume(by=EVE)).items["links"].status == "running"


def test_the_audience_signs_its_training() -> None:
    assert told(begun(), sign(FAY, "training")).items["training"].status == "passed"


def test_a_closed_gate_stays_closed_whatever_a_machine_reports() -> None:
    launch = signed(ADA, BEN, CAT)
    assert decided(launch, report("qa", ok=False)) == ()
