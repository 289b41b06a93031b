"""A rehearsal is a whole launch of which nothing reaches anybody, whatever is configured."""

from __future__ import annotations

import email
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tasks.announcements.announcing import drain, plan, tally
from tasks.announcements.previewing import send_test
from tasks.notices.delivering import deliver_notices
from tasks.senders.feed import Feed
from tasks.senders.outbox import Rehearsal
from tasks.senders.sender import Parcel
from tasks.senders.ways_out import way_out
from tasks.world import World
from templates.rehearsal import SAID, rehearsed
from templates.render import Rendered
from tests.peers.sendgrid import SendGridPeer
from tests.peers.slack import SlackPeer
from tests.tasks.newsroom import RUN, opened

REHEARSAL = RUN.model_copy(update={"launch_id": "acme-2.4.0-rc.1"})


def written(world: World) -> list[EmailMessage]:
    """The mails in the outbox, of which there is one at least."""
    files = list(world.settings.outbox.glob("*.eml"))
    assert files
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def test_nothing_of_a_rehearsal_reaches_the_vendor(mailing: World, peer: SendGridPeer) -> None:
    launch = opened(mailing, rehearsed=True)
    assert launch.rehearsal
    assert plan(mailing, REHEARSAL) == 4
    assert drain(mailing, REHEARSAL)
    assert tally(mailing, REHEARSAL)[0]
    assert peer.received == []
    mails = written(mailing)
    assert len(mails) == 4
    for mail in mails:
        assert mail["Subject"].startswith("[Rehearsal] ")
        for part in mail.walk():
            if part.get_content_maintype() == "text":
                assert SAID in part.get_content()


def test_a_test_of_a_rehearsal_stays_in_the_outbox_and_says_both(mailing: World, peer: SendGridPeer) -> None:
    launch = opened(mailing, rehearsed=True)
    assert send_test(mailing, launch, "tell", "ada@example.com") == "accepted"
    assert peer.received == []
    (mail,) = written(mailing)
    assert (mail["Subject"], mail["To"]) == ("[Rehearsal] [Test] Acme 2.4.0-rc.1", "ada@example.com")
    body = mail.get_body(("plain",))
    assert body is not None
    assert SAID in body.get_content()


def test_a_test_is_mail_whatever_the_channel_is_called(mailing: World, peer: SendGridPeer) -> None:
    launch = opened(mailing)
    file = mailing.settings.organisation
    file.write_text(file.read_text().replace("email: {kind: email}", "post: {kind: email}, email: {kind: slack}"))
    assert send_test(mailing, launch, "tell", "ada@example.com") == "accepted"
    assert [mail["to"] for mail in peer.mails] == ["ada@example.com"]


def test_the_launch_itself_is_no_rehearsal_and_leaves(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing, rehearsed=True)
    launch = opened(mailing)
    assert not launch.rehearsal
    plan(mailing, RUN)
    drain(mailing, RUN)
    assert sum(len(request.body["personalizations"]) for request in peer.received) == 4


@pytest.mark.parametrize("kind", ["email", "slack", "feed"])
def test_no_channel_of_any_kind_leads_out_of_a_rehearsal(
    kind: str, mailing: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SlackPeer() as slack:
        monkeypatch.setenv("SLACK_LAUNCHES", slack.url)
        launch = opened(mailing, rehearsed=True)
        way = f"{{kind: {kind}, webhook-env: SLACK_LAUNCHES}}" if kind == "slack" else f"{{kind: {kind}}}"
        text = mailing.settings.organisation.read_text()
        mailing.settings.organisation.write_text(f"{text.partition('channels:')[0]}channels: {{way: {way}}}\n")
        assert type(way_out(mailing, launch, "way")) is Rehearsal
        assert slack.received == []


def test_the_change_channel_takes_no_rehearsal_although_somebody_hands_it_one(outbox: World) -> None:
    opened(outbox, rehearsed=True)
    plan(outbox, REHEARSAL)
    (delivery, *_) = outbox.ledger.deliveries.of(REHEARSAL.launch_id)
    content = Rendered(channel="feed", subject="Acme", text="New")
    parcel = Parcel(delivery_id=delivery.id, recipient="way", sender="a@example.com", content=content)
    assert Feed(outbox).send(parcel).reason == "a rehearsal is never published"


def test_people_who_sign_a_rehearsal_are_asked_in_the_outbox_only(
    mailing: World, peer: SendGridPeer, tmp_path: Path
) -> None:
    gate = "checklist: gate-of-managers\nitems: {go: {gate: Go, sign: [1 of launch-managers]}}\n"
    (tmp_path / "gate-of-managers.yaml").write_text(gate)
    mailing = replace(mailing, settings=mailing.settings.model_copy(update={"checklists": (tmp_path,)}))
    launch = opened(mailing, checklist="gate-of-managers", rehearsed=True)
    assert launch.rehearsal
    assert deliver_notices(mailing) > 0
    assert peer.received == []
    assert all(mail["Subject"].startswith("[Rehearsal] ") for mail in written(mailing))


@pytest.mark.parametrize(
    "message",
    [
        Rendered(channel="email", subject="Acme", text="New\n", html="<html><body class='x'><p>New</p></body></html>"),
        Rendered(channel="email", subject="Acme", text="New\n", html="<p>New</p>"),
        Rendered(channel="slack", subject="Acme", slack={"text": "New", "blocks": [{"type": "divider"}]}),
        Rendered(channel="slack", subject="Acme", slack={"text": "New"}),
    ],
)
def test_every_part_of_a_message_is_marked(message: Rendered) -> None:
    marked = rehearsed(message)
    assert marked.subject == "[Rehearsal] Acme"
    if message.slack is not None:
        assert marked.slack is not None
        assert SAID in marked.slack["blocks"][0]["text"]["text"]
        assert marked.slack["text"] == "[Rehearsal] New"
    else:
        assert marked.text.startswith(SAID)
        assert marked.html.index(SAID) < marked.html.index("New")
        assert marked.html.startswith(message.html[:6]) or marked.html.startswith("<p style")
