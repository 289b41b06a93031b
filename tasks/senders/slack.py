"""Slack's incoming webhooks; the address is the secret, so it appears in no outcome and no log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import ClassVar
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema

from tasks.senders.sender import Outcome, Parcel, accepted, not_sent, rejected, seconds, unknown, words
from tasks.senders.unlogged import unlogged


@dataclass(frozen=True)
class SlackWebhook:
    """One post a call, without redirects or retries: Slack cannot tell a second post from the first."""

    url: SecretStr
    timeout: float = 10
    repeatable: ClassVar[bool] = False

    def send(self, parcel: Parcel) -> Outcome:
        body = BytesIO(json.dumps(parcel.content.slack).encode())
        try:
            with unlogged():
                response = self._post(body)
        except (InvalidURL, InvalidSchema, MissingSchema):
            return rejected("the Slack webhook's address is none; copy it again from the app's Incoming Webhooks page")
        except (requests.RequestException, OSError, ValueError) as error:
            return _broken(error, has_carried=body.tell() > 0)
        return _outcome(response, self.url.get_secret_value())

    def _post(self, body: BytesIO) -> requests.Response:
        return requests.post(
            self.url.get_secret_value(),
            data=body,  # a file: as long as nothing was read from it, nothing has left
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=self.timeout,
            allow_redirects=False,
        )


def _outcome(response: requests.Response, url: str) -> Outcome:
    said = words(response.text, url, urlsplit(url).path)
    match response.status_code:
        case 200 if said == "ok":
            return accepted()
        case 429:
            return not_sent("Slack answered 429: too many messages", _wait(response.headers.get("Retry-After")))
        case status if 300 <= status < 500:
            return rejected(f"Slack answered {status}: {said or 'without a reason'}; check the webhook and its channel")
        case status:
            return unknown(f"Slack answered {status}; the message may have been posted: look in the channel")


def _wait(retry_after: str | None) -> float | None:
    try:
        return seconds(float(retry_after or ""))
    except ValueError:
        return None


def _broken(error: Exception, *, has_carried: bool) -> Outcome:
    """The error's own text is left out: it quotes the address."""
    name = type(error).__name__
    if has_carried:
        return unknown(f"the connection to Slack broke after the message had left ({name}); look in the channel")
    return not_sent(f"Slack could not be reached ({name})")
