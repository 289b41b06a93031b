"""Anything else, by a webhook of yours, signed as Standard Webhooks describe. The id is the delivery's: a receiver that
keeps the ids it has seen gets a message once, so what may have arrived may be sent again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import SecretStr
from standardwebhooks import Webhook as Signer

from tasks.senders.posting import JSON, Answer, post, usual, wait
from tasks.senders.sender import OneByOne, Outcome, Parcel, accepted, not_sent, rejected

TYPE = "announcement.sent"
REMEDY = "its secret reads like whsec_ and base64 of 24 to 64 bytes; correct the variable that `secret-env` names"


@dataclass(frozen=True)
class Webhook(OneByOne):
    """What is not answered with 2xx is tried again until it is, or refused for good."""

    url: SecretStr
    secret: SecretStr
    timeout: float = 10
    repeatable: ClassVar[bool] = True

    def send(self, parcel: Parcel) -> Outcome:
        now, body = datetime.now(UTC), content_of(parcel)
        try:
            signature = Signer(self.secret.get_secret_value()).sign(parcel.delivery_id, now, body)
        except Exception as error:  # whatever the library makes of a secret that is none
            return rejected(f"the webhook cannot be signed ({type(error).__name__}); {REMEDY}")
        headers = {
            **JSON,
            "webhook-id": parcel.delivery_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        return post("the webhook", self.url.get_secret_value(), body.encode(), headers, self.timeout, _read)


def content_of(parcel: Parcel) -> str:
    said = parcel.content
    about = {"delivery": parcel.delivery_id, "subject": said.subject, "text": said.text, "html": said.html}
    return json.dumps({"type": TYPE, "timestamp": datetime.now(UTC).isoformat(), "data": about}, ensure_ascii=False)


def _read(answer: Answer) -> Outcome:
    if 200 <= answer.status < 300:
        return accepted()
    if answer.status >= 500 or answer.status == 408:
        return not_sent(f"the webhook answered {answer.status}", wait(answer.headers))
    return usual("the webhook", answer, "check what receives it")
