from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from tasks.senders.slack import SlackWebhook
from tests.peers.slack import SECRET, SlackPeer
from tests.tasks.parcels import POST, nobody, parcel

PARCEL = parcel(POST, recipient="#launches")


@pytest.fixture
def peer() -> Iterator[SlackPeer]:
    with SlackPeer() as peer:
        yield peer


def sender(url: str, timeout: float = 5) -> SlackWebhook:
    return SlackWebhook(url=SecretStr(url), timeout=timeout)


def test_slack_receives_the_payload_as_it_was_rendered(peer: SlackPeer) -> None:
    assert sender(peer.url).send(PARCEL).state == "accepted"
    assert [one.body for one in peer.received] == [POST.slack]


@pytest.mark.parametrize(
    ("mode", "state", "says"),
    [
        ("bad-request", "rejected", "invalid_payload"),
        ("forbidden", "rejected", "action_prohibited"),
        ("no-channel", "rejected", "channel_not_found"),
        ("archived", "rejected", "channel_is_archived"),
        ("redirect", "rejected", "Slack answered 302"),
        ("echo", "rejected", "Cannot POST [secret]"),
        ("rate-limited", "not_sent", "429"),
        ("html-error", "unknown", "Slack answered 500"),
        ("not-ok", "unknown", "Slack answered 200"),
        ("garbage", "unknown", "broke after the message had left"),
        ("drop", "unknown", "broke after the message had left"),
    ],
)
def test_what_slack_does_becomes_an_outcome(peer: SlackPeer, mode: str, state: str, says: str) -> None:
    peer.answer(mode)
    outcome = sender(peer.url).send(PARCEL)
    assert outcome.state == state
    assert says in outcome.reason
    assert len(peer.received) == 1, "one call, no retry, no redirect followed"


def test_silence_after_the_message_has_left_is_unknown(peer: SlackPeer) -> None:
    peer.answer("hang")
    assert sender(peer.url, timeout=0.2).send(PARCEL).state == "unknown"
    assert len(peer.received) == 1


def test_rate_limiting_says_when_to_come_back(peer: SlackPeer) -> None:
    peer.answer("rate-limited")
    assert sender(peer.url).send(PARCEL).retry_after == 30


def test_a_refused_connection_is_not_sent() -> None:
    with nobody() as address:
        outcome = sender(f"http://{address}{SECRET}").send(PARCEL)
    assert outcome.state == "not_sent"
    assert SECRET not in outcome.reason


def test_an_unknown_host_is_not_sent() -> None:
    assert sender(f"http://nowhere.invalid{SECRET}").send(PARCEL).state == "not_sent"


def test_a_failed_tls_handshake_is_not_sent(peer: SlackPeer) -> None:
    assert sender(peer.url.replace("http:", "https:")).send(PARCEL).state == "not_sent"
    assert peer.received == []


@pytest.mark.parametrize("url", ["", "hooks.slack.com/services/x", "https://", "ftp://hooks.slack.com/x", "http://[x"])
def test_an_address_that_is_none_is_rejected_with_a_remedy(url: str) -> None:
    outcome = sender(url).send(PARCEL)
    assert outcome.state == "rejected"
    assert "copy it again" in outcome.reason


@pytest.mark.parametrize("mode", ["accept", "echo", "redirect", "rate-limited", "drop", "garbage", "html-error"])
def test_the_address_never_leaks(peer: SlackPeer, mode: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    peer.answer(mode)
    way = sender(peer.url)
    assert SECRET not in f"{way.send(PARCEL)!r} {way!r} {caplog.text}"


def test_other_uses_of_the_library_are_logged_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3.connectionpool").debug("somebody else's request")
    assert "somebody else's request" in caplog.text
