"""One POST to a web address that is a secret: no redirects, no retries, and nothing of it in a log or an outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

import requests
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema

from tasks.retry_after import retry_after
from tasks.senders.sender import Outcome, not_sent, rejected, seconds, unknown, words
from tasks.senders.unlogged import unlogged

JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `said` is one short line without what is secret."""

    status: int
    said: str
    headers: Mapping[str, str]
    body: bytes


def post(
    vendor: str, url: str, content: bytes, headers: Mapping[str, str], timeout: float, read: Callable[[Answer], Outcome]
) -> Outcome:
    """What `read` makes of the answer, or what became of a call that had none."""
    body = BytesIO(content)  # a file: as long as nothing was read from it, nothing has left
    try:
        with unlogged():
            answer = requests.post(url, data=body, headers=dict(headers), timeout=timeout, allow_redirects=False)
    except (InvalidURL, InvalidSchema, MissingSchema):
        return rejected(f"the address of {vendor} is none; copy it again")
    except (requests.RequestException, OSError, ValueError) as error:
        name = type(error).__name__
        if body.tell() > 0:
            return unknown(f"the connection to {vendor} broke after the message had left ({name}); look there")
        return not_sent(f"{vendor} could not be reached ({name})")
    secrets = (url, urlsplit(url).path, *(value.partition(" ")[2] for value in headers.values()))
    return read(Answer(answer.status_code, words(answer.text, *secrets), answer.headers, answer.content))


def usual(vendor: str, answer: Answer, remedy: str) -> Outcome:
    """What an answer means that is no success."""
    said = f"{vendor} answered {answer.status}"
    if answer.status == 429:
        return not_sent(f"{said}: too many messages", wait(answer.headers))
    if 300 <= answer.status < 500:
        return rejected(f"{said}: {answer.said or 'without a reason'}; {remedy}")
    return unknown(f"{said}; the message may have been posted: look there")


def wait(headers: Mapping[str, str]) -> float | None:
    """Seconds, as `Retry-After` asks for, within reason."""
    asked = retry_after(headers)
    return None if asked is None else seconds(asked)
