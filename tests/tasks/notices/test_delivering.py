"""What is written to people reaches them once, says what is true when it leaves, and never disturbs a gate."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checklists.commands import Abandon, Ask, Command, Complete, Hold, Resume, Waive
from checklists.decide import Refusal
from ledger.store import Ledger
from tasks.act import act
from tasks.advance import advance
from tasks.carrying_out import carry_out
from tasks.notices.delivering import deliver_notices
from tasks.people.codes import whose_code
from tasks.people.links import read_link
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, FAY, sign
from tests.peers.sendgrid import SendGridPeer
from tests.peers.slack import SlackPeer
from tests.prefect_ui import until
from tests.tasks.notices.mailroom import arrivals, details, elsewhere, mailroom, notices, outbox, states, text
from tests.tasks.notices.organised import say_more, send_away
from tests.tasks.worlds import Place

NAME = "acme-2.4.0"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def then(at: Place, *commands: Command) -> None:
    for command in commands:
        assert not isinstance(act(at.world, NAME, command), Refusal)
    advance(at.world, NAME)


def test_everybody_asked_gets_one_mail_with_their_own_way_in(at: Place) -> None:
    launch = at.begun()
    world = mailroom(at, identity="verified", public_url="https://launch.example.com")
    assert deliver_notices(world) == 6
    assert states(at) == {"accepted": 6}
    for mail in outbox(at):
        said, who = text(mail), str(mail["To"])
        link = next(line for line in said.splitlines() if line.startswith("https://launch.example.com/sign/"))
        found = read_link(world, link.rpartition("/")[2])
        assert found is not None
        assert found.person == who
        code = next(line for line in said.splitlines() if line.startswith("Your personal code: ")).split()[-1]
        assert whose_code(world, launch, found.item, code) == who


def test_without_codes_none_is_mailed(at: Place) -> None:
    at.begun()
    deliver_notices(at.world)
    assert not [mail for mail in outbox(at) if "code" in text(mail)]


def test_delivering_again_sends_nothing_again(at: Place) -> None:
    at.begun()
    deliver_notices(at.world)
    for _ in range(3):
        advance(at.world, NAME)
        assert deliver_notices(at.world) == 0
    assert len(outbox(at)) == 6


def test_a_mail_says_what_is_true_when_it_leaves(at: Place) -> None:
    at.begun()
    then(at, sign(BEN, "qa"), sign(DAN, "docs"), Waive(by=EVE, item="training", reason="known good"))
    deliver_notices(at.world)
    assert details(at, "qa") == {
        "ada": ("accepted", ""),
        "ben": ("suppressed", "ben@example.com has signed"),
        "cat": ("accepted", ""),
    }
    assert details(at, "docs") == {"dan": ("suppressed", "docs is passed")}
    assert details(at, "training") == {"fay": ("suppressed", "training is waived")}
    (to_ada, *_) = (text(mail) for mail in outbox(at) if mail["To"] == ADA.email)
    assert "- Ben: signed (" in to_ada


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (lambda at: then(at, Abandon(by=EVE, reason="superseded")), "acme 2.4.0 is abandoned"),
        (lambda at: then(at, sign(DAN, "docs", "request-changes")), "round 1 of docs is over"),
        (lambda at: send_away(at, DAN.email), "docs does not ask dan@example.com any more"),
        (lambda at: _forget(at, DAN.email), "dan@example.com is not a person of this organisation any more"),
        (lambda at: _say(at, "roles: [docs]", "roles: [qa]"), "docs does not ask dan@example.com any more"),
        (lambda at: then(at, Ask(by=EVE, item="docs")), "a newer mail took its place"),
    ],
)
def test_what_says_nothing_any_more_is_not_sent(at: Place, before: object, said: str) -> None:
    at.begun()
    before(at)  # type: ignore[operator]
    deliver_notices(at.world)
    first = next(one for one in notices(at) if (one.item, one.purpose) == ("docs", "ask/1/1"))
    assert (first.state, first.detail) == ("suppressed", said)


def _say(at: Place, old: str, new: str) -> None:
    file = at.world.settings.home / "organisation.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def _forget(at: Place, who: str) -> None:
    file = at.world.settings.home / "organisation.yaml"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if f"{who}:" not in line))


def test_a_new_mailing_to_one_leaves_the_first_mail_of_the_others_good(at: Place) -> None:
    at.begun()
    then(at, Ask(by=EVE, item="qa", people=(BEN.email,)))
    world = mailroom(at, identity="verified", public_url="https://launch.example.com")
    deliver_notices(world)
    sent = {(one.recipient, one.purpose) for one in notices(at) if one.item == "qa" and one.state == "accepted"}
    assert sent == {(ADA.email, "ask/1/1"), (CAT.email, "ask/1/1"), (BEN.email, "ask/1/2")}
    for mail in outbox(at):
        if "QA" in str(mail["Subject"]):
            code = next(line for line in text(mail).splitlines() if line.startswith("Your personal code")).split()[-1]
            assert whose_code(world, at.launch(NAME), "qa", code) == mail["To"]


def test_what_the_record_does_not_say_yet_waits_a_moment(at: Place) -> None:
    launch = at.begun()
    from ledger.deliveries import Address
    from ledger.notices import Planned

    early = Address(launch_id=launch.id, item="qa", channel="email", recipient=ADA.email, purpose="ask/1/2")
    at.ledger.notices.plan([Planned(early, 1)], at.clock())
    deliver_notices(at.world)
    waits = next(one for one in notices(at) if one.purpose == "ask/1/2")
    assert (waits.state, waits.detail) == ("planned", "the record does not say yet that it was sent")
    then(at, Ask(by=EVE, item="qa"))
    at.clock.wait(timedelta(seconds=3))
    deliver_notices(at.world)
    assert {one.state for one in notices(at) if one.purpose == "ask/1/2"} == {"accepted"}


def test_reminders_of_one_person_become_one_mail(at: Place) -> None:
    at.begun()
    at.begun("2.5.0")
    deliver_notices(at.world)
    at.clock.at = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    for name in (NAME, "acme-2.5.0"):
        advance(at.world, name)
    assert deliver_notices(at.world) == 0  # a Friday evening
    at.clock.at = MONDAY
    assert deliver_notices(at.world) == 1
    mail = outbox(at)[-1]
    assert (mail["To"], mail["Subject"]) == (FAY.email, "2 things wait for you")
    assert text(mail).count("/sign/") == 2
    assert {one.state for name in (NAME, "acme-2.5.0") for one in notices(at, name)} == {"accepted"}


def test_a_reminder_of_a_date_that_was_moved_is_not_sent(at: Place) -> None:
    from datetime import date

    from checklists.commands import Reschedule
    from checklists.dates import Calendar

    at.begun()
    deliver_notices(at.world)
    at.clock.at = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    advance(at.world, NAME)
    then(at, Reschedule(by=EVE, launch_on=date(2026, 12, 8), calendar=Calendar()))
    at.clock.at = MONDAY
    deliver_notices(at.world)
    (row,) = [one for one in notices(at) if one.purpose.startswith("remind")]
    assert (row.state, row.detail) == ("suppressed", "its date was moved")


def test_on_hold_reminders_wait_and_come_when_it_goes_on(at: Place) -> None:
    at.begun()
    deliver_notices(at.world)
    at.clock.at = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    advance(at.world, NAME)
    then(at, Hold(by=EVE, reason="wait"))
    at.clock.at = MONDAY
    assert deliver_notices(at.world) == 0
    then(at, Resume(by=EVE))
    at.clock.wait(timedelta(minutes=11))
    assert deliver_notices(at.world) == 1


def test_a_link_in_a_reminder_works_on(at: Place) -> None:
    at.begun()
    deliver_notices(at.world)
    at.clock.at = MONDAY + timedelta(days=7)
    advance(at.world, NAME)
    deliver_notices(at.world)
    token = next(line for line in text(outbox(at)[-1]).splitlines() if "/sign/" in line).rpartition("/")[2]
    link = read_link(at.world, token)
    assert link is not None
    assert link.expires_at == at.clock() + timedelta(days=at.world.settings.link_days)


@pytest.mark.parametrize(
    ("mode", "state", "said"),
    [
        ("drop", "unknown", "the connection to SendGrid broke after the message had left"),
        ("garbage", "unknown", "the connection to SendGrid broke after the message had left"),
        ("html-error", "unknown", "the message may have been taken"),
        ("sandbox", "unknown", "SendGrid answered 200 instead of 202"),
        ("rate-limited", "planned", "too many requests"),
        ("unauthorised", "planned", "the API key is not valid"),
        ("bad-request", "planned", "Does not contain a valid address"),
    ],
)
def test_a_vendor_in_trouble_is_left_alone_and_no_gate_knows(at: Place, mode: str, state: str, said: str) -> None:
    at.begun()
    with SendGridPeer() as peer:
        peer.answer(mode)
        world = mailroom(at, peer.host)
        assert deliver_notices(world) == 0
        tries = 3 if mode in ("unauthorised", "bad-request") else 1
        assert len(peer.received) == tries
        tried = [one for one in notices(at) if one.detail]
        assert {(one.state, said in one.detail) for one in tried} == {(state, True)}
        assert deliver_notices(world) == 0  # at once again: nobody is asked
        assert len(peer.received) == tries
        answer, note = carry_out(world, NAME, sign(DAN, "docs"))
        assert not isinstance(answer, Refusal)
        assert (answer.items["docs"].status, note) == ("passed", "")
        peer.answer("accept")
        at.clock.wait(timedelta(hours=2))
        deliver_notices(world)
        assert max(peer.count(one.id) for one in notices(at)) <= (2 if state == "planned" else 1)
    assert states(at).get("planned", 0) == 0


def test_a_vendor_who_refuses_connections_is_asked_again_later(at: Place) -> None:
    at.begun()
    with SendGridPeer() as gone:
        host = gone.host
    world = mailroom(at, host)
    assert deliver_notices(world) == 0
    assert states(at) == {"planned": 6}
    with SendGridPeer() as peer:
        back = mailroom(at, peer.host)
        at.clock.wait(timedelta(hours=1))
        assert deliver_notices(back) == 6
        assert arrivals(at, peer) == {1}


def test_a_key_that_stays_wrong_is_given_up_and_seen(at: Place) -> None:
    at.begun()
    with SendGridPeer() as peer:
        peer.answer("unauthorised")
        world = mailroom(at, peer.host)
        for _ in range(60):
            deliver_notices(world)
            at.clock.wait(timedelta(minutes=10))
        assert states(at) == {"rejected": 6}
        assert all("set SENDGRID_API_KEY" in one.detail for one in notices(at))


@pytest.mark.slow
def test_a_vendor_who_hangs_costs_one_call_and_no_gate_anything(at: Place) -> None:
    at.begun()
    with SendGridPeer() as peer:
        peer.answer("hang")
        world = mailroom(at, peer.host)
        sender = threading.Thread(target=deliver_notices, args=(world,))
        sender.start()
        until(lambda: peer.received)
        before = time.monotonic()
        answer, _ = carry_out(world, NAME, sign(DAN, "docs"))
        assert not isinstance(answer, Refusal)
        assert sender.is_alive(), "the gate waited for the vendor"
        assert time.monotonic() - before < 5
        peer.released.set()
        sender.join(60)
        assert not sender.is_alive()
        assert len(peer.received) == 1
    assert states(at)["unknown"] == 1


def test_two_who_deliver_at_once_send_each_once(at: Place) -> None:
    for version in range(10):
        at.begun(f"3.{version}.0")
    with SendGridPeer() as peer:
        others = [elsewhere(at.world.settings.home, at.clock(), peer.host) for _ in range(4)]
        threads = [threading.Thread(target=deliver_notices, args=(world,)) for world in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        sent = [one for version in range(10) for one in notices(at, f"acme-3.{version}.0")]
        assert ({one.state for one in sent}, len(sent)) == ({"accepted"}, 60)
        assert {peer.count(one.id) for one in sent} == {1}
    for world in others:
        world.ledger.dispose()


def test_a_worker_killed_in_mid_send_leaves_that_one_unknown_and_the_others_for_the_next(at: Place) -> None:
    at.begun()
    with SendGridPeer() as peer:
        peer.answer("accept", "accept", "hang")
        worker = _process(at, peer.host)
        until(lambda: len(peer.received) == 3)
        worker.kill()
        worker.wait(10)
        peer.answer("accept")
        assert deliver_notices(mailroom(at, peer.host)) == 0  # its lease still holds
        at.clock.wait(timedelta(minutes=3))
        assert deliver_notices(mailroom(at, peer.host)) == 3
        assert states(at) == {"accepted": 5, "unknown": 1}
        assert arrivals(at, peer) == {1}


def test_a_worker_killed_while_it_fills_the_outbox_leaves_each_letter_once(at: Place) -> None:
    for version in range(30):
        at.begun(f"3.{version}.0")
    worker = _process(at)
    until(lambda: outbox(at))
    worker.kill()
    worker.wait(10)
    at.clock.wait(timedelta(minutes=3))
    deliver_notices(at.world)
    assert len(outbox(at)) == len({str(mail["Message-ID"]) for mail in outbox(at)}) == 180
    assert {one.state for version in range(30) for one in notices(at, f"acme-3.{version}.0")} == {"accepted"}


def _process(at: Place, *words: str) -> subprocess.Popen[bytes]:
    home, now = at.world.settings.home, at.clock().isoformat()
    return subprocess.Popen([sys.executable, "-m", "tests.tasks.notices.mailroom", str(home), now, *words])


def test_slack_gets_the_same_and_its_trouble_keeps_no_mail_back(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    say_more(at, BEN.email, "slack-env: BEN_SLACK")
    at.begun()
    with SlackPeer() as slack:
        monkeypatch.setenv("BEN_SLACK", slack.url)
        slack.answer("html-error")
        assert deliver_notices(at.world) == 6
        found = {one.channel: one.state for one in notices(at) if one.recipient == BEN.email}
        assert found == {"email": "accepted", "slack": "unknown"}
        slack.answer("accept")
        then(at, Ask(by=EVE, item="qa", people=(BEN.email,)))
        at.clock.wait(timedelta(minutes=1))
        assert deliver_notices(at.world) == 2
        (_, post) = slack.received
        assert "QA sign-off: please sign" in post.body["text"]
        assert "/sign/" in str(post.body["blocks"])


def test_a_letter_that_cannot_be_written_keeps_no_other_back(at: Place) -> None:
    at.begun()
    broken = replace(at.world, settings=at.world.settings.model_copy(update={"mail_from": "nobody"}))
    assert deliver_notices(broken) == 0
    waiting = [one for one in notices(at) if one.state == "planned"]
    assert waiting
    assert all("it cannot be written" in one.detail for one in waiting)
    at.clock.wait(timedelta(hours=1))
    assert deliver_notices(at.world) == len(waiting)


def test_a_ledger_that_is_away_is_no_trouble_of_the_caller(at: Place) -> None:
    at.begun()
    gone = Ledger("sqlite:////nowhere/that/exists/ledger.sqlite3")
    assert deliver_notices(replace(at.world, ledger=gone)) == 0


def test_who_failed_is_told_in_words_of_people(at: Place) -> None:
    at.begun()
    then(at, sign(FAY, "training", "reject", "no slides"), Complete(by=DAN, item="guide"))
    deliver_notices(at.world)
    (mail,) = [one for one in outbox(at) if "decide what now" in str(one["Subject"])]
    assert mail["To"] == EVE.email
    assert "> rejected by Fay: no slides" in text(mail)


def test_those_who_stand_beside_are_told_without_a_link(at: Place) -> None:
    at.begun()
    then(at, sign(DAN, "docs", "request-changes", "the price is missing"))
    deliver_notices(at.world)
    mails = {str(mail["To"]): text(mail) for mail in outbox(at) if "Changes requested" in str(mail["Subject"])}
    assert "/sign/" in mails[DAN.email]
    assert "/sign/" not in mails[EVE.email]
    assert "> the price is missing" in mails[EVE.email]


def test_somebody_else_of_the_same_role_is_not_told_the_link_of_another(at: Place) -> None:
    at.begun()
    deliver_notices(at.world)
    links = [line for mail in outbox(at) for line in text(mail).splitlines() if "/sign/" in line]
    assert len(links) == len(set(links)) == 6
    assert CAT.email not in "".join(links)


def test_a_home_that_cannot_be_written_to_is_tried_later(at: Place, tmp_path: Path) -> None:
    at.begun()
    (tmp_path / "outbox").write_text("in the way")
    assert deliver_notices(at.world) == 0
    assert states(at) == {"planned": 6}
    (tmp_path / "outbox").unlink()
    at.clock.wait(timedelta(hours=1))
    assert deliver_notices(at.world) == 6
