"""Exactly those who got an announcement are told what is right now, or that it is withdrawn; each once."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from checklists.commands import TMINUS, FollowUp, Hold, Pause, Report, Unpause
from checklists.decide import Refusal
from checklists.people import Actor
from ledger.batches import Of
from ledger.deliveries import Delivery
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.announcements.following import prepared, send_follow_ups
from tasks.announcements.reaching import as_csv, as_plain, reach_of
from tasks.carrying_out import carry_out
from tasks.patrol import patrol
from tasks.sending.batch import LEASE
from tasks.sending.switching import switch
from tasks.world import World
from templates.story import told
from tests.peers.sendgrid import SendGridPeer
from tests.tasks import channel
from tests.tasks.newsroom import ORGANISATION, RUN, at, newsroom, opened

LAUNCH = RUN.launch_id
NOTE = "The price is *20* & not <10>."
CORRECT = FollowUp(by=TMINUS, item="tell", what="correction", note=NOTE, text="It costs **20**.")
RECALL = FollowUp(by=TMINUS, item="tell", what="recall", note="It is not for sale.")


def ended(world: World) -> None:
    act(world, LAUNCH, Report(by=TMINUS, item="tell", round=1, number=1, ok=True, summary="all"))
    advance(world, LAUNCH)


def announced(world: World) -> None:
    opened(world)
    plan(world, RUN)
    drain(world, RUN)
    ended(world)


def say(world: World, command: FollowUp) -> None:
    answer, _ = carry_out(world, LAUNCH, command)
    assert not isinstance(answer, Refusal), answer


def deliveries(world: World, purpose: str) -> list[Delivery]:
    return [one for one in world.ledger.deliveries.of(LAUNCH) if one.purpose == purpose]


def said(peer: SendGridPeer) -> list[tuple[str, str]]:
    return [(mail["to"], mail["subject"]) for mail in peer.mails]


def test_those_who_got_it_are_told_once_what_is_right_also_when_the_launch_is_closed(
    mailing: World, peer: SendGridPeer
) -> None:
    announced(mailing)
    assert mailing.ledger.launch(LAUNCH).is_over  # type: ignore[union-attr]
    say(mailing, CORRECT)
    assert len(peer.mails) == 4, "it leaves with the next round of the patrol"
    line = f"{LAUNCH}: correction/1 of tell by email: 4 of 4 handed over"
    assert [line in patrol(mailing).said for _ in range(2)] == [True, False]
    first, again = said(peer)[:4], said(peer)[4:]
    assert sorted(to for to, _ in again) == sorted(to for to, _ in first)
    assert {subject for _, subject in again} == {"Correction: Acme 2.4.0"}
    assert {peer.count(one.id) for one in deliveries(mailing, "correction/1")} == {1}


def test_a_correction_that_nobody_may_send_waits_for_the_key_and_is_said(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    peer.answer("forbidden")
    (line,) = send_follow_ups(mailing)
    assert line.startswith(f"{LAUNCH}: correction/1 of tell by email: SendGrid answered 403")
    assert {one.state for one in deliveries(mailing, "correction/1")} == {"planned"}
    peer.answer("accept")
    assert send_follow_ups(mailing) == [f"{LAUNCH}: correction/1 of tell by email: 4 of 4 handed over"]
    assert {peer.count(one.id) for one in deliveries(mailing, "correction/1")} == {1}


def test_a_correction_whose_template_breaks_keeps_no_other_from_leaving(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing)
    file = mailing.organisation_file.file.parent / "messages" / "correction" / "subject.txt"
    file.parent.mkdir(parents=True)
    file.write_text("{{ 1 // 0 }}")
    say(mailing, CORRECT)
    (broken,) = send_follow_ups(mailing)
    assert "correction/1 of tell by email: templates/correction/subject.txt: integer division" in broken
    say(mailing, RECALL)
    (left,) = send_follow_ups(mailing)
    assert left == f"{LAUNCH}: recall/2 of tell by email: 4 of 4 handed over"


def test_a_launch_that_is_over_is_not_looked_at_again_for_what_is_said_after_it(mailing: World) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    patrol(mailing)
    assert mailing.ledger.open_ids() == ()


def test_a_correction_says_why_and_what_is_right_and_nothing_anybody_wrote_is_a_mark(
    mailing: World, peer: SendGridPeer
) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    send_follow_ups(mailing)
    mail = peer.mails[-1]
    assert "We have to correct what we told you about Acme 2.4.0." in mail["text/plain"]
    assert NOTE in mail["text/plain"]
    assert "The price is *20* &amp; not &lt;10&gt;." in mail["text/html"]
    assert "<strong>20</strong>" in mail["text/html"]


@pytest.mark.usefixtures("one_by_one")
def test_who_certainly_did_not_get_it_is_not_told_and_who_may_have_is(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    peer.answer("bad-request", "drop", "accept")
    plan(mailing, RUN)
    drain(mailing, RUN)
    ended(mailing)
    heard = {one.recipient for one in deliveries(mailing, "announcement") if one.state in ("accepted", "unknown")}
    assert len(heard) == 3
    peer.answer("accept")
    say(mailing, RECALL)
    send_follow_ups(mailing)
    assert {one.recipient: one.state for one in deliveries(mailing, "recall/1")} == dict.fromkeys(heard, "accepted")


def test_somebody_who_came_into_the_audience_since_hears_nothing(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing)
    text = ORGANISATION.format(addresses="new@example.net, customer-0@example.net")
    mailing.settings.organisation.write_text(text)
    say(mailing, RECALL)
    send_follow_ups(mailing)
    assert "new@example.net" not in {to for to, _ in said(peer)}
    assert len(deliveries(mailing, "recall/1")) == 4


def test_who_opted_out_in_between_is_left_alone(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    mailing.ledger.wishes.bounced("customer-1@example.net", "550", "sendgrid", mailing.now())
    before = len(peer.mails)
    send_follow_ups(mailing)
    assert "customer-1@example.net" not in {to for to, _ in said(peer)[before:]}
    states = {one.recipient: one.state for one in deliveries(mailing, "correction/1")}
    assert states.pop("customer-1@example.net") == "suppressed"
    assert set(states.values()) == {"accepted"}


def test_what_was_being_written_when_its_sender_was_killed_is_unknown_and_not_sent_again(
    mailing: World, peer: SendGridPeer
) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    of = Of(LAUNCH, "tell", "email", "correction/1")
    dead = mailing.ledger.batches.claim(of, "dead", mailing.now(), LEASE)
    assert dead is not None
    assert mailing.ledger.batches.writing(dead.id, "dead", mailing.now())
    before = len(peer.mails)
    send_follow_ups(at(mailing, minutes=10))
    states = sorted(one.state for one in deliveries(mailing, "correction/1"))
    assert states.count("unknown") == dead.size
    assert len(peer.mails) - before == 4 - dead.size


def test_what_is_only_planned_does_not_leave_before_the_record_says_so(mailing: World, peer: SendGridPeer) -> None:
    """As where a process died between the two."""
    announced(mailing)
    assert prepared(mailing, LAUNCH, CORRECT).heard == 4
    assert send_follow_ups(mailing) == []
    assert len(peer.mails) == 4
    say(mailing, CORRECT)
    send_follow_ups(mailing)
    assert {peer.count(one.id) for one in deliveries(mailing, "correction/1")} == {1}


def test_nothing_leaves_while_all_sending_is_stopped(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    assert switch(mailing, TMINUS, "command", "an incident", is_on=False) is None
    assert send_follow_ups(mailing) == []
    assert len(peer.mails) == 4
    switch(mailing, TMINUS, "command", "", is_on=True)
    assert len(send_follow_ups(mailing)) == 1


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (replace(CORRECT, by=Actor("eve@example.com", "Eve", ("qa",))), "does not hold the role launch-managers"),
        (replace(CORRECT, note=" ", text="\n"), "say what is right"),
        (replace(CORRECT, note="x" * 301), "300 is the most"),
        (replace(RECALL, note=" "), "say why"),
        (replace(RECALL, item="tall"), "tell"),
    ],
)
def test_what_may_not_be_said_is_refused_and_plans_nothing(outbox: World, command: FollowUp, says: str) -> None:
    announced(outbox)
    answer, _ = carry_out(outbox, LAUNCH, command)
    assert isinstance(answer, Refusal)
    assert says in answer.reason
    assert {one.purpose for one in outbox.ledger.deliveries.of(LAUNCH)} == {"announcement"}


def test_before_it_has_gone_out_and_while_on_hold_there_is_nothing_to_correct(outbox: World) -> None:
    opened(outbox)
    answer, _ = carry_out(outbox, LAUNCH, CORRECT)
    assert isinstance(answer, Refusal)
    assert "tell is" in answer.reason
    act(outbox, LAUNCH, Report(by=TMINUS, item="tell", round=1, number=1, ok=True, summary="all"))
    answer, _ = carry_out(outbox, LAUNCH, CORRECT)
    assert answer == Refusal("nobody has got tell; there is nobody to tell")
    act(outbox, LAUNCH, Hold(by=TMINUS, reason="wait"))
    answer, _ = carry_out(outbox, LAUNCH, CORRECT)
    assert isinstance(answer, Refusal)
    assert "on hold: wait" in answer.reason
    assert outbox.ledger.deliveries.of(LAUNCH) == ()


def test_after_a_recall_nothing_more_is_said(outbox: World) -> None:
    announced(outbox)
    say(outbox, CORRECT)
    say(outbox, RECALL)
    answer, _ = carry_out(outbox, LAUNCH, CORRECT)
    assert answer == Refusal("tell was recalled already")
    send_follow_ups(outbox)
    assert {one.purpose for one in outbox.ledger.deliveries.of(LAUNCH)} == {"announcement", "correction/1", "recall/2"}
    *_, corrected, recalled = outbox.ledger.read(LAUNCH)
    assert told(corrected) == f"tminus corrected tell by command, 3 words: {NOTE}"
    assert told(recalled) == "tminus recalled tell by command: It is not for sale."


def test_a_second_click_says_nothing_twice(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    say(mailing, CORRECT)
    send_follow_ups(mailing)
    assert len(peer.mails) == 8
    say(mailing, replace(CORRECT, note="It is 21."))
    assert send_follow_ups(mailing) == [f"{LAUNCH}: correction/2 of tell by email: 4 of 4 handed over"]


def test_of_a_rehearsal_it_stays_in_the_outbox_too(tmp_path: Path, peer: SendGridPeer) -> None:
    world = newsroom(tmp_path / "home", peer.host)
    launch = opened(world, rehearsed=True)
    run = RUN.model_copy(update={"launch_id": launch.id})
    plan(world, run)
    assert drain(world, run)
    act(world, launch.id, Report(by=TMINUS, item="tell", round=1, number=1, ok=True, summary="all"))
    answer, _ = carry_out(world, launch.id, RECALL)
    assert not isinstance(answer, Refusal)
    assert send_follow_ups(world) == [f"{launch.id}: recall/1 of tell by email: 4 of 4 handed over"]
    assert peer.received == []
    assert len(list(world.settings.outbox.glob("*.eml"))) == 8
    world.ledger.dispose()


def test_reach_shows_each_by_itself(outbox: World) -> None:
    announced(outbox)
    say(outbox, CORRECT)
    send_follow_ups(outbox)
    launch = outbox.ledger.launch(LAUNCH)
    assert launch is not None
    reached = reach_of(outbox, launch)
    numbers = [(one.purpose, [row.handed_over for row in one.channels]) for one in reached]
    assert numbers == [("announcement", [4]), ("correction/1", [4])]
    assert [one["purpose"] for one in as_plain(launch, reached)["announcements"]] == ["announcement", "correction/1"]
    rows = csv.DictReader(StringIO(as_csv(launch, reached)))
    assert [row["purpose"] for row in rows] == ["announcement", "correction/1"]


@pytest.mark.parametrize("text", ["It costs **20**.", ""])
def test_the_change_channel_is_corrected_and_withdrawn_in_its_place(tmp_path: Path, text: str) -> None:
    world = channel.channel_world(tmp_path)
    first = channel.announced(world)
    ended(world)
    say(world, replace(CORRECT, text=text))
    send_follow_ups(world)
    now = world.ledger.publications.get(first.id)
    assert now is not None
    assert (now.slug, now.title, [one.note for one in now.corrections]) == (first.slug, first.title, [NOTE])
    assert now.body.strip() == (text or first.body.strip())
    say(world, RECALL)
    send_follow_ups(world)
    gone = world.ledger.publications.get(first.id)
    assert gone is not None
    assert (gone.is_recalled, gone.recall_reason, gone.slug) == (True, RECALL.note, first.slug)
    world.ledger.dispose()


PAUSE = Pause(by=TMINUS, item="tell", reason="a typo")


@pytest.mark.parametrize("said", [CORRECT, RECALL])
def test_what_is_said_after_it_can_be_paused_also_when_the_launch_is_closed(
    mailing: World, peer: SendGridPeer, said: FollowUp
) -> None:
    announced(mailing)
    refused = act(mailing, LAUNCH, PAUSE)
    assert isinstance(refused, Refusal), "nothing is said after it yet"
    say(mailing, said)
    assert not isinstance(act(mailing, LAUNCH, PAUSE), Refusal)
    again = act(mailing, LAUNCH, PAUSE)
    assert isinstance(again, Refusal)
    assert again.reason == "tell is paused already: a typo"
    assert (send_follow_ups(mailing), len(peer.mails)) == ([], 4)
    assert not isinstance(act(mailing, LAUNCH, Unpause(by=TMINUS, item="tell")), Refusal)
    purpose = f"{said.what}/1"
    assert send_follow_ups(mailing) == [f"{LAUNCH}: {purpose} of tell by email: 4 of 4 handed over"]
    assert {peer.count(one.id) for one in deliveries(mailing, purpose)} == {1}


def test_what_a_killed_sender_was_writing_of_a_replaced_correction_is_unknown(mailing: World) -> None:
    announced(mailing)
    say(mailing, CORRECT)
    of = Of(LAUNCH, "tell", "email", "correction/1")
    batch = mailing.ledger.batches.claim(of, "dead", mailing.now(), timedelta(minutes=2))
    assert batch is not None
    assert mailing.ledger.batches.writing(batch.id, "dead", mailing.now())
    say(mailing, RECALL)
    send_follow_ups(at(mailing, minutes=10))
    assert {one.state for one in deliveries(mailing, "correction/1")} == {"unknown", "suppressed"}
    assert mailing.ledger.followed.undone() == []


@pytest.mark.parametrize(
    ("second", "is_paused", "leaves"),
    [
        (replace(CORRECT, text="", note="It is 2 m tall."), False, ["Correction", "Correction"]),
        (replace(CORRECT, text="", note="It is 2 m tall."), True, ["Correction"]),
        (replace(CORRECT, text="It costs **30**."), False, ["Correction"]),
        (RECALL, False, ["Withdrawn"]),
    ],
)
def test_what_is_said_in_the_place_of_a_correction_leaves_alone(
    mailing: World, peer: SendGridPeer, second: FollowUp, is_paused: bool, leaves: list[str]
) -> None:
    """A sentence more is another one; all of the text, a recall, or what is said while it is paused takes its place."""
    announced(mailing)
    say(mailing, CORRECT)
    if is_paused:
        act(mailing, LAUNCH, PAUSE)
    say(mailing, second)
    if is_paused:
        assert send_follow_ups(mailing) == []
        act(mailing, LAUNCH, Unpause(by=TMINUS, item="tell"))
    send_follow_ups(mailing)
    send_follow_ups(mailing)
    heard = [subject.partition(":")[0] for to, subject in said(peer)[4:] if to == "ada@example.com"]
    assert heard == leaves
    assert mailing.ledger.followed.undone() == []
    assert {one.state for one in deliveries(mailing, "correction/1")} == (
        {"accepted"} if len(leaves) == 2 else {"suppressed"}
    )
