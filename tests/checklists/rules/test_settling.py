"""Deliveries in doubt: asked about once, after a while, and whoever answers says which of two it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.commands import TMINUS
from checklists.delivery_commands import Doubtful, RaiseDoubt, Settle
from checklists.due import EndRun, due, wanted
from checklists.entries import Fate, FollowUpSettled, Reopened, Settled
from checklists.fold import fold
from checklists.follow_up import Again
from checklists.launch import Launch
from checklists.people import Actor
from checklists.summary import wake_at
from tests.checklists.launches import ADA, EVE, NOW, begun, carried_out, decided, refused, report, start, told

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "small",
        "items": {
            "tell": {"announce": {"audience": "internal", "channels": ["email"]}},
            "after": {"announce": {"audience": "customers", "channels": ["email"]}, "needs": ["tell"]},
        },
    }
)
SOON, LATER = NOW + timedelta(minutes=15), NOW + timedelta(minutes=16)
SAID = "The answer was lost while 2 of 9 messages were handed over."


def sent(*, ok: bool = True, item: str = "tell", round_: int = 1) -> c.Report:
    return replace(report(item, ok=ok, round_=round_), unsettled=SAID, ask_from=SOON)


def says(fate: Fate, by: Actor = EVE) -> Settle:
    return Settle(by=by, item="question-1", fate=fate)


def in_doubt() -> Launch:
    return told(begun(start(CHECKLIST)), sent())


def asked() -> Launch:
    return carried_out(in_doubt(), LATER)


def test_nobody_is_asked_before_reports_had_time_to_settle_it() -> None:
    launch = in_doubt()
    state = launch.items["question-1"]
    assert (state.status, state.opened_at, launch.items["tell"].status) == ("waiting", None, "passed")
    assert wake_at(launch, NOW) == SOON
    assert "may settle it by itself until" in refused(launch, says("arrived"))
    state = carried_out(launch, LATER).items["question-1"]
    assert (state.status, state.item.owner, state.run and state.run.form) == ("open", "launch-managers", "settle")
    assert SAID in (state.item.about or "")
    assert "tminus announcements settle acme-2.4.0 question-1" in (state.item.about or "")


def test_a_launch_is_out_with_a_doubt_and_does_not_close_over_it() -> None:
    launch = told(in_doubt(), report("after"))
    assert (launch.status, launch.closed_at) == ("launched", None)
    answered = told(carried_out(launch, LATER), says("arrived"), now=LATER)
    assert answered.status == "closed"


def test_what_follows_is_announced_all_the_same() -> None:
    assert asked().blocked_by("after") == ()
    assert asked().items["after"].status == "running"


def test_what_arrived_is_over_and_who_said_so_stands_in_the_record() -> None:
    launch = told(asked(), replace(says("arrived"), comment="it is in the log"), now=LATER)
    state = launch.items["question-1"]
    assert (state.status, state.fate, state.ended_by) == ("passed", "arrived", EVE.email)
    assert state.summary == "it arrived: it is in the log"
    assert launch.items["tell"].round == 1


def test_what_is_sent_again_is_a_round_of_its_own() -> None:
    entries = decided(asked(), says("again"), LATER)
    assert [type(one.data) for one in entries] == [Settled, Reopened]
    launch = told(asked(), says("again"), now=LATER)
    tell = launch.items["tell"]
    assert (tell.status, tell.round, tell.because) == ("running", 2, "unknown")
    assert wanted(launch.items["question-1"], launch) is None


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (says("again", ADA), "does not hold that role"),
        (says("arrived", Actor("mallory@example.com")), "not a person of this organisation"),
        (says("known"), "say whether it arrived or is to be sent again"),
        (Settle(by=EVE, item="tell", fate="again"), "in doubt is: tminus announcements settle acme-2.4.0 question-1"),
        (Settle(by=EVE, item="after", fate="again"), "nothing of after is in doubt"),
        (Settle(by=EVE, item="nothing", fate="again"), "nothing"),
        (replace(says("again"), round=2), "round 2"),
        (c.Complete(by=EVE, item="question-1", comment="fine"), "--arrived or --again"),
        (replace(says("arrived"), comment="x" * 2_001), "2000 is the most"),
    ],
)
def test_who_may_not_say_so_and_what_says_nothing(command: c.Command, why: str) -> None:
    assert why in refused(asked(), command)


def test_the_first_answer_stands() -> None:
    launch = told(asked(), says("arrived"), now=LATER)
    assert "passed already" in refused(launch, says("again"))


def test_reports_that_settled_all_of_it_answer_it_before_anybody_is_asked() -> None:
    launch = told(in_doubt(), says("known", TMINUS))
    assert launch.items["question-1"].status == "passed"
    assert launch.unanswered == ()


@pytest.mark.parametrize("what", ["correction", "recall"])
def test_nothing_is_sent_again_of_what_was_corrected_or_recalled_since(what: Again) -> None:
    """Who is in doubt was told that as well, and would read last what it takes back."""
    said = c.FollowUp(by=EVE, item="tell", what=what, note="Wrong.", heard=9)
    launch = told(asked(), said, now=LATER)
    why = f"{what}/1 was said since, to the same people, and the announcement must not come after it; say --arrived"
    assert why in refused(launch, says("again"))
    assert told(launch, says("arrived"), now=LATER).items["question-1"].status == "passed"


def test_one_question_at_a_time_for_each_announcement() -> None:
    failed = told(begun(start(CHECKLIST)), sent(ok=False))
    again = told(failed, c.Rerun(by=EVE, item="tell"), sent(round_=2))
    assert list(again.questions) == ["question-1"]
    both = told(again, replace(sent(item="after")))
    assert [one.about for one in both.questions.values()] == ["tell", "after"]


def test_nothing_is_said_of_what_is_being_sent_just_now() -> None:
    failed = carried_out(told(begun(start(CHECKLIST)), sent(ok=False)), LATER)
    assert "being sent just now" in refused(told(failed, c.Rerun(by=EVE, item="tell"), now=LATER), says("arrived"))


def test_a_hold_answers_no_doubt() -> None:
    held = told(asked(), c.Hold(by=EVE, reason="the price is wrong"), now=LATER)
    assert held.unanswered == ("question-1",)


PRICE, TALL = "The price is 20.", "It is 2 m tall."
LOST = Doubtful("acme-2.4.0", "tell", "correction/1", 2, NOW - timedelta(hours=1))


def corrected(*notes: str, over: bool = False) -> Launch:
    """The announcement is out, and was corrected; the launch runs, or was given up since."""
    launch = told(begun(start(CHECKLIST)), report("tell"))
    launch = told(launch, c.Abandon(by=EVE, reason="not now")) if over else launch
    for note in notes or (PRICE,):
        launch = told(launch, c.FollowUp(by=EVE, item="tell", what="correction", note=note, heard=9))
    return launch


def of(fate: Fate, by: Actor = EVE, purpose: str = "correction/1", lost: Doubtful | None = LOST) -> Settle:
    return Settle(by=by, item="tell", purpose=purpose, fate=fate, in_doubt=(lost,) if lost else ())


def raised(lost_at: datetime = NOW) -> RaiseDoubt:
    said = {"item": "tell", "purpose": "correction/1", "unsettled": SAID}
    return RaiseDoubt(by=TMINUS, lost_at=lost_at, ask_from=lost_at + timedelta(minutes=15), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("fate", ["arrived", "again"])
def test_a_correction_in_doubt_is_settled_by_its_name_also_when_all_is_over(fate: Fate, *, over: bool) -> None:
    entries = decided(corrected(over=over), replace(of(fate), comment=" I asked "), LATER)
    assert [type(one.data) for one in entries] == [FollowUpSettled]
    launch = fold(entries, onto=corrected(over=over))
    assert [(one.purpose, one.fate, one.by) for one in launch.items["tell"].verdicts] == [
        ("correction/1", fate, EVE.email)
    ]
    assert launch.items["tell"].round == 1, "the announcement itself does not begin anew"


def test_a_launch_that_is_over_ends_again_once_what_was_said_is_carried_out() -> None:
    launch = corrected(over=True)
    assert launch.has_ended
    launch = fold(decided(launch, of("again"), LATER), onto=launch)
    assert (launch.has_ended, due(launch, LATER)) == (False, (EndRun(),))
    assert carried_out(launch, LATER).has_ended


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize(
    ("command", "why"),
    [
        (of("again", ADA), "does not hold the role launch-managers"),
        (of("arrived", Actor("mallory@example.com")), "not a person of this organisation"),
        (of("known"), "say whether it arrived or is to be sent again"),
        (of("again", lost=None), "nothing of acme 2.4.0 is in doubt"),
        (of("again", purpose="correction/2"), "settle acme-2.4.0 tell --purpose correction/1"),
        (of("again", purpose=""), "settle acme-2.4.0 tell --purpose correction/1"),
        (replace(of("again"), item="after"), "settle acme-2.4.0 tell --purpose correction/1"),
        (of("again", lost=replace(LOST, lost_at=NOW)), "reports may settle correction/1 of tell by themselves until"),
        (replace(of("arrived"), comment="x" * 2_001), "2000 is the most"),
        (replace(of("again"), item="tall"), "tall"),
    ],
)
def test_who_may_not_settle_a_correction_and_what_says_nothing(command: Settle, why: str, *, over: bool) -> None:
    assert why in refused(corrected(over=over), command)


def test_the_first_word_stands_until_it_is_carried_out() -> None:
    launch = told(corrected(), of("again"), now=LATER)
    assert decided(launch, of("again"), LATER) == ()
    assert "has what was in doubt sent again of correction/1 already" in refused(launch, of("arrived"))
    lost_again = replace(LOST, lost_at=LATER + timedelta(minutes=1))
    late = LATER + timedelta(hours=1)
    assert [type(one.data) for one in decided(launch, of("again", lost=lost_again), late)] == [FollowUpSettled]


def test_what_was_corrected_since_is_not_sent_again() -> None:
    launch = corrected(PRICE, TALL)
    assert "correction/2 was said since" in refused(launch, of("again"))
    assert decided(launch, of("arrived"), LATER) != ()


def test_a_question_about_a_correction_is_asked_once_for_what_is_in_doubt() -> None:
    launch = told(corrected(), raised(), raised(), now=LATER)
    assert list(launch.questions) == ["question-1"]
    launch = told(launch, says("again"), raised(), now=LATER)
    assert [state.fate for key, state in launch.items.items() if key in launch.questions] == ["again"]
    launch = told(launch, raised(LATER + timedelta(minutes=1)), now=LATER)
    assert launch.unanswered == ("question-2",)


@pytest.mark.parametrize("command", [says("again"), of("again")])
def test_by_its_question_or_by_its_name_the_same_stands_in_the_record(command: Settle) -> None:
    launch = told(corrected(), raised(), now=LATER)
    assert {one.kind for one in decided(launch, command, LATER)} == {"settled", "follow-up-settled"}
    assert told(launch, command, now=LATER).unanswered == ()


def test_an_outdated_correction_is_not_sent_again_by_its_question_either() -> None:
    launch = told(corrected(), raised(), now=LATER)
    launch = told(launch, c.FollowUp(by=EVE, item="tell", what="recall", note="Never mind.", heard=9), now=LATER)
    assert "recall/2 was said since" in refused(launch, says("again"))


def test_a_launch_that_is_over_asks_nobody() -> None:
    assert "nothing can be changed any more" in refused(corrected(over=True), raised())


def given_up(*, over: bool = True) -> Launch:
    """Half of the announcement was handed over when the launch was given up, or while it runs."""
    launch = begun(start(CHECKLIST))
    return told(launch, c.Abandon(by=EVE, reason="not now")) if over else launch


ITSELF = replace(LOST, purpose="")


def of_itself(fate: Fate, by: Actor = EVE, lost: Doubtful | None = ITSELF) -> Settle:
    return of(fate, by, "", lost)


def test_an_announcement_in_doubt_of_a_launch_that_was_given_up_has_arrived_if_somebody_says_so() -> None:
    launch = given_up()
    (entry,) = decided(launch, replace(of_itself("arrived"), comment=" I asked "), LATER)
    assert isinstance(entry.data, FollowUpSettled)
    assert (entry.data.purpose, entry.data.comment) == ("", "I asked")
    launch = fold([entry], onto=launch)
    assert [(one.purpose, one.fate, one.by) for one in launch.items["tell"].verdicts] == [("", "arrived", EVE.email)]
    assert (launch.status, launch.has_ended, due(launch, LATER)) == ("abandoned", False, (EndRun(),))


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (of_itself("again"), "acme 2.4.0 is abandoned, and nothing of it is announced any more; say --arrived"),
        (of_itself("arrived", ADA), "does not hold the role launch-managers"),
        (of_itself("arrived", Actor("mallory@example.com")), "not a person of this organisation"),
        (of_itself("known"), "say whether it arrived or is to be sent again"),
        (of_itself("arrived", lost=None), "nothing of acme 2.4.0 is in doubt"),
        (of_itself("arrived", lost=replace(ITSELF, lost_at=NOW)), "reports may settle tell by themselves until"),
        (replace(of_itself("arrived"), item="after"), "in doubt is: tminus announcements settle acme-2.4.0 tell"),
        (of("arrived", lost=ITSELF), "in doubt is: tminus announcements settle acme-2.4.0 tell"),
    ],
)
def test_what_does_not_settle_an_announcement_that_is_over(command: Settle, why: str) -> None:
    assert why in refused(given_up(), command)


def test_while_its_launch_runs_an_announcement_is_settled_by_its_question_alone() -> None:
    assert "nothing of acme 2.4.0 is in doubt" in refused(given_up(over=False), of_itself("arrived"))
    assert "question-1" in refused(asked(), of_itself("arrived"))


def test_its_question_and_its_name_mean_the_same_once_the_launch_is_over() -> None:
    launch = told(asked(), c.Abandon(by=EVE, reason="not now"), now=LATER)
    by_question = replace(says("arrived"), in_doubt=(ITSELF,))
    assert decided(launch, by_question, LATER) == decided(launch, of_itself("arrived"), LATER)
    assert "nothing of it is announced any more" in refused(launch, replace(by_question, fate="again"))


def test_a_closed_launch_does_not_announce_anew_either() -> None:
    launch = told(begun(start(CHECKLIST)), report("tell"), report("after"))
    assert launch.status == "closed"
    assert "acme 2.4.0 is closed, and nothing of it is announced any more" in refused(launch, of_itself("again"))
    assert decided(launch, of_itself("arrived"), LATER) != ()
