"""Microsoft Teams, through a Workflows webhook: an adaptive card; the address is the secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from pydantic import SecretStr

from tasks.senders.posting import JSON, Answer, post, usual
from tasks.senders.sender import OneByOne, Outcome, Parcel, accepted, rejected

LARGEST = 20_000  # bytes; Teams takes 28 KB of what it makes of it


@dataclass(frozen=True)
class TeamsWebhook(OneByOne):
    """A 2xx says that the flow has it, not that it stands in the channel."""

    url: SecretStr
    timeout: float = 10
    repeatable: ClassVar[bool] = False

    def send(self, parcel: Parcel) -> Outcome:
        body = json.dumps(parcel.content.teams or card(parcel), ensure_ascii=False).encode()
        if len(body) > LARGEST:
            return rejected(f"the card has {len(body)} bytes, and Teams takes {LARGEST}; shorten the message")
        return post("Teams", self.url.get_secret_value(), body, JSON, self.timeout, _read)


def card(parcel: Parcel) -> dict[str, object]:
    """The message as plain text on a card."""
    texts = [parcel.content.subject, *parcel.content.text[:8_000].split("\n\n")]
    blocks = [{"type": "TextBlock", "text": text, "wrap": True} for text in texts if text.strip()]
    content = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": content}]}


def _read(answer: Answer) -> Outcome:
    if answer.status in (200, 202):
        return accepted()
    return usual("Teams", answer, "check that the workflow is on, and copy its address again")
