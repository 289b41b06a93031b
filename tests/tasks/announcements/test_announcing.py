from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checklists.commands import TMINUS, Abandon, Hold, Report, Rerun, Reschedule, Resume, Waive
from checklists.dates import Calendar
from checklists.request import ItemRun
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcement import NothingToSend, recipients
from tasks.announcements.announcing import drain, is_wanted, plan, put_off, tally
from tasks.checking import report
from tasks.observing import observe
from tasks.world import World
from tests.checklists.launches import DAN, EVE, sign
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.bound import edit, house
from tests.tasks.bound import opened as bound_launch
from tests.tasks.newsroom import RUN, arrivals, at, newsroom, opened, sent, states
from tests.tasks.worlds import Place


def test_everybody_in_the_audience_gets_one_file_in_the_outbox(outbox: World) -> None:
    opened(outbox)
    plan(outbox, RUN)
    assert drain(outbox, RUN)
    assert len(list(outbox.settings.outbox.glob("*.eml"))) == 4
    assert tally(outbox, RUN) == (True, "4 of 4 handed over", ())


def test_sending_again_sends_nothing_again(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    for _ in range(3):
        plan(mailing, RUN)
        assert drain(mailing, RUN)
    assert arrivals(mailing, peer) == {1}
    assert len(peer.received) == 2, "one call for those whose role asks for it, one for those who may leave"


def test_somebody_named_twice_in_an_audience_hears_once(outbox: World) -> None:
    opened(outbox)
    audience = outbox.organisation.audiences["customers"]
    twice = audience.model_copy(update={"addresses": ("ada@example.com", *audience.addresses)})
    assert Counter(recipients(outbox.organisation, twice, "email"))["ada@example.com"] == 1


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize(
    ("modes", "after", "handed_over"),
    [
        (["drop"], {"unknown": 4}, False),
        (["accept", "drop", "accept"], {"accepted": 3, "unknown": 1}, True),
        (["html-error"], {"unknown": 4}, False),
        (["sandbox"], {"unknown": 4}, False),
    ],
)
def test_what_sendgrid_leaves_open_stays_visible_and_is_not_sent_again(
    mailing: World, peer: SendGridPeer, modes: list[str], after: dict[str, int], handed_over: bool
) -> None:
    opened(mailing)
    peer.answer(*modes)
    plan(mailing, RUN)
    drain(mailing, RUN)
    assert states(mailing) == after
    ok, summary, findings = tally(mailing, RUN)
    assert ok is handed_over
    assert len(findings) == sum(count for state, count in after.items() if state != "accepted")
    assert all(f"{count} {state}" in summary for state, count in after.items() if state != "accepted")

    peer.answer("accept")
    again = run_again(mailing)
    plan(mailing, again)
    assert drain(at(mailing, minutes=10), again)
    assert states(mailing) == after
    assert arrivals(mailing, peer) == {1}


@pytest.mark.usefixtures("one_by_one")
def test_what_sendgrid_refused_is_written_again_when_somebody_runs_the_announcement_again(
    mailing: World, peer: SendGridPeer
) -> None:
    opened(mailing)
    peer.answer("bad-request", "accept")
    plan(mailing, RUN)
    drain(mailing, RUN)
    ok, _, findings = tally(mailing, RUN)
    assert (states(mailing)["rejected"], ok, len(findings)) == (1, True, 1)
    peer.answer("accept")
    plan(mailing, RUN)
    drain(mailing, RUN)
    assert states(mailing)["rejected"] == 1, "only a new round, which a person asks for, writes again"
    again = run_again(mailing)
    plan(mailing, again)
    assert drain(mailing, again)
    assert states(mailing) == {"accepted": 4}
    assert len(peer.message_ids) == 4


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize(("mode", "remedy"), [("unauthorised", "set SENDGRID_API_KEY"), ("forbidden", "verify the")])
@pytest.mark.parametrize("taken", [0, 2])
def test_a_key_that_may_not_send_fails_at_once_and_what_is_left_leaves_when_it_is_mended(
    mailing: World, peer: SendGridPeer, taken: int, mode: str, remedy: str
) -> None:
    """It is about nobody who gets it: were they refused, the launch would go on without them."""
    opened(mailing)
    peer.answer(*["accept"] * taken, mode)
    assert sent(mailing).items[RUN.item].status == "failed"
    assert (states(mailing).get("accepted", 0), states(mailing)["planned"]) == (taken, 4 - taken)
    ok, summary, findings = tally(mailing, RUN)
    assert (ok, findings, len(peer.received)) == (False, (), taken + 1)
    assert summary.startswith(f"{taken} of 4 handed over, {4 - taken} planned; email: SendGrid answered 40")
    assert remedy in summary
    peer.answer("accept")
    act(mailing, RUN.launch_id, Rerun(by=TMINUS, item=RUN.item))
    run = advance(mailing, RUN.launch_id).items[RUN.item].run
    assert run is not None
    again = RUN.model_copy(update={"round": 2, "number": run.number})
    assert sent(mailing, again).items[RUN.item].status == "passed"
    assert tally(mailing, again) == (True, "4 of 4 handed over", ())
    assert len(peer.message_ids) == 4
    assert {one.attempt for one in mailing.ledger.deliveries.of(RUN.launch_id)} == {1}


def run_again(world: World) -> ItemRun:
    """The flow run of the second round that a person asks for after a failure."""
    act(world, RUN.launch_id, Report(by=TMINUS, item=RUN.item, round=1, number=1, ok=False, summary="not all"))
    act(world, RUN.launch_id, Rerun(by=TMINUS, item=RUN.item))
    run = advance(world, RUN.launch_id).items[RUN.item].run
    assert run is not None
    return RUN.model_copy(update={"round": 2, "number": run.number})


@pytest.mark.parametrize("run", [RUN, RUN.model_copy(update={"number": 7})])
def test_an_announcement_whose_turn_has_not_come_is_not_sent_by_whoever_starts_its_run(
    outbox: World, run: ItemRun
) -> None:
    opened(outbox, checklist="late-news")
    assert not is_wanted(outbox, run)
    assert not drain(outbox, run)
    assert put_off(outbox, run) == "tell waits for go; nothing is sent now"


@pytest.mark.parametrize("ended", [Waive(by=TMINUS, item="tell", reason="nobody cares"), None])
def test_an_announcement_that_has_ended_is_not_sent_to_those_who_came_later(outbox: World, ended: Waive | None) -> None:
    launch = opened(outbox)
    done = ended or Report(by=TMINUS, item="tell", round=1, number=1, ok=True, summary="all")
    act(outbox, launch.id, done)
    assert not is_wanted(outbox, RUN)


def test_a_round_that_is_over_sends_nothing(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    plan(mailing, RUN)
    run_again(mailing)
    assert not drain(mailing, RUN)
    assert not is_wanted(mailing, RUN.model_copy(update={"round": 99}))
    assert peer.received == []


def test_who_sendgrid_had_no_time_for_is_written_to_when_it_says(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    peer.reset_in = 1
    peer.answer("rate-limited", "accept")
    plan(mailing, RUN)
    drain(mailing, RUN)
    assert states(mailing) == {"accepted": 4}
    assert len(peer.message_ids) == 4


def test_nobody_in_the_audience_fails_and_says_so(outbox: World) -> None:
    opened(outbox, checklist="news-for-nobody")
    with pytest.raises(NothingToSend, match="nobody is in the audience nobody: no mail would reach anybody"):
        plan(outbox, RUN)
    assert states(outbox) == {}


def test_mail_to_customers_needs_a_postal_address(tmp_path: Path, peer: SendGridPeer) -> None:
    world = newsroom(tmp_path / "home", peer.host, postal_address="")
    opened(world)
    with pytest.raises(NothingToSend, match="set TMINUS_POSTAL_ADDRESS"):
        plan(world, RUN)
    assert peer.received == []
    world.ledger.dispose()


def test_a_held_launch_sends_nothing(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    plan(mailing, RUN)
    act(mailing, RUN.launch_id, Hold(by=TMINUS, reason="the price is wrong"))
    assert not drain(mailing, RUN)
    assert states(mailing) == {"planned": 4}
    assert peer.received == []


def test_a_launch_that_is_moved_sends_nothing_before_its_new_day(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing, checklist="timed-news")
    plan(mailing, RUN)
    next_year = date(datetime.now(UTC).year + 1, 12, 1)
    act(mailing, RUN.launch_id, Reschedule(by=TMINUS, launch_on=next_year, calendar=Calendar()))
    assert not is_wanted(mailing, RUN)
    assert not drain(mailing, RUN)
    assert (states(mailing), peer.received) == ({"planned": 4}, [])
    assert put_off(mailing, RUN) == f"tell waits until 01 Dec {next_year.year} 09:00 UTC; nothing is sent now"


@pytest.mark.usefixtures("one_by_one")
def test_a_launch_held_in_mid_send_sends_the_rest_when_it_is_resumed(mailing: World, peer: SendGridPeer) -> None:
    """The item does not fail by that: its flow run ends with the reason, and another one goes on."""
    opened(mailing, customers=9)
    plan(mailing, RUN)
    hold_after(mailing, peer, 3)
    assert not drain(mailing, RUN)
    assert put_off(mailing, RUN) == "on-hold: the price is wrong"
    held = advance(mailing, RUN.launch_id)
    assert (held.items["tell"].status, held.items["tell"].run) == ("open", None)
    assert len(peer.received) == 3

    act(mailing, RUN.launch_id, Resume(by=TMINUS))
    resumed = advance(mailing, RUN.launch_id)
    assert resumed.items["tell"].status == "running"
    again = RUN.model_copy(update={"number": 2})
    plan(mailing, again)
    assert drain(mailing, again)
    ok, summary, findings = tally(mailing, again)
    report(mailing, again, ok=ok, summary=summary, findings=findings)
    assert advance(mailing, RUN.launch_id).items["tell"].status == "passed"
    assert arrivals(mailing, peer) == {1}


def hold_after(world: World, peer: SendGridPeer, messages: int) -> None:
    """Let somebody put the launch on hold while this message is being taken."""
    accept = peer.reply

    def taken(mode: str, request: object) -> object:
        if len(peer.received) == messages:
            act(world, RUN.launch_id, Hold(by=TMINUS, reason="the price is wrong"))
        return accept(mode, request)  # type: ignore[arg-type]

    peer.reply = taken  # type: ignore[method-assign,assignment]


def test_an_abandoned_launch_sends_nothing_more(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    plan(mailing, RUN)
    act(mailing, RUN.launch_id, Abandon(by=TMINUS, reason="never mind"))
    assert not drain(mailing, RUN)
    assert peer.received == []


def signed_house(folder: Path) -> Place:
    """A launch whose announcement is on its way, its words signed by Dan and its going out by Eve."""
    place_ = house(folder)
    bound_launch(place_)
    for one in (sign(DAN, "text"), sign(EVE, "go")):
        act(place_.world, TELL.launch_id, one)
        advance(place_.world, TELL.launch_id)
    return place_


TELL = RUN.model_copy(update={"item": "tell"})


def test_what_was_signed_leaves(tmp_path: Path) -> None:
    place_ = signed_house(tmp_path)
    assert is_wanted(place_.world, TELL)
    assert plan(place_.world, TELL) == 3
    assert drain(place_.world, TELL)
    assert len(list(place_.world.settings.outbox.glob("*.eml"))) == 2


@pytest.mark.parametrize("planned_before", [True, False])
def test_a_changed_announcement_never_leaves_on_an_old_approval(tmp_path: Path, planned_before: bool) -> None:
    """The gate that signs it is not its direct need, and what it is needed by stays signed."""
    place_ = signed_house(tmp_path)
    if planned_before:
        plan(place_.world, TELL)
    edit(place_, "roles: [support]", "roles: [support, docs]")
    assert not drain(place_.world, TELL), "nobody has looked yet, and nothing leaves all the same"
    assert observe(place_.world, TELL.launch_id)
    assert not is_wanted(place_.world, TELL)
    assert not drain(place_.world, TELL)
    assert put_off(place_.world, TELL) == "tell waits for text; nothing is sent now"
    launch = advance(place_.world, TELL.launch_id)
    assert (launch.items["go"].status, launch.blocked_by("tell")) == ("passed", ("text",))
    assert not place_.world.settings.outbox.exists()


def test_no_waiver_of_what_stands_between_lets_changed_words_out(tmp_path: Path) -> None:
    place_ = house(tmp_path)
    bound_launch(place_)
    act(place_.world, TELL.launch_id, sign(DAN, "text"))
    act(place_.world, TELL.launch_id, Waive(by=EVE, item="go", reason="in a hurry"))
    assert advance(place_.world, TELL.launch_id).items["tell"].status == "running"
    edit(place_, "roles: [support]", "roles: [support, docs]")
    observe(place_.world, TELL.launch_id)
    assert advance(place_.world, TELL.launch_id).blocked_by("tell") == ("text",)
    assert not is_wanted(place_.world, TELL)


def test_once_the_new_words_are_signed_they_leave(tmp_path: Path) -> None:
    place_ = signed_house(tmp_path)
    edit(place_, "roles: [support]", "roles: [support, docs]")
    observe(place_.world, TELL.launch_id)
    put_off(place_.world, TELL)
    advance(place_.world, TELL.launch_id)
    act(place_.world, TELL.launch_id, sign(DAN, "text"))
    run = advance(place_.world, TELL.launch_id).items["tell"].run
    assert run is not None
    again = TELL.model_copy(update={"number": run.number})
    assert is_wanted(place_.world, again)
    assert plan(place_.world, again) == 4
    assert drain(place_.world, again)


def test_a_gate_after_the_announcement_that_is_bound_to_it_does_not_hold_it_up(tmp_path: Path) -> None:
    place_ = signed_house(tmp_path)
    launch = place_.launch(TELL.launch_id)
    assert launch.items["after"].status == "waiting"
    assert launch.blocked_by("tell") == ()
