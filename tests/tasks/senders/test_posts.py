"""Slack by bot, Teams, and webhooks of one's own, against peers with the vendors' failures."""

from __future__ import annotations

import json
import logging
import time
from base64 import b64encode
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook as Reader

from tasks.senders.slack_bot import SlackBot
from tasks.senders.teams import TeamsWebhook
from tasks.senders.webhook import Webhook
from tests.peers.peer import DROP, Answer, Peer, Received
from tests.peers.slack_api import TOKEN, SlackApiPeer
from tests.peers.teams import TeamsPeer
from tests.tasks.parcels import ID, MAIL, POST, nobody, parcel

SIGNING = f"whsec_{b64encode(b'0123456789abcdef0123456789abcdef').decode()}"


@pytest.fixture
def slack() -> Iterator[SlackApiPeer]:
    with SlackApiPeer() as peer:
        yield peer


@pytest.fixture
def teams() -> Iterator[TeamsPeer]:
    with TeamsPeer() as peer:
        yield peer


class Anything(Peer):
    """Keeps the raw body; modes are statuses, or `drop`."""

    def __init__(self, **headers: str) -> None:
        super().__init__()
        self.headers = headers or {"Retry-After": "3"}

    def reply(self, mode: str, request: Received) -> Answer:
        return DROP if mode == "drop" else Answer(200 if mode == "accept" else int(mode), headers=self.headers)


@pytest.fixture
def anything() -> Iterator[Anything]:
    with Anything() as peer:
        yield peer


@pytest.mark.parametrize(
    ("mode", "state", "says"),
    [
        ("accept", "accepted", ""),
        ("channel_not_found", "rejected", "channel_not_found"),
        ("not_in_channel", "rejected", "the bot is in the channel"),
        ("is_archived", "rejected", "is_archived"),
        ("ratelimited", "not_sent", "ratelimited"),
        ("rate-limited", "not_sent", "429"),
        ("internal_error", "unknown", "look in the channel"),
        ("html-error", "unknown", "503"),
        ("page", "unknown", "none of Slack's"),
        ("drop", "unknown", "broke after the message had left"),
    ],
)
def test_what_slack_says_to_a_bot(slack: SlackApiPeer, mode: str, state: str, says: str) -> None:
    slack.answer(mode)
    outcome = SlackBot(SecretStr(TOKEN), "C012345", slack.host, 5).send(parcel(POST, recipient="slack"))
    assert (outcome.state, says in outcome.reason) == (state, True), outcome
    assert [one.body["channel"] for one in slack.received] == ["C012345"]


@pytest.mark.parametrize(
    ("mode", "state", "says"),
    [
        ("accept", "accepted", ""),
        ("gone", "rejected", "copy its address again"),
        ("disabled", "rejected", "400"),
        ("rate-limited", "not_sent", "429"),
        ("error", "unknown", "502"),
        ("drop", "unknown", "broke after the message had left"),
    ],
)
def test_what_teams_says(teams: TeamsPeer, mode: str, state: str, says: str) -> None:
    teams.answer(mode)
    outcome = TeamsWebhook(SecretStr(teams.url), 5).send(parcel(MAIL, recipient="teams"))
    assert (outcome.state, says in outcome.reason) == (state, True), outcome
    (one,) = teams.received
    (card,) = one.body["attachments"]
    assert (one.body["type"], card["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert [block["text"] for block in card["content"]["body"]] == ["Acme 2.4.0", "Faster exports\n"]


def test_a_card_that_is_too_large_for_teams_is_not_posted(teams: TeamsPeer) -> None:
    large = MAIL.model_copy(update={"teams": {"type": "message", "text": "x" * 21_000}})
    assert TeamsWebhook(SecretStr(teams.url)).send(parcel(large, recipient="teams")).state == "rejected"
    assert teams.received == []


def test_a_webhook_of_ones_own_is_signed_and_carries_the_deliverys_id(anything: Anything) -> None:
    outcome = Webhook(SecretStr(anything.host), SecretStr(SIGNING)).send(parcel(MAIL, recipient="crm"))
    (one,) = anything.received
    assert (outcome.state, one.headers["webhook-id"]) == ("accepted", ID)
    raw = json.dumps(one.body, ensure_ascii=False)
    found: Any = Reader(SIGNING).verify(raw, one.headers)
    assert found["data"]["subject"] == "Acme 2.4.0"


@pytest.mark.parametrize(
    ("mode", "state"),
    [("500", "not_sent"), ("429", "not_sent"), ("400", "rejected"), ("410", "rejected"), ("drop", "unknown")],
)
def test_what_a_webhook_of_ones_own_answers(anything: Anything, mode: str, state: str) -> None:
    anything.answer(mode)
    assert Webhook(SecretStr(anything.host), SecretStr(SIGNING)).send(parcel(MAIL, recipient="crm")).state == state


@pytest.mark.parametrize(
    ("ahead", "its_clock", "waits"),
    [(90, None, 90), (90, -86_400, 90), (90, 86_400, 90), (-90, None, 1), (1e6, None, 3600)],
)
@pytest.mark.parametrize("mode", ["429", "500"])
def test_who_names_a_moment_is_left_in_peace_until_then(
    mode: str, ahead: float, its_clock: float | None, waits: float
) -> None:
    """By the clock of whoever says so, which may be wrong."""
    now = time.time() + (its_clock or 0)
    said = {"Retry-After": formatdate(now + ahead, usegmt=True)}
    with Anything(**said, **({} if its_clock is None else {"Date": formatdate(now, usegmt=True)})) as peer:
        peer.answer(mode)
        asked = Webhook(SecretStr(peer.host), SecretStr(SIGNING)).send(parcel(MAIL, recipient="crm")).retry_after
    assert asked == pytest.approx(waits, abs=5 if waits == 90 else 0)


def test_a_secret_that_is_none_is_said_to_be_none(anything: Anything) -> None:
    outcome = Webhook(SecretStr(anything.host), SecretStr("whsec_%")).send(parcel(MAIL, recipient="crm"))
    assert (outcome.state, "whsec_ and base64" in outcome.reason, anything.received) == ("rejected", True, [])


def test_nothing_is_sent_where_nobody_answers_and_no_secret_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with nobody() as address:
        ways = [
            SlackBot(SecretStr(TOKEN), "C0", f"http://{address}"),
            TeamsWebhook(SecretStr(f"http://{address}/sEcReT")),
            Webhook(SecretStr(f"http://{address}/sEcReT"), SecretStr(SIGNING)),
        ]
        outcomes = [way.send(parcel(POST, recipient="x")) for way in ways]
    assert {one.state for one in outcomes} == {"not_sent"}
    said = f"{outcomes!r} {ways!r} {caplog.text}"
    assert not any(secret in said for secret in (TOKEN, "sEcReT", SIGNING))
