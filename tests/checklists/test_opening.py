"""What opens, shuts, passes and blocks again by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from checklists.checklist import Checklist
from checklists.commands import Abandon, Actor, FollowUp, Hold, Rerun, Reschedule, Waive
from checklists.dates import Calendar
from checklists.due import CloseRun, due, wanted
from checklists.entries import FollowedUp
from checklists.fold import fold
from checklists.follow_up import Again
from checklists.launch import Launch
from checklists.opening import is_too_late
from checklists.summary import wake_at
from tests.checklists.bound import BOUND, attach, bound_launch, observe, retag
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    DAN,
    EVE,
    NOW,
    ON_THE_DAY,
    begun,
    carried_out,
    decided,
    refused,
    report,
    sign,
    start,
    statuses,
    told,
    written,
)

LATER = NOW + timedelta(days=2)


def written_down(launch: Launch) -> Launch:
    """The launch after the facts that are due, and nothing else."""
    return fold(written(launch, due(launch, NOW)), onto=launch)


def ready_to_go() -> Launch:
    """Everything before `go` has passed, by real signatures."""
    everybody = [sign(by, key) for key in ("qa", "everybody") for by in (ADA, BEN)]
    others = [sign(BEN, "security"), sign(DAN, "docs"), report("commit"), sign(CAT, "everybody"), attach()]
    return told(bound_launch(), *everybody, *others, sign(DAN, "contract"), sign(ADA, "contract"))


def waived(launch: Launch, *items: str, hours: int = 24) -> Launch:
    until = NOW + timedelta(hours=hours)
    return told(
        launch, *(Waive(by=EVE, item=i, reason="known good", until=until.date(), expires_at=until) for i in items)
    )


def test_what_depends_on_a_reopened_gate_waits_again_and_keeps_its_signatures() -> None:
    held = told(ready_to_go(), sign(EVE, "go", "request-changes", "who is on call?"))
    launch = told(held, retag())
    gate = launch.items["go"]
    assert (gate.status, gate.round, gate.run) == ("waiting", 2, None)
    assert launch.blocked_by("go") == ("qa", "security", "commit")
    launch = told(launch, sign(ADA, "qa"), sign(CAT, "qa"), sign(BEN, "security"), report("commit", round_=2))
    again = launch.items["go"]
    assert (again.status, again.round, again.question) == ("changes-requested", 2, "who is on call?")


def test_the_form_of_what_waits_again_says_what_for() -> None:
    shut = written_down(fold(decided(ready_to_go(), retag()), onto=ready_to_go()))
    why = {step.item: step.why for step in due(shut, NOW) if isinstance(step, CloseRun)}
    assert why == {"go": "it waits for qa, security, commit again"}


def test_nobody_signs_what_has_to_wait_again_even_before_that_is_written_down() -> None:
    launch = fold(decided(ready_to_go(), retag()), onto=ready_to_go())
    assert launch.items["go"].status == "open"
    assert refused(launch, sign(EVE, "go")) == "go is not open any more; it waits for qa, security, commit"


def test_what_passed_stays_passed_but_nothing_behind_it_goes_on() -> None:
    launch = told(ready_to_go(), sign(EVE, "go"), Waive(by=EVE, item="words", reason="same as last time"), retag())
    assert launch.items["go"].status == "passed"
    assert launch.blocked_by("tell") == ("qa", "security", "commit")
    assert carried_out(launch, ON_THE_DAY).items["tell"].status == "waiting"


def test_a_waiver_lets_the_launch_go_on_whatever_is_behind_it() -> None:
    launch = told(bound_launch(), Waive(by=EVE, item="go", reason="now"), Waive(by=EVE, item="words", reason="now"))
    assert carried_out(launch, ON_THE_DAY).items["tell"].status == "running"


def test_a_late_result_of_a_check_that_had_to_wait_again_counts_for_nothing() -> None:
    launch = waived(told(begun(), sign(DAN, "docs", "reject", "unreadable")), "docs")
    assert launch.items["links"].status == "running"
    shut = carried_out(launch, LATER)
    assert (shut.items["docs"].status, shut.items["links"].status) == ("open", "waiting")
    assert decided(shut, report("links")) == ()
    again = told(shut, sign(DAN, "docs"), now=LATER)
    assert (again.items["links"].status, again.items["links"].round) == ("running", 1)
    assert decided(again, report("links", number=1)) == ()
    assert told(again, report("links", number=2)).items["links"].status == "passed"


def test_an_expired_waiver_blocks_again_and_says_why() -> None:
    launch = waived(told(begun(), sign(ADA, "qa")), "qa")
    assert carried_out(launch, NOW + timedelta(hours=23)).items["qa"].status == "waived"
    gate = carried_out(launch, LATER).items["qa"]
    assert (gate.status, gate.round, gate.because, gate.approvals) == ("open", 2, "expired", {})
    assert gate.question == "it was waived until 24 Nov 2026 10:00 UTC by eve@example.com: known good"
    assert [s.by for s in gate.earlier] == [ADA.email]


def test_nothing_opens_in_the_moment_a_waiver_ends() -> None:
    """Everything else was settled while nobody looked: what blocks again comes first."""
    launch = waived(begun(), "qa", "docs", "links", "training")
    asleep = fold(decided(launch, Waive(by=EVE, item="guide", reason="x"), LATER), onto=launch)
    assert carried_out(asleep, LATER).items["go"].opened_at is None


def test_a_waiver_holds_for_ever_once_the_launch_is_out() -> None:
    launch = waived(begun(), *(key for key in begun().items if key != "review"))
    assert launch.launched_at == NOW
    assert carried_out(launch, LATER).items["qa"].status == "waived"


def test_a_waiver_ends_also_while_the_launch_is_on_hold() -> None:
    launch = told(waived(begun(), "docs"), Hold(by=EVE, reason="frozen"))
    assert carried_out(launch, LATER).items["docs"].status == "open"


def test_a_waiver_of_an_announcement_that_ends_lets_nothing_leave_before_its_time() -> None:
    launch = carried_out(waived(begun(), "tell"), LATER)
    assert (launch.items["tell"].status, launch.items["tell"].round) == ("waiting", 2)
    forced = told(waived(launch, *(k for k in launch.items if k not in ("tell", "review")), hours=999))
    assert carried_out(forced, ON_THE_DAY - timedelta(seconds=1)).items["tell"].status == "waiting"
    assert carried_out(forced, ON_THE_DAY).items["tell"].status == "running"


@pytest.mark.parametrize("what", ["correction", "recall"])
def test_an_announcement_that_was_corrected_or_recalled_does_not_begin_anew(what: Again) -> None:
    """The rest would hear what is wrong by now."""
    launch = waived(begun(), "tell")
    assert carried_out(launch, LATER).items["tell"].round == 2
    launch = told(launch, FollowUp(by=EVE, item="tell", what=what, note="Wrong.", heard=9))
    assert (carried_out(launch, LATER).items["tell"].status, wake_at(launch, LATER) == LATER) == ("waived", False)


def test_what_an_earlier_version_opened_again_after_a_correction_begins_no_runs() -> None:
    launch = carried_out(waived(begun(), "tell"), LATER)
    said = FollowedUp(item="tell", round=1, what="correction", number=1, note="Wrong.")
    state = replace(launch.items["tell"], status="open", follow_ups=(said,), run=None)
    assert wanted(state, launch) is None


def test_a_launch_that_is_moved_takes_its_announcement_back() -> None:
    launch = waived(begun(), *(key for key in begun().items if key not in ("tell", "review")), hours=999)
    launch = told(carried_out(launch, ON_THE_DAY), Hold(by=EVE, reason="not today"), now=ON_THE_DAY)
    moved = told(launch, Reschedule(by=EVE, launch_on=date(2026, 12, 3), calendar=Calendar()), now=ON_THE_DAY)
    assert (moved.items["tell"].status, moved.items["tell"].run) == ("waiting", None)


def test_a_gate_passes_when_the_last_who_is_missing_leaves_the_role() -> None:
    launch = told(bound_launch(), *(sign(by, "everybody") for by in (ADA, BEN)))
    gone = told(launch, observe(rosters={"qa": (ADA.email, BEN.email)})).items["everybody"]
    assert (gone.status, gone.summary) == ("passed", "2 signed")


@pytest.mark.parametrize("signers", [(), (ADA,)])
def test_a_gate_that_still_misses_somebody_stays_open(signers: tuple[Actor, ...]) -> None:
    launch = told(bound_launch(), *(sign(by, "everybody") for by in signers))
    assert told(launch, observe(rosters={"qa": (BEN.email,)})).items["everybody"].status == "open"


def test_a_rejection_stands_when_what_it_needs_is_open_again() -> None:
    launch = told(ready_to_go(), sign(EVE, "go", "reject", "not now"), retag())
    assert (launch.items["go"].status, launch.held) == ("rejected", "go rejected by Eve: not now")
    again = told(launch, Rerun(by=EVE, item="go", comment="after all"))
    assert (again.items["go"].status, again.items["go"].round) == ("waiting", 2)


@pytest.mark.parametrize("key", list(BOUND.items))
def test_nothing_opens_after_the_end(key: str) -> None:
    launch = told(ready_to_go(), Abandon(by=EVE, reason="enough"))
    assert statuses(carried_out(launch, ON_THE_DAY))[key] in {"passed", "skipped"}


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, True), (86_400, True)])
def test_a_message_is_late_from_its_moment_on_in_the_zone_of_the_product(seconds: int, late: bool) -> None:
    """18:00 in Berlin is 17:00 UTC in winter."""
    timed = {"tell": {"announce": {"audience": "customers", "channels": ["email"], "until": "T+0 18:00"}}}
    checklist = Checklist.model_validate({"checklist": "timed", "items": timed})
    launch = begun(replace(start(checklist), calendar=Calendar(timezone="Europe/Berlin")))
    over = ON_THE_DAY.replace(hour=17) + timedelta(seconds=seconds)
    assert is_too_late(launch.items["tell"], launch, over) is late


def test_a_message_without_an_end_is_never_late() -> None:
    launch = begun()
    assert not is_too_late(launch.items["tell"], launch, NOW + timedelta(days=10_000))
