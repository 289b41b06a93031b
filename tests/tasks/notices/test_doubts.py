"""Who runs launches is told of what may have arrived of one that is over: once, and while it is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checklists.commands import Abandon
from checklists.decide import Refusal
from checklists.delivery_commands import Settle
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.following import send_follow_ups
from tasks.carrying_out import carry_out
from tasks.notices.delivering import deliver_notices
from tasks.patrol import patrol
from tasks.world import World
from templates.render import Channel, render
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.follow_ups import ADA, LAUNCH, announced, lost
from tests.tasks.newsroom import at, newsroom, opened, sent
from tests.templates.values import evil

BEA = "bea@example.com"


@pytest.fixture
def peer() -> Iterator[SendGridPeer]:
    with SendGridPeer() as peer:
        yield peer


@pytest.fixture
def mailing(tmp_path: Path, peer: SendGridPeer) -> Iterator[World]:
    world = newsroom(tmp_path / "home", peer.host)
    yield world
    world.ledger.dispose()


def given_up(world: World, peer: SendGridPeer) -> None:
    """All answers to the announcement were lost, and then the launch was given up."""
    opened(world)
    peer.answer("drop")
    sent(world)
    act(world, LAUNCH, Abandon(by=ADA, reason="not now"))
    advance(world, LAUNCH)
    peer.answer("accept")
    peer.log.answer("empty")


def go(world: World, minutes: float) -> None:
    later = at(world, minutes)
    patrol(later)
    deliver_notices(later)


def letters(world: World) -> list[tuple[str, str, str]]:
    """Who was written to about what is in doubt, of what, and what became of it."""
    found = world.ledger.notices.of(LAUNCH)
    return [(one.recipient, one.purpose, one.state) for one in found if one.purpose.startswith("doubt/")]


def mails(peer: SendGridPeer) -> list[dict[str, Any]]:
    return [mail for mail in peer.mails if "arrive?" in mail["subject"]]


def settle(world: World, fate: Any, purpose: str = "") -> None:
    answer, _ = carry_out(world, LAUNCH, Settle(by=ADA, item="tell", purpose=purpose, fate=fate))
    assert not isinstance(answer, Refusal), answer.reason


def test_who_runs_launches_is_told_once_after_reports_had_time(mailing: World, peer: SendGridPeer) -> None:
    given_up(mailing, peer)
    go(mailing, 10)
    assert letters(mailing) == []
    for minutes in (16, 17, 60 * 24):
        go(mailing, minutes)
    assert letters(mailing) == [(ADA.email, "doubt/1/announcement", "accepted")]
    (mail,) = mails(peer)
    said = mail["text/plain"]
    assert (mail["to"], mail["subject"]) == (ADA.email, "Did it arrive? Announce to customers · Acme 2.4.0")
    assert "4 of 4 messages were handed over: they may have arrived, or not." in said
    assert f"tminus announcements settle {LAUNCH} tell --arrived" in said
    assert "--again" not in said
    assert f"{mailing.settings.public_url}/reach/{LAUNCH}" in said


def test_of_a_correction_the_letter_names_both_ways_and_what_is_lost_once_more_is_told_again(
    mailing: World, peer: SendGridPeer
) -> None:
    announced(mailing)
    lost(mailing, peer, "drop")
    go(mailing, 20)
    settle(at(mailing, 21), "again", "correction/1")
    peer.answer("drop")
    send_follow_ups(at(mailing, 21))
    peer.answer("accept")
    for minutes in (22, 40, 60):
        go(mailing, minutes)
    assert letters(mailing) == [
        (ADA.email, "doubt/1/correction/1", "accepted"),
        (ADA.email, "doubt/2/correction/1", "accepted"),
    ]
    assert len(mails(peer)) == 2
    said = mails(peer)[0]["text/plain"]
    for way in ("--arrived", "--again"):
        assert f"tminus announcements settle {LAUNCH} tell --purpose correction/1 {way}" in said


def test_a_launch_that_runs_asks_by_its_question_alone(mailing: World, peer: SendGridPeer) -> None:
    announced(mailing, "running")
    lost(mailing, peer, "drop")
    go(mailing, 20)
    assert letters(mailing) == []


def test_what_is_settled_before_the_letter_leaves_keeps_it_back(mailing: World, peer: SendGridPeer) -> None:
    given_up(mailing, peer)
    patrol(at(mailing, 16))
    settle(at(mailing, 16), "arrived")
    deliver_notices(at(mailing, 16))
    assert letters(mailing) == [(ADA.email, "doubt/1/announcement", "suppressed")]
    assert mails(peer) == []


def test_what_is_long_past_is_nobodys_mail(mailing: World, peer: SendGridPeer) -> None:
    """As where a newer version begins on old launches, or somebody comes to run them."""
    given_up(mailing, peer)
    go(mailing, 31 * 24 * 60)
    assert letters(mailing) == []


def test_nobody_else_is_told(mailing: World, peer: SendGridPeer) -> None:
    given_up(mailing, peer)
    file = mailing.settings.organisation
    file.write_text(
        file.read_text().replace("people:\n", f"people:\n  {BEA}: {{name: Bea, roles: [launch-managers]}}\n")
    )
    patrol(at(mailing, 16))
    file.write_text(file.read_text().replace("name: Bea, roles: [launch-managers]", "name: Bea, roles: [internal]"))
    go(mailing, 17)
    states = {who: state for who, _, state in letters(mailing)}
    assert states == {ADA.email: "accepted", BEA: "suppressed"}
    assert {mail["to"] for mail in mails(peer)} == {ADA.email}


VALUES: dict[str, Any] = {
    "organisation": "Acme GmbH",
    "name": "Ada",
    "one": {
        "launch": "Acme 2.4.0",
        "status": "abandoned",
        "title": "Tell our customers",
        "purpose": "",
        "said": "The answer was lost.",
        "settle": f"tminus announcements settle {LAUNCH} tell",
        "is_silent": False,
        "link": "https://launches.example/reach/acme-2.4.0",
    },
}


@pytest.mark.parametrize("channel", ["email", "slack"])
@pytest.mark.parametrize("values", [VALUES, evil(VALUES)], ids=["good", "evil"])
def test_it_can_be_read_on_every_channel_whatever_names_say(channel: Channel, values: dict[str, Any]) -> None:
    letter = render("doubt", channel, values)
    blocks = (letter.slack or {}).get("blocks", ())
    marked = [part for block in blocks for part in (block.get("text", {}), *block.get("elements", ()))]
    assert "\n" not in letter.subject
    assert "<img" not in letter.html
    assert 'href="javascript' not in letter.html
    assert "<!channel>" not in str([part for part in marked if part.get("type") == "mrkdwn"])
