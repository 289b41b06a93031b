"""A retag opens again what is bound to what changed, and leaves the rest signed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checklists.checklist import Checklist
from checklists.commands import TMINUS, Abandon, Retag, Waive
from checklists.entries import Difference
from checklists.launch import Launch
from tests.checklists.bound import (
    BOUND,
    FIRST,
    SECOND,
    THIRD,
    bound_launch,
    bound_start,
    content,
    difference,
    observe,
    retag,
)
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    DAN,
    EVE,
    begun,
    decided,
    finished,
    refused,
    report,
    sign,
    statuses,
    told,
)


def signed() -> Launch:
    return told(bound_launch(), sign(ADA, "qa"), sign(BEN, "security"), report("commit"), sign(ADA, "everybody"))


def rounds(launch: Launch) -> dict[str, int]:
    return {key: state.round for key, state in launch.items.items() if state.round > 1}


def test_what_is_bound_to_the_code_is_open_again_and_the_rest_stays_signed() -> None:
    launch = told(signed(), retag())
    assert rounds(launch) == {"qa": 2, "security": 2, "commit": 2}
    assert {launch.items[key].because for key in rounds(launch)} == {"code"}
    assert [s.by for s in launch.items["everybody"].signatures] == [ADA.email]


def test_a_retag_elsewhere_leaves_a_gate_bound_to_some_paths_signed() -> None:
    launch = told(signed(), retag(SECOND, "docs/index.md"))
    assert rounds(launch) == {"qa": 2, "commit": 2}
    assert launch.items["security"].status == "passed"
    assert (launch.bound_content("security"), launch.bound_content("qa")) == (FIRST, SECOND)
    later = told(launch, retag(THIRD, "src/a.py"))
    assert (rounds(later)["security"], later.bound_content("security")) == (2, THIRD)


@pytest.mark.parametrize("unknown", [difference("docs/a.md", all_files=False), difference("docs/a.md", why="no git")])
def test_where_the_files_are_not_all_known_every_path_may_have_changed(unknown: Difference) -> None:
    launch = told(signed(), replace(retag(), difference=unknown))
    assert launch.items["security"].round == 2


def test_no_stale_approval_counts_and_its_signer_may_confirm_it() -> None:
    launch = told(signed(), retag())
    gate = launch.items["qa"]
    assert (gate.status, gate.approvals, [s.by for s in gate.earlier]) == ("open", {}, [ADA.email])
    assert gate.changes == (
        "the code is 222222222222 now, it was 111111111111",
        "2222222 Fix the login",
        "files: src/login.py",
    )
    again = told(launch, sign(ADA, "qa"), sign(CAT, "qa")).items["qa"]
    assert (again.status, again.round) == ("passed", 2)


def test_an_approval_of_the_round_before_is_refused() -> None:
    launch = told(signed(), retag())
    assert refused(launch, sign(CAT, "qa", round_=1)) == "round 1 of qa is over; it is in round 2 now"


def test_who_has_not_confirmed_yet_sees_everything_since_their_approval() -> None:
    launch = told(signed(), retag(), retag(THIRD))
    gate = launch.items["qa"]
    assert [s.by for s in gate.earlier] == [ADA.email]
    assert [text for text in gate.changes if text.startswith("the code")] == [
        "the code is 333333333333 now, it was 222222222222",
        "the code is 222222222222 now, it was 111111111111",
    ]


def test_what_was_asked_for_is_still_asked_in_the_round_of_the_new_commit() -> None:
    launch = told(signed(), sign(CAT, "qa", "request-changes", "the login is broken"), retag())
    gate = launch.items["qa"]
    assert (gate.round, gate.question, gate.asked_by) == (3, "the login is broken", CAT.email)
    assert [s.by for s in gate.earlier] == [ADA.email]
    settled = told(launch, sign(ADA, "qa"), sign(BEN, "qa"), retag(THIRD)).items["qa"]
    assert (settled.round, settled.question) == (4, "")


def test_a_check_of_the_commit_runs_again_and_its_old_result_counts_for_nothing() -> None:
    launch = told(bound_launch(), retag())
    check = launch.items["commit"]
    assert check.run is not None
    assert (check.status, check.run.round) == ("running", 2)
    assert decided(launch, report("commit", round_=1)) == ()


def test_what_is_not_open_yet_is_left_alone() -> None:
    assert told(bound_launch(), retag()).items["go"].round == 1


def test_what_was_signed_and_has_to_wait_again_is_void_too() -> None:
    needing = {**BOUND.items, "qa": BOUND.items["qa"].model_copy(update={"needs": ("docs",)})}
    launch = begun(replace(bound_start(), checklist=Checklist(checklist="bound", items=needing)))
    launch = told(launch, observe(content("guide", "a")), sign(DAN, "docs"), sign(ADA, "qa"))
    shut = told(launch, observe(content("guide", "b")))
    assert (shut.items["qa"].status, list(shut.items["qa"].approvals)) == ("waiting", [ADA.email])
    void = told(shut, retag(), sign(DAN, "docs"))
    assert (void.items["qa"].status, void.items["qa"].round, void.items["qa"].approvals) == ("open", 2, {})


def test_decisions_of_people_stand() -> None:
    launch = told(
        signed(), Waive(by=EVE, item="qa", reason="known good"), sign(BEN, "everybody", "reject", "no"), retag()
    )
    assert (launch.items["qa"].status, launch.items["everybody"].status) == ("waived", "rejected")


def test_everybody_who_wrote_any_of_its_commits_is_an_author() -> None:
    by = [difference(authors=("Ada@example.com",)), difference(authors=("ben@example.com",))]
    launch = told(signed(), replace(retag(), difference=by[0]), replace(retag(THIRD), difference=by[1]))
    assert launch.authors == {ADA.email, BEN.email}
    assert launch.unread == ""
    assert told(launch, retag("4" * 40, why="git is away")).unread == "git is away"


def test_the_same_commit_again_is_nothing_new() -> None:
    launch = told(signed(), retag())
    assert decided(launch, retag()) == ()


def test_another_tag_on_the_same_commit_opens_nothing() -> None:
    launch = told(signed(), Retag(by=EVE, commit=FIRST, tag="v2.4.0", difference=difference()))
    assert (rounds(launch), launch.release.tag) == ({}, "v2.4.0")


def test_a_late_webhook_does_not_turn_a_launch_back() -> None:
    launch = told(signed(), retag(by=TMINUS, via="webhook"))
    assert "has left 111111111111 already; where it is to go back: tminus retag" in refused(
        launch, retag(FIRST, by=TMINUS, via="webhook")
    )
    assert told(launch, retag(FIRST)).release.commit == FIRST


@pytest.mark.parametrize(
    ("launch", "command", "reason"),
    [
        (bound_launch(), retag(by=DAN), "Dan does not hold the role launch-managers"),
        (bound_launch(), retag(""), "name the commit by its hash"),
        (bound_launch(), retag("1" * 65), "name the commit by its hash"),
        (bound_launch(), retag("v2.4.0 "), "name the commit by its hash"),
        (bound_launch(), replace(retag(), tag="x" * 201), "a tag has at most 200 characters"),
        (told(bound_launch(), Abandon(by=EVE, reason="enough")), retag(), "acme 2.4.0 is abandoned; nothing can be"),
        (finished(begun()), retag(), "acme 2.4.0 is closed"),
    ],
)
def test_it_is_refused_with_its_reason(launch: Launch, command: Retag, reason: str) -> None:
    assert reason in refused(launch, command)


def test_a_launch_that_is_out_stays_as_it_was_signed() -> None:
    waived = [Waive(by=EVE, item=key, reason="known good") for key in BOUND.items if key != "guide"]
    launch = told(bound_launch(), *waived)
    out = replace(launch, launched_at=launch.started_at)
    assert refused(out, retag()) == "acme 2.4.0 is out, with 111111111111; give the new commit a new version"
    assert statuses(out)["qa"] == "waived"
