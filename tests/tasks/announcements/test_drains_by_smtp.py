"""Whole announcements through an SMTP server that puts some receivers off: nobody else waits for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tasks.announcements import announcing
from tasks.announcements.announcing import drain, plan
from tasks.sending import batch
from tasks.world import World
from tests.peers.smtp import SmtpPeer, smtp_peer
from tests.tasks.newsroom import RUN, newsroom, opened, states

SLOW = "customer-0@example.net"


@pytest.fixture
def server() -> Iterator[SmtpPeer]:
    with smtp_peer() as peer:
        yield peer


@pytest.fixture
def posting(tmp_path: Path, server: SmtpPeer) -> Iterator[World]:
    world = newsroom(tmp_path / "home")
    url = SecretStr(f"smtp://127.0.0.1:{server.port}")
    yield replace(world, settings=world.settings.model_copy(update={"smtp_url": url}))
    world.ledger.dispose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is put off is tried again in no time."""
    monkeypatch.setattr(batch, "FIRST", timedelta(milliseconds=300))
    monkeypatch.setattr(batch, "PAUSE", 0.3)


def receivers(peer: SmtpPeer) -> list[str]:
    return [mail["To"] for mail in peer.mails]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("mode", ["greylisted", "busy"])
def test_one_who_is_put_off_keeps_nobody_waiting_and_hears_later(posting: World, server: SmtpPeer, mode: str) -> None:
    server.modes = {SLOW: [mode, mode, "accept"]}
    opened(posting, customers=11)
    plan(posting, RUN)
    assert drain(posting, RUN)
    assert states(posting) == {"accepted": 12}
    assert receivers(server)[-1] == SLOW
    assert set(Counter(receivers(server)).values()) == {1}
    assert (server.tried.count(SLOW), len(server.tried)) == (3, 14)


def test_who_is_put_off_is_not_tried_again_at_once(posting: World, server: SmtpPeer, one_look: None) -> None:
    server.modes = {SLOW: ["greylisted"]}
    opened(posting, customers=4)
    plan(posting, RUN)
    before = posting.now()
    assert drain(posting, RUN)
    assert (states(posting), server.tried.count(SLOW)) == ({"accepted": 4, "planned": 1}, 1)
    due = posting.ledger.batches.next_due(announcing.batches_of(RUN, "email"))
    assert due is not None
    assert due >= before + timedelta(minutes=1), "RFC 6647 asks for as much"


@pytest.fixture
def one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow run that waits for nobody."""
    monkeypatch.setattr(announcing, "PATIENCE", timedelta(seconds=20))


@pytest.mark.usefixtures("quick")
def test_a_server_that_shuts_down_is_left_alone_and_its_last_word_sinks_nobody(
    posting: World, server: SmtpPeer
) -> None:
    server.modes = {SLOW: ["shutting-down", "shutting-down", "accept"]}
    opened(posting, customers=5)
    plan(posting, RUN)
    assert drain(posting, RUN)
    assert states(posting) == {"accepted": 6}
    assert receivers(server)[-1] == SLOW
    assert set(Counter(receivers(server)).values()) == {1}


@pytest.mark.usefixtures("quick")
def test_where_everybody_is_put_off_the_server_is_left_alone(
    posting: World, server: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MANY", 3)
    monkeypatch.setattr(batch, "FIRST", timedelta(minutes=10))
    monkeypatch.setattr(announcing, "PATIENCE", timedelta(seconds=20))
    server.mode = "greylisted"
    opened(posting, customers=8)
    plan(posting, RUN)
    assert drain(posting, RUN)
    assert (states(posting), len(server.tried)) == ({"planned": 9}, 3)


@pytest.mark.usefixtures("quick")
def test_who_is_put_off_for_a_day_is_given_up_and_the_rest_was_told(
    posting: World, server: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "TRIES", 3)
    server.modes = {SLOW: ["greylisted"]}
    opened(posting, customers=3)
    plan(posting, RUN)
    assert drain(posting, RUN)
    assert (states(posting), server.tried.count(SLOW)) == ({"accepted": 3, "rejected": 1}, 3)
    (refused,) = posting.ledger.deliveries.in_trouble(RUN.launch_id, RUN.item)
    assert refused.detail == "the SMTP server answered 451: 4.7.1 try again later; it said so 3 times"


@pytest.mark.usefixtures("quick")
def test_a_server_that_is_away_uses_up_nobodys_tries(
    posting: World, server: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "TRIES", 3)
    server.modes = {SLOW: [*["shutting-down"] * 5, "greylisted", "accept"]}
    opened(posting, customers=1)
    plan(posting, RUN)
    assert drain(posting, RUN)
    assert states(posting) == {"accepted": 2}
