"""Slack's incoming webhooks; the address is the secret, so it appears in no outcome and no log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from pydantic import SecretStr

from tasks.senders.posting import JSON, Answer, post, usual
from tasks.senders.sender import OneByOne, Outcome, Parcel, accepted


@dataclass(frozen=True)
class SlackWebhook(OneByOne):
    """One post a call: Slack cannot tell a second post from the first."""

    url: SecretStr
    timeout: float = 10
    repeatable: ClassVar[bool] = False

    def send(self, parcel: Parcel) -> Outcome:
        body = json.dumps(parcel.content.slack).encode()
        return post("Slack", self.url.get_secret_value(), body, JSON, self.timeout, _read)


def _read(answer: Answer) -> Outcome:
    if answer.status == 200 and answer.said == "ok":
        return accepted()
    return usual("Slack", answer, "check the webhook and its channel")
