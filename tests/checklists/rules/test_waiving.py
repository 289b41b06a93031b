"""Who may leave an item out, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checklists.commands import TMINUS, Actor, Waive
from checklists.launch import Launch
from tests.checklists.bound import bound_launch, difference, observe
from tests.checklists.launches import ADA, BEN, DAN, EVE, NOW, STRANGER, begun, refused, report, sign, told

GUS = Actor("gus@example.com", "Gus", ("release-board", "qa"))


def waive(by: Actor = EVE, item: str = "qa", reason: str = "known good", **more: object) -> Waive:
    return Waive(by=by, item=item, reason=reason, **more)  # type: ignore[arg-type]  # tests know what


@pytest.mark.parametrize("item", ["qa", "docs", "links", "training", "guide", "go", "tell"])
def test_a_launch_manager_waives_anything_open_or_waiting(item: str) -> None:
    waived = told(begun(), waive(item=item, reason=" known good ")).items[item]
    assert (waived.status, waived.summary, waived.run) == ("waived", "known good", None)


@pytest.mark.parametrize("item", ["qa", "docs", "links", "training", "guide", "go", "tell", "review"])
def test_a_waived_item_never_parks_the_launch(item: str) -> None:
    launch = told(begun(), waive(item=item))
    launch = told(launch, *(waive(item=key) for key in launch.items if key != item))
    assert (launch.status, launch.has_ended) == ("closed", True)


def test_what_waited_for_a_waived_gate_opens() -> None:
    assert told(begun(), waive(item="docs")).items["links"].status == "running"


def test_a_failed_check_can_be_waived_through_its_form() -> None:
    launch = told(begun(), sign(DAN, "docs"), report("links", ok=False))
    run = launch.items["links"].run
    assert run is not None
    assert told(launch, waive(item="links", number=run.number, round=1)).items["links"].status == "waived"


def test_the_organisation_says_whose_waivers_are() -> None:
    assert "Eve does not hold the role release-board" in refused(begun(), waive(role="release-board"))
    assert told(begun(), waive(GUS, role="release-board")).items["qa"].status == "waived"


def by_eve(launch: Launch, item: str) -> str:
    return refused(launch, waive(item=item))


def test_nobody_waives_their_own_work() -> None:
    wrote = difference(head="1" * 40, authors=(EVE.email,))
    launch = told(bound_launch(), observe(difference=wrote))
    assert by_eve(launch, "qa") == "Eve had a hand in what qa looks at; somebody else has to waive it"
    assert told(launch, waive(item="everybody")).items["everybody"].status == "waived"


def test_nobody_waives_what_they_asked_for_themselves() -> None:
    launch = replace(bound_launch(), started_by=EVE.email)
    assert "somebody else has to waive it" in by_eve(launch, "contract")
    assert told(launch, waive(item="guide")).items["guide"].status == "waived"


def test_an_alias_is_the_same_person() -> None:
    launch = told(bound_launch(), observe(difference=difference(head="1" * 40, authors=("github:eve",))))
    known = replace(EVE, aliases=("github:eve",))
    assert "somebody else has to waive it" in refused(launch, waive(known))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (waive(reason=""), "a waiver needs a reason"),
        (waive(reason=" \n\u00a0"), "a waiver needs a reason"),
        (waive(reason="x" * 2001), "2000 is the most"),
        (waive(ADA), "Ada does not hold the role launch-managers"),
        (waive(STRANGER), "not a person of this organisation"),
        (waive(round=3), "round 3 of qa is over"),
        (waive(number=9), "this form was answered already"),
        (waive(item="nothing"), 'no item is called "nothing"'),
        (waive(until=date(2026, 12, 1)), "2026-12-01 is no day a waiver can end on"),
        (waive(until=date(2026, 11, 22), expires_at=datetime(2026, 11, 23, tzinfo=UTC)), "2026-11-22 is over"),
        (waive(expires_at=NOW), "2026-11-23 10:00:00+00:00 is over"),
        (
            waive(replace(EVE, roles=(*EVE.roles, "docs")), "guide"),
            "guide belongs to docs, as Eve does; somebody else has to waive it",
        ),
    ],
)
def test_it_is_refused_with_its_reason(command: Waive, reason: str) -> None:
    assert reason in refused(begun(), command)


def test_a_waiver_may_be_for_some_time_only() -> None:
    ends = NOW + timedelta(hours=1)
    waived = told(begun(), waive(until=ends.date(), expires_at=ends)).items["qa"]
    assert (waived.status, waived.waived_until) == ("waived", ends)


def test_the_machine_may_not_waive_what_nobody_may() -> None:
    assert "tminus does not hold the role release-board" in refused(bound_launch(), waive(TMINUS, role="release-board"))
    assert told(bound_launch(), waive(EVE, "qa"), waive(EVE, "words")).items["words"].status == "waived"
    assert BEN.email not in told(bound_launch(), waive(EVE, "qa")).items["qa"].approvals
