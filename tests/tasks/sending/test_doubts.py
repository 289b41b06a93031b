"""What an ambiguous answer leaves behind, through whole drains: a question, and what people and reports make of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checklists.commands import FollowUp
from checklists.decide import Refusal
from checklists.delivery_commands import Settle
from checklists.entries import Fate
from checklists.follow_up import Again
from checklists.launch import ItemState, Launch
from checklists.people import Actor
from ledger.delivery_events import Event
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.announcements.following import send_follow_ups
from tasks.carrying_out import carry_out
from tasks.patrol import patrol
from tasks.sending.hearing import hear
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, at, opened, sent, states

pytestmark = pytest.mark.usefixtures("one_by_one")
ADA = Actor("ada@example.com", "Ada", ("launch-managers",))


def in_doubt(world: World, peer: SendGridPeer) -> Launch:
    """One of four was handed over while the line broke."""
    opened(world)
    peer.answer("accept", "drop", "accept")
    return sent(world)


def asked(world: World) -> World:
    """Later, when people are asked."""
    later = at(world, minutes=20)
    advance(later, RUN.launch_id)
    return later


def question(world: World) -> ItemState:
    launch = world.launch(RUN.launch_id)
    assert launch is not None
    return launch.items["question-1"]


def settle(world: World, fate: Fate) -> Launch:
    answer = act(world, RUN.launch_id, Settle(by=ADA, item="question-1", fate=fate))
    assert not isinstance(answer, Refusal), answer.reason
    return advance(world, RUN.launch_id)


def test_the_question_says_how_many_and_who(mailing: World, peer: SendGridPeer) -> None:
    launch = in_doubt(mailing, peer)
    (lost,) = mailing.ledger.in_doubt.some(RUN.launch_id, RUN.item, 5)
    said = launch.questions["question-1"].said
    assert f"1 of 4 messages were handed over: they may have arrived, or not. They are for {lost[0]} by email." in said
    assert (launch.items["tell"].status, launch.is_over) == ("passed", False)
    assert question(asked(mailing)).status == "open"


def test_nothing_in_doubt_asks_nobody(mailing: World) -> None:
    opened(mailing)
    launch = sent(mailing)
    assert (launch.questions, launch.status) == ({}, "closed")


@pytest.mark.parametrize("what", ["correction", "recall"])
def test_what_was_corrected_or_recalled_since_is_not_sent_again(
    mailing: World, peer: SendGridPeer, what: Again
) -> None:
    in_doubt(mailing, peer)
    later = asked(mailing)
    peer.answer("accept")
    said = FollowUp(by=ADA, item=RUN.item, what=what, note="It costs 20.")
    assert not isinstance(carry_out(later, RUN.launch_id, said)[0], Refusal)
    send_follow_ups(later)
    calls = len(peer.received)
    answer = act(later, RUN.launch_id, Settle(by=ADA, item="question-1", fate="again"))
    assert isinstance(answer, Refusal)
    assert "must not come after it" in answer.reason
    advance(later, RUN.launch_id)
    assert (drain(later, RUN), len(peer.received)) == (False, calls)
    settle(later, "arrived")
    assert len(peer.received) == calls


def test_what_arrived_counts_as_handed_over_and_nothing_leaves(mailing: World, peer: SendGridPeer) -> None:
    in_doubt(mailing, peer)
    later = asked(mailing)
    calls = len(peer.received)
    launch = settle(later, "arrived")
    assert (states(later), launch.status, len(peer.received)) == ({"accepted": 4}, "closed", calls)
    details = [one.detail for one in mailing.ledger.deliveries.of(RUN.launch_id)]
    assert "it arrived, says ada@example.com" in details


def test_a_word_that_was_written_down_before_a_crash_is_carried_out_after_it(
    mailing: World, peer: SendGridPeer
) -> None:
    in_doubt(mailing, peer)
    later = asked(mailing)
    act(later, RUN.launch_id, Settle(by=ADA, item="question-1", fate="arrived"))
    assert states(later) == {"accepted": 3, "unknown": 1}
    patrol(later)
    assert states(later) == {"accepted": 4}


def test_only_who_was_in_doubt_is_written_to_again(mailing: World, peer: SendGridPeer) -> None:
    in_doubt(mailing, peer)
    (lost,) = [one for one in mailing.ledger.deliveries.of(RUN.launch_id) if one.state == "unknown"]
    text = mailing.settings.organisation.read_text()
    mailing.settings.organisation.write_text(text.replace("addresses: [", "addresses: [late@example.net, "))
    later = asked(mailing)
    peer.answer("accept")
    calls = len(peer.received)
    run = settle(later, "again").items["tell"].run
    assert run is not None
    launch = sent(later, RUN.model_copy(update={"round": 2, "number": run.number}))
    assert (states(later), launch.status) == ({"accepted": 4}, "closed")
    assert [one["to"] for body in peer.payloads[calls:] for one in body["personalizations"]] == [
        [{"email": lost.recipient}]
    ], "neither those who had it, nor those who came later"


def test_whoever_plans_it_twice_sends_it_once(mailing: World, peer: SendGridPeer) -> None:
    in_doubt(mailing, peer)
    later = asked(mailing)
    peer.answer("accept")
    calls = len(peer.received)
    run = settle(later, "again").items["tell"].run
    assert run is not None
    again = RUN.model_copy(update={"round": 2, "number": run.number})
    for _ in range(3):
        plan(later, again)
        assert drain(later, again)
    assert len(peer.received) == calls + 1


def test_what_stays_in_doubt_when_sent_again_is_asked_about_once_more(mailing: World, peer: SendGridPeer) -> None:
    in_doubt(mailing, peer)
    later = asked(mailing)
    run = settle(later, "again").items["tell"].run
    assert run is not None
    peer.answer("drop")
    launch = sent(later, RUN.model_copy(update={"round": 2, "number": run.number}))
    assert (states(later), launch.unanswered) == ({"accepted": 3, "unknown": 1}, ("question-2",))


@pytest.mark.parametrize("minutes", [5, 20])
def test_a_report_that_settles_it_answers_the_question(mailing: World, peer: SendGridPeer, minutes: float) -> None:
    in_doubt(mailing, peer)
    (lost,) = [one for one in mailing.ledger.deliveries.of(RUN.launch_id) if one.state == "unknown"]
    later = asked(mailing) if minutes > 15 else at(mailing, minutes)
    hear(later, [Event(lost.id, "delivered", datetime.now(UTC) + timedelta(seconds=1))])
    patrol(later)
    state, launch = question(later), later.launch(RUN.launch_id)
    assert (state.status, state.ended_by, state.opened_at is not None) == ("passed", "tminus", minutes > 15)
    assert launch is not None
    assert launch.status == "closed"


def test_a_report_says_more_than_a_person(mailing: World, peer: SendGridPeer) -> None:
    in_doubt(mailing, peer)
    (lost,) = [one for one in mailing.ledger.deliveries.of(RUN.launch_id) if one.state == "unknown"]
    later = asked(mailing)
    settle(later, "arrived")
    hear(later, [Event(lost.id, "bounced", datetime.now(UTC) + timedelta(seconds=1))])
    assert states(later) == {"accepted": 3, "bounced": 1}


@pytest.mark.parametrize("fate", ["arrived", "again"])
def test_what_failed_for_want_of_an_answer_passes_once_there_is_one(
    mailing: World, peer: SendGridPeer, fate: Fate
) -> None:
    opened(mailing)
    peer.answer("drop")
    assert sent(mailing).items["tell"].status == "failed"
    later = asked(mailing)
    peer.answer("accept")
    calls = len(peer.received)
    run = settle(later, fate).items["tell"].run
    assert run is not None
    launch = sent(later, RUN.model_copy(update={"round": 2, "number": run.number}))
    assert (states(later), launch.status) == ({"accepted": 4}, "closed")
    assert len(peer.received) - calls == (4 if fate == "again" else 0)
