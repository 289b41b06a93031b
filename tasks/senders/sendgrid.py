"""Mail through SendGrid's v3 Mail Send, a thousand people a call; every answer and failure becomes an outcome."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, InvalidURL
from io import BytesIO
from typing import Any, ClassVar
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from pydantic import SecretStr
from python_http_client.client import Client
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from tasks.senders import posting
from tasks.senders.sender import Bulk, Letter, Outcome, Parcel, accepted, not_sent, rejected, seconds, unknown, words
from tasks.senders.unlogged import unlogged
from templates.personal import facts_in, in_html, in_text, key_of, marked
from templates.words import one_line

HOST = "https://api.sendgrid.com"
CUSTOM_ARG = "tminus_delivery"  # the only thing of ours SendGrid keeps, and keeps for long: an opaque id
LARGEST = 25_000_000  # bytes of one call; SendGrid takes 30 MB
KEY_LIKE = re.compile(r"SG\.[0-9A-Za-z]+\.[0-9A-Za-z]+")

REMEDIES = {
    401: "the API key is not valid; set SENDGRID_API_KEY to one that is",
    403: "the API key may not send, or the sender is not verified; give it the Mail Send scope, verify the sender",
    413: "the message is larger than SendGrid takes; shorten it",
}
ONE_OF_MANY = (400, 413)
"""A whole call is refused for one bad address, and for being too large: halves of it may be taken."""


@dataclass(frozen=True)
class SendGrid:
    """There is no idempotency key: what may have arrived is `unknown`, never tried again here."""

    key: SecretStr
    host: str = HOST
    timeout: float = 30
    repeatable: ClassVar[bool] = False
    most: ClassVar[int] = 1_000

    def send(self, parcel: Parcel) -> Outcome:
        one = Letter(parcel.delivery_id, parcel.recipient, {}, parcel.headers)
        sender = parcel.sender, parcel.sender_name
        return self.send_bulk(Bulk(parcel.content, *sender, [one], parcel.categories, parcel.reply_to))

    def send_bulk(self, bulk: Bulk) -> Outcome:
        if any(KEY_LIKE.search(text) for text in (bulk.content.subject, bulk.content.text, bulk.content.html)):
            return rejected("the message holds what looks like a SendGrid API key; take it out of the text")
        body = payload(bulk)
        outcome = _post(body, self.key.get_secret_value(), self.host, self.timeout)
        return outcome if len(bulk.letters) > 1 else outcome.model_copy(update={"is_divisible": False})


def payload(bulk: Bulk) -> dict[str, Any]:
    """The request body of `POST /v3/mail/send`: one text, and one personalization for each receiver.

    The tags at whose places SendGrid puts what is a receiver's own are new in every call and hard to guess: nobody
    can have written one of them into a note or a name.
    """
    content, secret = bulk.content, secrets.token_hex(8)
    text = marked(content.text, lambda name: f"-t-{secret}-{key_of(name)}-")
    subject = marked(content.subject, lambda name: f"-t-{secret}-{key_of(name)}-")
    html = marked(content.html, lambda name: f"-h-{secret}-{key_of(name)}-")
    tags = [(f"-t-{secret}-{key_of(name)}-", in_text, name) for name in facts_in(content.subject, content.text)]
    tags += [(f"-h-{secret}-{key_of(name)}-", in_html, name) for name in facts_in(content.html)]
    parts = (("text/plain", text), ("text/html", html))
    body: dict[str, Any] = {
        "from": {"email": bulk.sender, **({"name": name} if (name := one_line(bulk.sender_name, 200)) else {})},
        **({"reply_to": {"email": bulk.reply_to}} if bulk.reply_to else {}),
        "subject": subject,
        "personalizations": [_personalization(one, tags) for one in bulk.letters],
        "content": [{"type": kind, "value": value} for kind, value in parts if value],
    }
    return body | ({"categories": list(bulk.categories)} if bulk.categories else {})


def _personalization(one: Letter, tags: Iterable[tuple[str, Any, str]]) -> dict[str, Any]:
    """One receiver and their delivery."""
    made: dict[str, Any] = {"to": [{"email": one.recipient}], "custom_args": {CUSTOM_ARG: one.delivery_id}}
    if own := {tag: way(one.facts, name) for tag, way, name in tags}:
        made["substitutions"] = own
    if one.headers:
        made["headers"] = {name: one_line(value, 1_000) for name, value in one.headers.items()}
    return made


class _NoRedirects(HTTPRedirectHandler):
    """urllib would turn the POST into a GET and take the API key along to the other host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class _Line(BytesIO):
    """Knows whether any of the message has left: as long as nothing was read from it, nothing was sent."""

    @property
    def has_carried(self) -> bool:
        return self.tell() > 0

    def read(self, _: int | None = -1) -> bytes:
        """All of it: `http.client` would ask for 8 kB at a time."""
        return super().read()

    def encode(self, _: str) -> _Line:
        """What the library sends of a text; of bytes it makes a line for its log first, a megabyte that nobody sees."""
        return self


class _Client(Client):  # type: ignore[misc]  # the library has no types
    """The library's client, of which every call gets its own: headers of one leak into the next."""

    def _make_request(self, _: Any, request: Request, timeout: float | None = None) -> Any:
        request.add_header("Content-Type", "application/json")
        return super()._make_request(_opener(), request, timeout)


@cache
def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)


def _post(body: Mapping[str, Any], key: str, host: str, timeout: float) -> Outcome:
    """The one place that speaks with SendGrid."""
    content = json.dumps(body).encode()
    if len(content) > LARGEST:
        return rejected(REMEDIES[413], is_divisible=True)
    headers = SendGridAPIClient(key, host=host).client.request_headers
    headers = {**headers, "Content-Type": "text/plain", "Content-Length": str(len(content))}
    client, line = _Client(host, headers, version=3, url_path=["mail", "send"], timeout=timeout), _Line(content)
    try:
        with unlogged():
            response = client.post(request_body=line)
    except HTTPError as error:
        return _refused(error.status_code, error.headers or {}, error.body or b"", key)
    except (OSError, HTTPException, ValueError) as error:
        return _broken(error, line.has_carried)
    return _answered(response.status_code, response.headers)


def _answered(status: int, headers: Mapping[str, str]) -> Outcome:
    if status != 202:
        return unknown(f"SendGrid answered {status} instead of 202; look the message up in its activity feed")
    is_last = headers.get("X-RateLimit-Remaining") == "0"
    return accepted(headers.get("X-Message-Id") or "", _until(headers.get("X-RateLimit-Reset")) if is_last else None)


def _refused(status: int, headers: Mapping[str, str], body: bytes, key: str) -> Outcome:
    if status == 429:
        return not_sent("SendGrid answered 429: too many requests", wait(headers))
    said = ": ".join(part for part in (f"SendGrid answered {status}", reasons(body, key)) if part)
    if status >= 500:
        return unknown(f"{said}; the message may have been taken")
    why = "; ".join(part for part in (said, REMEDIES.get(status)) if part)
    return rejected(why, is_divisible=status in ONE_OF_MANY, is_ours=status not in ONE_OF_MANY)


def wait(headers: Mapping[str, str]) -> float | None:
    """What SendGrid asks for, or whoever stands before it."""
    return _until(headers.get("X-RateLimit-Reset")) or posting.wait(headers)


def reasons(body: bytes, key: str) -> str:
    """SendGrid's own words; nothing where the answer is none of SendGrid's."""
    try:
        errors = json.loads(body)["errors"]
        return words("; ".join(f"{one.get('field') or 'request'}: {one['message']}" for one in errors), key)
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def _until(reset: str | None) -> float | None:
    """Seconds until the Unix time of `X-RateLimit-Reset`."""
    try:
        return seconds(float(reset or "") - time.time())
    except ValueError:
        return None


def _broken(error: Exception, has_carried: bool) -> Outcome:
    """The error's own text is left out: urllib quotes headers, and with them the key."""
    name = type(getattr(error, "reason", error)).__name__
    if has_carried:
        return unknown(f"the connection to SendGrid broke after the message had left ({name})")
    if isinstance(error, ValueError | InvalidURL):
        return rejected(
            "the SendGrid key or host holds signs that HTTP does not allow; correct the setting", is_ours=True
        )
    return not_sent(f"SendGrid could not be reached ({name})")
