"""Slack's chat.postMessage with a bot token: one app for many channels."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import SecretStr

from tasks.senders.posting import JSON, Answer, post, usual
from tasks.senders.sender import OneByOne, Outcome, Parcel, accepted, not_sent, rejected, unknown

HOST = "https://slack.com"
AGAIN = ("ratelimited", "rate_limited", "service_unavailable", "team_added_to_org")
OPEN = ("internal_error", "fatal_error", "request_timeout")
"""Slack's own errors after which the message may stand in the channel all the same."""


@dataclass(frozen=True)
class SlackBot(OneByOne):
    """`channel` is the id or name of a channel that the bot was invited to."""

    token: SecretStr
    channel: str
    host: str = HOST
    timeout: float = 10
    repeatable: ClassVar[bool] = False

    def send(self, parcel: Parcel) -> Outcome:
        body = json.dumps({**(parcel.content.slack or {}), "channel": self.channel}).encode()
        headers = {**JSON, "Authorization": f"Bearer {self.token.get_secret_value()}"}
        return post("Slack", f"{self.host}/api/chat.postMessage", body, headers, self.timeout, _read)


def _read(answer: Answer) -> Outcome:
    said: Any = None
    with suppress(ValueError):
        said = json.loads(answer.body)
    if answer.status != 200:
        return usual("Slack", answer, "check the bot token")
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        return unknown("Slack's answer is none of Slack's; the message may have been posted: look in the channel")
    if said["ok"]:
        return accepted(str(said.get("ts") or ""))
    error = str(said.get("error") or "no reason")[:80]
    if error in AGAIN:
        return not_sent(f"Slack answered {error}")
    if error in OPEN:
        return unknown(f"Slack answered {error}; the message may have been posted: look in the channel")
    return rejected(f"Slack answered {error}; check the token's scope chat:write and that the bot is in the channel")
