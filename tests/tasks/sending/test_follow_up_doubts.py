"""A correction or a recall that may have arrived: looked up, asked about while the launch runs, settled by a person's
word also when it is over, and never sent to anybody a second time without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import delete

from checklists.commands import TMINUS, Abandon, Hold, Resume
from checklists.decide import Refusal
from checklists.delivery_commands import Settle
from checklists.entries import Fate
from checklists.launch import Launch
from checklists.people import Actor
from checklists.request import ItemRun, LaunchRequest
from ledger import schema
from ledger.batches import Of
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcing import plan
from tasks.announcements.following import send_follow_ups
from tasks.announcements.reaching import as_plain, as_rows, reach_of
from tasks.boards.memory_board import MemoryBoard
from tasks.carrying_out import carry_out
from tasks.opening import open_launch
from tasks.patrol import patrol
from tasks.senders import ways_out
from tasks.senders.sendgrid import SendGrid
from tasks.sending.batch import LEASE
from tasks.sending.follow_up_doubts import weighed
from tasks.sending.switching import switch
from tasks.world import World
from templates.story import told
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.tasks.follow_ups import ADA, CORRECT, EVERYBODY, LAUNCH, RECALL, announced, lost
from tests.tasks.newsroom import RUN, at, opened, sent

ONE = Of(LAUNCH, "tell", "email", "correction/1")
COMMAND = "tminus announcements settle acme-2.4.0 tell --purpose"


@pytest.fixture(params=["over", "running"])
def launch_is(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def in_doubt(world: World, peer: SendGridPeer, is_: str = "over") -> World:
    """Of four who were to hear a correction two may have; and the world later, when people may say so."""
    announced(world, is_)
    lost(world, peer, "accept", "drop", "html-error", "accept")
    assert states(world) == {"accepted": 2, "unknown": 2}
    later = at(world, 20)
    advance(later, LAUNCH)
    return later


def states(world: World, purpose: str = "correction/1") -> dict[str, int]:
    return {str(state): count for state, count in world.ledger.deliveries.counts(LAUNCH, "tell", purpose).items()}


def of(fate: Fate, purpose: str = "correction/1", by: Actor = ADA) -> Settle:
    return Settle(by=by, item="tell", purpose=purpose, fate=fate)


def settle(world: World, command: Settle) -> Launch:
    answer, _ = carry_out(world, LAUNCH, command)
    assert not isinstance(answer, Refusal), answer.reason
    return answer


def refused(world: World, command: Settle) -> str:
    answer, _ = carry_out(world, LAUNCH, command)
    assert isinstance(answer, Refusal)
    return answer.reason


def launch(world: World) -> Launch:
    found = world.launch(LAUNCH)
    assert found is not None
    return found


def doubtful(world: World, purpose: str = "correction/1") -> set[str]:
    found = world.ledger.deliveries.of(LAUNCH)
    return {one.recipient for one in found if (one.purpose, one.state) == (purpose, "unknown")}


def written_to(peer: SendGridPeer, since: int) -> list[str]:
    return sorted(one["to"][0]["email"] for body in peer.payloads[since:] for one in body["personalizations"])


def kinds(world: World) -> list[str]:
    return [entry.kind for entry in world.ledger.read(LAUNCH)]


@pytest.mark.usefixtures("one_by_one")
def test_nothing_is_sent_again_without_a_word(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    in_doubt(mailing, peer, launch_is)
    calls = len(peer.received)
    for minutes in (21, 60, 60 * 24):
        patrol(at(mailing, minutes))
    assert (states(mailing), len(peer.received)) == ({"accepted": 2, "unknown": 2}, calls)


@pytest.mark.usefixtures("one_by_one")
def test_what_arrived_counts_as_handed_over_and_nothing_leaves(
    mailing: World, peer: SendGridPeer, launch_is: str
) -> None:
    later = in_doubt(mailing, peer, launch_is)
    calls = len(peer.received)
    settle(later, replace(of("arrived"), comment="it is in the log"))
    patrol(later)
    assert (states(later), len(peer.received)) == ({"accepted": 4}, calls)
    assert "it arrived, says ada@example.com" in {one.detail for one in later.ledger.deliveries.of(LAUNCH)}
    (entry,) = [one for one in later.ledger.read(LAUNCH) if one.kind == "follow-up-settled"]
    said = "correction/1 of tell was in doubt: ada@example.com said that it arrived by command"
    assert told(entry) == f"{said}, unverified: it is in the log"


@pytest.mark.usefixtures("one_by_one")
def test_only_who_was_in_doubt_is_written_to_again_and_once(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    later = in_doubt(mailing, peer, launch_is)
    calls, whom = len(peer.received), sorted(doubtful(mailing))
    settle(later, of("again"))
    assert len(peer.received) == calls, "it leaves with the next round of the patrol"
    for _ in range(3):
        patrol(later)
    assert (states(later), written_to(peer, calls)) == ({"accepted": 4}, whom)


@pytest.mark.usefixtures("one_by_one")
def test_a_word_told_twice_is_done_once(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    later = in_doubt(mailing, peer, launch_is)
    calls = len(peer.received)
    settle(later, of("again"))
    assert "nothing of correction/1 of tell is in doubt" in refused(later, of("again"))
    patrol(later)
    assert "nothing of correction/1 of tell is in doubt" in refused(later, of("arrived"))
    patrol(later)
    assert (len(peer.received), kinds(later).count("follow-up-settled")) == (calls + 2, 1)


@pytest.mark.parametrize("fate", ["arrived", "again"])
@pytest.mark.usefixtures("one_by_one")
def test_a_word_that_was_written_down_before_a_crash_is_carried_out_by_the_next_round(
    mailing: World, peer: SendGridPeer, launch_is: str, fate: Fate
) -> None:
    later = in_doubt(mailing, peer, launch_is)
    calls, whom = len(peer.received), sorted(doubtful(mailing))
    answer = act(later, LAUNCH, weighed(later, LAUNCH, of(fate)))
    assert not isinstance(answer, Refusal)
    assert doubtful(later) == set(whom)
    same = act(later, LAUNCH, weighed(later, LAUNCH, of(fate)))
    assert not isinstance(same, Refusal), "who says the same meanwhile is heard"
    other = act(later, LAUNCH, weighed(later, LAUNCH, of("again" if fate == "arrived" else "arrived")))
    assert isinstance(other, Refusal)
    assert "already, which is being carried out" in other.reason
    for _ in range(3):
        patrol(later)
    sent = [] if fate == "arrived" else whom
    assert (states(later), written_to(peer, calls)) == ({"accepted": 4}, sent)
    assert kinds(later).count("follow-up-settled") == 1


@pytest.mark.usefixtures("one_by_one")
def test_what_is_lost_once_more_waits_for_another_word(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    later = in_doubt(mailing, peer, launch_is)
    settle(later, of("again"))
    peer.answer("drop", "accept")
    send_follow_ups(later)
    assert states(later) == {"accepted": 3, "unknown": 1}
    calls = len(peer.received)
    for minutes in (21, 30, 60):
        patrol(at(mailing, minutes))
    assert (states(later), len(peer.received)) == ({"accepted": 3, "unknown": 1}, calls)
    settle(at(mailing, 61), of("again"))
    patrol(at(mailing, 61))
    assert (states(later), len(peer.received)) == ({"accepted": 4}, calls + 1)


@pytest.mark.usefixtures("one_by_one")
def test_a_word_is_about_what_was_in_doubt_when_it_was_said(mailing: World, peer: SendGridPeer) -> None:
    """A sender died in the middle of sending again; that nobody knows what it did comes out after the next word."""
    later = in_doubt(mailing, peer)
    settle(later, of("again"))
    batch = later.ledger.batches.claim(ONE, "dead", later.now(), LEASE)
    assert batch is not None
    assert batch.size == 2
    later.ledger.batches.split(batch.id, "dead", 1, later.now())
    for owner in ("dead", "one"):
        half = later.ledger.batches.claim(ONE, owner, later.now(), LEASE)
        assert half is not None
        assert later.ledger.batches.writing(half.id, owner, later.now())
        if owner == "one":
            later.ledger.batches.settle(half.id, owner, "unknown", later.now())
    answer = act(at(mailing, 40), LAUNCH, weighed(at(mailing, 40), LAUNCH, of("again")))
    assert not isinstance(answer, Refusal)
    calls = len(peer.received)
    patrol(at(mailing, 41))
    patrol(at(mailing, 42))
    assert (states(later), len(peer.received)) == ({"accepted": 3, "unknown": 1}, calls + 1)


def test_nobody_is_to_speak_before_reports_had_time(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    announced(mailing, launch_is)
    lost(mailing, peer, "drop")
    assert "reports may settle correction/1 of tell by themselves until" in refused(mailing, of("again"))
    if launch_is == "running":
        by_question = Settle(by=ADA, item="question-1", fate="again")
        assert "reports may settle it by itself until" in refused(mailing, by_question)
        act(mailing, LAUNCH, Abandon(by=ADA, reason="not now"))
        assert "reports may settle correction/1 of tell by themselves until" in refused(mailing, by_question)
    assert set(states(mailing)) == {"unknown"}


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (Actor("eve@example.com", "Eve", ("qa",)), "does not hold the role launch-managers"),
        (Actor("mallory@example.com"), "not a person of this organisation"),
    ],
)
def test_who_does_not_run_launches_settles_nothing(
    mailing: World, peer: SendGridPeer, launch_is: str, who: Actor, says: str
) -> None:
    announced(mailing, launch_is)
    lost(mailing, peer, "drop")
    later, calls = at(mailing, 20), len(peer.received)
    for fate in ("arrived", "again", "known"):
        assert says in refused(later, of(fate, by=who))
    patrol(later)
    assert (set(states(later)), len(peer.received)) == ({"unknown"}, calls)
    assert "follow-up-settled" not in kinds(later)


def test_a_slip_is_told_what_is_in_doubt(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing)
    lost(mailing, peer, "drop")
    later = at(mailing, 20)
    for command in (of("again", "correction/2"), of("again", ""), of("again", "announcement")):
        assert f"in doubt is: {COMMAND} correction/1" in refused(later, command)
    assert 'no item is called "tall"' in refused(later, replace(of("again"), item="tall"))
    settle(later, of("arrived"))
    assert "nothing of acme 2.4.0 is in doubt" in refused(later, of("again"))


@pytest.mark.usefixtures("one_by_one")
def test_an_older_correction_does_not_come_after_a_newer_one(
    mailing: World, peer: SendGridPeer, launch_is: str
) -> None:
    later = in_doubt(mailing, peer, launch_is)
    lost(mailing, peer, "accept", command=replace(CORRECT, note="The price is 21."))
    calls = len(peer.received)
    why = refused(later, of("again"))
    assert "correction/2 was said since, to the same people" in why
    patrol(later)
    assert (states(later), len(peer.received)) == ({"accepted": 2, "unknown": 2}, calls)
    settle(later, of("arrived"))
    assert states(later) == {"accepted": 4}


@pytest.mark.usefixtures("one_by_one")
def test_a_recall_in_doubt_is_sent_again_after_two_corrections_and_they_are_not(
    mailing: World, peer: SendGridPeer, launch_is: str
) -> None:
    announced(mailing, launch_is)
    lost(mailing, peer, "drop", "accept")
    lost(mailing, peer, "accept", command=replace(CORRECT, note="The price is 21."))
    lost(mailing, peer, "drop", "accept", command=RECALL)
    later, calls = at(mailing, 20), len(peer.received)
    (whom,) = doubtful(mailing, "recall/3")
    settle(later, of("again", "recall/3"))
    patrol(later)
    assert written_to(peer, calls) == [whom]
    assert states(later, "recall/3") == {"accepted": 4}
    assert states(later) == {"accepted": 3, "unknown": 1}
    assert "It is not for sale." in peer.mails[-1]["text/plain"]


@pytest.mark.usefixtures("one_by_one")
def test_who_opted_out_since_is_not_written_to_again(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    announced(mailing, launch_is)
    lost(mailing, peer, "drop", "drop", "drop", "drop")
    later, calls = at(mailing, 20), len(peer.received)
    mailing.ledger.wishes.bounced("customer-1@example.net", "550", "sendgrid", mailing.now())
    settle(later, of("again"))
    patrol(later)
    assert written_to(peer, calls) == ["ada@example.com", "customer-0@example.net", "customer-2@example.net"]
    assert states(later) == {"accepted": 3, "suppressed": 1}


def test_on_hold_it_waits_until_the_launch_goes_on(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing, "running")
    lost(mailing, peer, "drop")
    later, calls = at(mailing, 20), len(peer.received)
    act(later, LAUNCH, Hold(by=ADA, reason="wait"))
    settle(later, of("again"))
    patrol(later)
    assert (set(states(later)), len(peer.received)) == ({"planned"}, calls)
    act(later, LAUNCH, Resume(by=ADA))
    patrol(later)
    assert set(states(later)) == {"accepted"}


def test_while_all_sending_is_stopped_nothing_leaves(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    announced(mailing, launch_is)
    lost(mailing, peer, "drop")
    later, calls = at(mailing, 20), len(peer.received)
    assert switch(later, TMINUS, "command", "an incident", is_on=False) is None
    settle(later, of("again"))
    patrol(later)
    assert (set(states(later)), len(peer.received)) == ({"planned"}, calls)
    switch(later, TMINUS, "command", "", is_on=True)
    patrol(later)
    assert set(states(later)) == {"accepted"}


def test_a_launch_that_runs_asks_as_for_an_announcement(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing, "running")
    lost(mailing, peer, "drop")
    asked = launch(mailing).questions["question-1"]
    assert (asked.about, asked.purpose) == ("tell", "correction/1")
    assert "4 of 4 messages were handed over: they may have arrived, or not." in asked.said
    assert launch(mailing).items["question-1"].status == "waiting"
    state = advance(at(mailing, 20), LAUNCH).items["question-1"]
    assert (state.status, state.run and state.run.form, state.item.owner) == ("open", "settle", "launch-managers")
    assert state.item.label == "Announce to customers: did correction/1 arrive?"


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("fate", ["arrived", "again"])
def test_the_question_and_the_name_are_two_ways_to_say_the_same(
    mailing: World, peer: SendGridPeer, fate: Fate, *, by_name: bool
) -> None:
    announced(mailing, "running")
    lost(mailing, peer, "drop")
    later, calls = at(mailing, 20), len(peer.received)
    advance(later, LAUNCH)
    settle(later, of(fate) if by_name else Settle(by=ADA, item="question-1", fate=fate))
    patrol(later)
    state = launch(later).items["question-1"]
    assert (state.status, state.fate, state.ended_by) == ("passed", fate, ADA.email)
    assert (states(later), launch(later).unanswered) == ({"accepted": 4}, ())
    assert written_to(peer, calls) == (EVERYBODY if fate == "again" else [])
    assert launch(later).items["tell"].round == 1, "the announcement itself does not begin anew"


def test_a_question_of_a_launch_that_is_over_by_now_still_names_what_it_was_about(
    mailing: World, peer: SendGridPeer
) -> None:
    announced(mailing, "running")
    lost(mailing, peer, "drop")
    later = at(mailing, 20)
    advance(later, LAUNCH)
    act(later, LAUNCH, Abandon(by=ADA, reason="not now"))
    advance(later, LAUNCH)
    settle(later, Settle(by=ADA, item="question-1", fate="again"))
    patrol(later)
    assert (states(later), list(launch(later).questions)) == ({"accepted": 4}, ["question-1"])


def test_an_abandoned_launch_asks_nobody_and_can_be_settled(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing, "running")
    act(mailing, LAUNCH, Abandon(by=ADA, reason="not now"))
    advance(mailing, LAUNCH)
    lost(mailing, peer, "drop")
    later = at(mailing, 20)
    patrol(later)
    assert launch(later).questions == {}
    settle(later, of("again"))
    patrol(later)
    assert (states(later), launch(later).status) == ({"accepted": 4}, "abandoned")


def test_a_mail_in_the_log_settles_it_and_answers_the_question(
    mailing: World, peer: SendGridPeer, launch_is: str
) -> None:
    announced(mailing, launch_is)
    lost(mailing, peer, "drop")
    calls = len(peer.received)
    peer.log.answer("answer")
    said = [line for minutes in (3, 4) for line in patrol(at(mailing, minutes)).said]
    assert said.count(f"{LAUNCH}: correction/1 of tell: what was in doubt was found in SendGrid's log") == 2
    assert (states(mailing), len(peer.received)) == ({"accepted": 4}, calls), "a call a round; nothing is sent"
    patrol(at(mailing, 5))
    assert launch(mailing).unanswered == ()


@pytest.mark.usefixtures("one_by_one")
def test_a_launch_that_is_over_is_read_only_while_somebodys_word_is_to_be_carried_out(
    mailing: World, peer: SendGridPeer
) -> None:
    later = in_doubt(mailing, peer)
    assert later.ledger.open_ids() == ()
    act(later, LAUNCH, weighed(later, LAUNCH, of("arrived")))
    assert later.ledger.open_ids() == (LAUNCH,)
    patrol(later)
    assert (later.ledger.open_ids(), kinds(later)[-1]) == ((), "ended")


def test_reach_says_what_to_do_about_it(mailing: World, peer: SendGridPeer, launch_is: str) -> None:
    announced(mailing, launch_is)
    lost(mailing, peer, "drop")
    by_name = f"{COMMAND} correction/1"
    how = by_name if launch_is == "over" else "tminus announcements settle acme-2.4.0 question-1"
    reached = reach_of(mailing, launch(mailing))
    assert [(one.purpose, one.unknown, one.settle) for one in reached if one.unknown] == [("correction/1", 4, how)]
    assert [one["settle"] for one in as_plain(launch(mailing), reached)["announcements"]] == ["", how]
    assert [row["settle"] for row in as_rows(reached)] == ["", how]
    settle(at(mailing, 20), of("arrived"))
    assert {one.settle for one in reach_of(mailing, launch(mailing))} == {""}


def test_what_hangs_is_in_doubt_and_is_never_sent_by_itself(
    mailing: World, peer: SendGridPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced(mailing)
    hasty = {**ways_out.WAYS, "email": lambda *_: SendGrid(SecretStr(KEY), peer.host, 0.2)}
    monkeypatch.setattr(ways_out, "WAYS", hasty)
    lost(mailing, peer, "hang")
    calls = len(peer.received)
    assert send_follow_ups(at(mailing, 20)) == []
    assert (states(mailing), len(peer.received)) == ({"unknown": 4}, calls)


class Late(MemoryBoard):
    """Something else happens while a launch is brought to its end."""

    then: Callable[[], object] | None = None

    def report(self, launch: Launch, markdown: str) -> None:
        super().report(launch, markdown)
        then, self.then = self.then, None
        if then:
            then()


def test_a_word_that_is_said_while_the_last_one_is_carried_out_is_not_lost_with_who_said_it(
    mailing: World, peer: SendGridPeer
) -> None:
    board = Late()
    world = replace(mailing, board=board)
    announced(world)
    lost(world, peer, "drop")
    lost(world, peer, "drop", command=RECALL)
    later = at(world, 20)
    board.then = lambda: act(later, LAUNCH, weighed(later, LAUNCH, of("arrived", "recall/2")))
    settle(later, of("arrived"))
    assert board.then is None
    patrol(later)
    assert (states(later), states(later, "recall/2")) == ({"accepted": 4}, {"accepted": 4})
    assert later.ledger.open_ids() == ()


def itself(fate: Fate, item: str = "tell", by: Actor = ADA) -> Settle:
    return Settle(by=by, item=item, fate=fate)


def given_up(world: World, peer: SendGridPeer) -> World:
    """The answer for one of four was lost, and the launch was given up; the world later, when people may say so."""
    opened(world)
    peer.answer("accept", "drop", "accept")
    sent(world)
    act(world, LAUNCH, Abandon(by=ADA, reason="not now"))
    advance(world, LAUNCH)
    peer.log.answer("empty")
    return at(world, 20)


@pytest.mark.parametrize("item", ["tell", "question-1"])
@pytest.mark.usefixtures("one_by_one")
def test_an_announcement_of_an_abandoned_launch_is_settled_and_never_sent_again(
    mailing: World, peer: SendGridPeer, item: str
) -> None:
    later = given_up(mailing, peer)
    calls = len(peer.received)
    assert states(later, "announcement") == {"accepted": 3, "unknown": 1}
    assert "acme 2.4.0 is abandoned, and nothing of it is announced any more" in refused(later, itself("again", item))
    patrol(later)
    assert (states(later, "announcement"), len(peer.received)) == ({"accepted": 3, "unknown": 1}, calls)
    settle(later, itself("arrived", item))
    patrol(later)
    assert (states(later, "announcement"), len(peer.received)) == ({"accepted": 4}, calls)
    (entry,) = [one for one in later.ledger.read(LAUNCH) if one.kind == "follow-up-settled"]
    assert told(entry) == "tell was in doubt: ada@example.com said that it arrived by command, unverified"
    assert (launch(later).status, later.ledger.open_ids()) == ("abandoned", ())
    assert "nothing of acme 2.4.0 is in doubt" in refused(later, itself("arrived"))


@pytest.mark.usefixtures("one_by_one")
def test_what_was_said_of_an_announcement_before_a_crash_is_carried_out_by_the_next_round(
    mailing: World, peer: SendGridPeer
) -> None:
    later = given_up(mailing, peer)
    assert not isinstance(act(later, LAUNCH, weighed(later, LAUNCH, itself("arrived"))), Refusal)
    assert (states(later, "announcement"), later.ledger.open_ids()) == ({"accepted": 3, "unknown": 1}, (LAUNCH,))
    patrol(later)
    assert (states(later, "announcement"), later.ledger.open_ids()) == ({"accepted": 4}, ())


@pytest.mark.usefixtures("one_by_one")
def test_a_word_on_the_announcement_says_nothing_of_its_correction(mailing: World, peer: SendGridPeer) -> None:
    given_up(mailing, peer)
    lost(mailing, peer, "drop", "accept")
    later = at(mailing, 20)
    settle(later, itself("arrived"))
    assert (states(later, "announcement"), states(later)) == ({"accepted": 4}, {"accepted": 3, "unknown": 1})
    settle(later, of("again"))
    patrol(later)
    assert states(later) == {"accepted": 4}


@pytest.mark.usefixtures("one_by_one")
def test_reach_says_of_an_announcement_that_is_over_only_what_can_be_done(mailing: World, peer: SendGridPeer) -> None:
    later = given_up(mailing, peer)
    (told_of,) = reach_of(later, launch(later))
    assert (told_of.unknown, told_of.settle) == (1, "tminus announcements settle acme-2.4.0 tell")
    assert told_of.is_silent


def killed(world: World) -> None:
    """The sender of the announcement died over all four."""
    opened(world)
    half_written(world, RUN)


def half_written(world: World, run: ItemRun) -> None:
    plan(world, run)
    of = ONE._replace(launch_id=run.launch_id, purpose="announcement")
    while batch := world.ledger.batches.claim(of, "dead", world.now(), LEASE):
        assert world.ledger.batches.writing(batch.id, "dead", world.now())


def test_what_a_dead_sender_was_writing_when_its_launch_was_given_up_is_in_doubt(
    mailing: World, peer: SendGridPeer
) -> None:
    killed(mailing)
    act(mailing, LAUNCH, Abandon(by=ADA, reason="not now"))
    advance(mailing, LAUNCH)
    patrol(at(mailing, 1))
    assert states(mailing, "announcement") == {"writing": 4}, "its lease is not over"
    patrol(at(mailing, 20))
    assert (states(mailing, "announcement"), peer.received) == ({"unknown": 4}, [])
    settle(at(mailing, 40), itself("arrived"))
    assert states(mailing, "announcement") == {"accepted": 4}


def test_while_its_launch_runs_that_is_left_to_the_next_sender(mailing: World) -> None:
    killed(mailing)
    patrol(at(mailing, 20))
    assert states(mailing, "announcement") == {"writing": 4}


def test_what_was_being_written_to_the_outbox_is_in_no_doubt(outbox: World) -> None:
    killed(outbox)
    act(outbox, LAUNCH, Abandon(by=ADA, reason="not now"))
    advance(outbox, LAUNCH)
    patrol(at(outbox, 20))
    assert states(outbox, "announcement") == {"planned": 4}, "of a launch that was given up it stays so"


def test_a_damaged_record_keeps_nobody_else_in_the_dark(mailing: World) -> None:
    killed(mailing)
    act(mailing, LAUNCH, Abandon(by=ADA, reason="not now"))
    advance(mailing, LAUNCH)
    other = RUN.model_copy(update={"launch_id": "acme-2.5.0"})
    open_launch(mailing, LaunchRequest(product="acme", version="2.5.0", checklist="news"))
    advance(mailing, other.launch_id)
    half_written(mailing, other)
    act(mailing, other.launch_id, Abandon(by=ADA, reason="not now"))
    advance(mailing, other.launch_id)
    damaged = schema.entries.c.launch_id == LAUNCH, schema.entries.c.seq == 2
    with mailing.ledger.database.writing() as connection:
        connection.execute(delete(schema.entries).where(*damaged))
    patrol(at(mailing, 20))
    assert mailing.ledger.deliveries.counts(other.launch_id, "tell") == {"unknown": 4}
