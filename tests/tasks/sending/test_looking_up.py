"""What was in doubt is looked up in SendGrid's log by the patrol: what is found is settled, nothing ever leaves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from checklists.delivery_commands import Settle
from checklists.launch import Launch
from checklists.people import Actor
from ledger.deliveries import Delivery
from tasks.act import act
from tasks.advance import advance
from tasks.patrol import patrol
from tasks.sending.hearing import hear, read_events
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, at, opened, sent, states

ADA = Actor("ada@example.com", "Ada", ("launch-managers",))
LOST = {"accepted": 1, "unknown": 3}


def lost(world: World, peer: SendGridPeer) -> None:
    """Ada and three customers are written to in a call each; the answer to that of the customers was lost."""
    opened(world)
    peer.answer("accept", "drop")
    sent(world)
    assert states(world) == LOST
    del peer.log.mails[0]


def patrolled(world: World, minutes: float) -> list[str]:
    """What the patrol says of looking up in a round so much later."""
    return [line for line in patrol(at(world, minutes)).said if "SendGrid" in line]


def rows(world: World) -> tuple[Delivery, ...]:
    """Those of the customers."""
    return tuple(one for one in world.ledger.deliveries.of(RUN.launch_id) if one.recipient != "ada@example.com")


def launch(world: World) -> Launch:
    found = world.launch(RUN.launch_id)
    assert found is not None
    return found


def tell_all(peer: SendGridPeer, event: str, **more: str) -> None:
    for mail in peer.log.mails:
        peer.log.tell(mail.id, event, **more)


def test_one_mail_that_is_found_settles_its_call_before_anybody_is_asked(mailing: World, peer: SendGridPeer) -> None:
    lost(mailing, peer)
    call = peer.log.mails[0].id.partition(".")[0]
    assert patrolled(mailing, 3) == ["acme-2.4.0: tell: what was in doubt was found in SendGrid's log"]
    assert (states(mailing), {one.provider_id for one in rows(mailing)}) == ({"accepted": 4}, {call})
    assert (len(peer.log.asked), len(peer.received)) == (2, 2), "nothing is sent"
    patrol(at(mailing, 4))
    question = launch(mailing).items["question-1"]
    assert (question.ended_by, question.opened_at) == ("tminus", None)


@pytest.mark.parametrize(
    ("event", "more", "state"),
    [
        ("delivered", {"response": "250 OK"}, "delivered"),
        ("dropped", {"reason": "Bounced Address"}, "dropped"),
        ("bounce", {"type": "bounce", "reason": "550 no such user"}, "bounced"),
        ("bounce", {"type": "blocked", "reason": "550 5.7.1 blocked"}, "bounced"),
        ("deferred", {"response": "421 later"}, "accepted"),
        ("a-new-kind", {}, "accepted"),
    ],
)
@pytest.mark.usefixtures("one_by_one")
def test_the_mail_itself_is_what_the_log_says_of_it(
    mailing: World, peer: SendGridPeer, event: str, more: dict[str, str], state: str
) -> None:
    lost(mailing, peer)
    tell_all(peer, event, **more)
    patrolled(mailing, 3)
    known = [one for one in rows(mailing) if one.state != "unknown"]
    assert [(one.state, bool(one.provider_id)) for one in known] == [(state, True)]


def test_what_the_webhook_tells_afterwards_is_no_news(mailing: World, peer: SendGridPeer) -> None:
    lost(mailing, peer)
    tell_all(peer, "delivered")
    patrolled(mailing, 3)
    (known,) = [one for one in rows(mailing) if one.state == "delivered"]
    (mail,) = [one for one in peer.log.mails if one.custom_args["tminus_delivery"] == known.id]
    told, unread = read_events(json.dumps([{**one, **one["custom_args"]} for one in mail.events]).encode())
    assert (len(told), unread, hear(mailing, told)) == (2, 0, 0)


@pytest.mark.parametrize("mode", ["empty", "another-delivery"])
def test_what_is_not_found_stays_in_doubt_and_people_are_asked(mailing: World, peer: SendGridPeer, mode: str) -> None:
    lost(mailing, peer)
    peer.log.answer(mode)
    assert patrolled(mailing, 3) == []
    assert patrolled(mailing, 20) == []
    assert states(mailing) == LOST
    assert launch(mailing).items["question-1"].status == "open"
    assert len(peer.received) == 2, "nothing is sent"


def test_it_is_looked_up_ever_more_seldom_and_no_more_once_the_log_has_forgotten(
    mailing: World, peer: SendGridPeer
) -> None:
    lost(mailing, peer)
    peer.log.answer("empty")
    asked = []
    for minutes in (1, 3, 4, 5, 6.5, 7, 12, 13.5, 20, 60, 60 * 24 * 29, 60 * 24 * 31):
        before = len(peer.log.asked)
        patrolled(mailing, minutes)
        asked.append((minutes, len(peer.log.asked) - before))
    assert [minutes for minutes, calls in asked if calls] == [3, 6.5, 13.5, 60, 60 * 24 * 29]


def test_a_log_that_lags_is_asked_again(mailing: World, peer: SendGridPeer) -> None:
    lost(mailing, peer)
    peer.log.answer("empty", "answer")
    patrolled(mailing, 3)
    assert states(mailing) == LOST
    patrolled(mailing, 7)
    assert states(mailing) == {"accepted": 4}


@pytest.mark.parametrize(
    ("mode", "again", "says"),
    [
        ("forbidden", 64, "403"),
        ("missing", 64, "404"),
        ("html-error", 7, "502"),
    ],
)
def test_a_log_that_cannot_be_asked_is_told_once_and_left_alone(
    mailing: World, peer: SendGridPeer, mode: str, again: float, says: str
) -> None:
    lost(mailing, peer)
    peer.log.answer(mode)
    (line,) = patrolled(mailing, 3)
    assert "acme-2.4.0: tell cannot be looked up in SendGrid's log" in line
    assert says in line
    assert patrolled(mailing, 3.5) == []
    assert len(peer.log.asked) == 1
    assert patrolled(mailing, again) != []
    assert states(mailing) == LOST
    patrol(at(mailing, 90))
    assert launch(mailing).items["question-1"].status == "open"


@pytest.mark.usefixtures("one_by_one")
def test_a_limit_holds_for_all_that_is_in_doubt(mailing: World, peer: SendGridPeer) -> None:
    lost(mailing, peer)
    peer.log.reset_in = 1_200
    peer.log.answer("rate-limited", "answer")
    for minutes in (3, 3.5, 4, 10, 20):
        patrolled(mailing, minutes)
    assert len(peer.log.asked) == 1
    patrolled(mailing, 24)
    assert states(mailing) == {"accepted": 2, "unknown": 2}


@pytest.mark.usefixtures("one_by_one")
def test_a_round_looks_up_one_call_and_the_next_round_another(mailing: World, peer: SendGridPeer) -> None:
    lost(mailing, peer)
    for number in range(1, 4):
        patrolled(mailing, 3 + number / 2)
        assert states(mailing)["accepted"] == 1 + number
    patrolled(mailing, 6)
    assert len(peer.log.asked) == 6


def test_a_mail_of_a_call_before_says_nothing_of_one_that_was_sent_again(mailing: World, peer: SendGridPeer) -> None:
    lost(mailing, peer)
    peer.log.answer("empty")
    patrolled(mailing, 20)
    later, first = at(mailing, 21), list(peer.log.mails)
    act(later, RUN.launch_id, Settle(by=ADA, item="question-1", fate="again"))
    run = advance(later, RUN.launch_id).items["tell"].run
    assert run is not None
    peer.answer("drop")
    sent(later, RUN.model_copy(update={"round": 2, "number": run.number}))
    second, peer.log.mails = peer.log.mails[len(first) :], first
    peer.log.answer("answer")
    patrolled(mailing, 30)
    assert states(mailing) == LOST
    for mail in second:
        mail.at += timedelta(minutes=21)
    peer.log.mails += second
    patrolled(mailing, 90)
    assert states(mailing) == {"accepted": 4}


def test_what_failed_for_want_of_an_answer_passes_once_the_log_has_one(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    peer.answer("drop")
    assert sent(mailing).items["tell"].status == "failed"
    for minutes in (3, 4, 5):
        patrolled(mailing, minutes)
    run = launch(mailing).items["tell"].run
    assert run is not None
    done = sent(at(mailing, 6), RUN.model_copy(update={"round": 2, "number": run.number}))
    assert (states(mailing), done.status, len(peer.received)) == ({"accepted": 4}, "closed", 2), "nothing is sent"


def test_nobody_in_doubt_costs_no_call(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    sent(mailing)
    patrol(at(mailing, 30))
    assert peer.log.asked == []


def test_without_sendgrid_nothing_is_looked_up(mailing: World, peer: SendGridPeer) -> None:
    lost(mailing, peer)
    settings = mailing.settings.model_copy(update={"sendgrid_api_key": None})
    elsewhere = World(settings, mailing.ledger, mailing.organisation_file, mailing.board, at(mailing, 3).now)
    patrol(elsewhere)
    assert (peer.log.asked, states(mailing)) == ([], LOST)
