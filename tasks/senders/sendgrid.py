"""Mail through SendGrid's v3 Mail Send; every answer and every failure of the wire becomes an outcome."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, InvalidURL
from io import BytesIO
from typing import Any, ClassVar
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import SecretStr
from python_http_client.client import Client
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    Category,
    CustomArg,
    From,
    HtmlContent,
    Mail,
    Personalization,
    PlainTextContent,
    Subject,
    To,
)
from sendgrid.helpers.mail.exceptions import ApiKeyIncludedException

from tasks.senders.sender import Outcome, Parcel, accepted, not_sent, rejected, seconds, unknown, words
from tasks.senders.unlogged import unlogged

HOST = "https://api.sendgrid.com"
CUSTOM_ARG = "tminus_delivery"  # the only thing of ours SendGrid keeps, and keeps for long: an opaque id

REMEDIES = {
    401: "the API key is not valid; set SENDGRID_API_KEY to one that is",
    403: "the API key may not send, or the sender is not verified; give it the Mail Send scope, verify the sender",
    413: "the message is larger than SendGrid takes; shorten it",
}


@dataclass(frozen=True)
class SendGrid:
    """One mail a call. There is no idempotency key: what may have arrived is `unknown`, never tried again here."""

    key: SecretStr
    host: str = HOST
    timeout: float = 10
    repeatable: ClassVar[bool] = False

    def send(self, parcel: Parcel) -> Outcome:
        try:
            body = payload(parcel)
        except ApiKeyIncludedException:
            return rejected("the message begins with what looks like a SendGrid API key; take it out of the text")
        return _post(body, self.key.get_secret_value(), self.host, self.timeout)


def payload(parcel: Parcel) -> dict[str, Any]:
    """The request body of `POST /v3/mail/send` for this parcel."""
    mail = Mail(
        from_email=From(parcel.sender, parcel.sender_name or None),
        subject=Subject(parcel.content.subject),
        plain_text_content=PlainTextContent(parcel.content.text),
        html_content=HtmlContent(parcel.content.html),
    )
    mail.category = [Category(name) for name in parcel.categories]
    mail.add_personalization(_personalization(parcel))
    body: dict[str, Any] = mail.get()
    return body


def _personalization(parcel: Parcel) -> Personalization:
    """One person and their delivery; SendGrid takes up to 1000 of these with one text."""
    one = Personalization()
    one.add_to(To(parcel.recipient))
    one.add_custom_arg(CustomArg(CUSTOM_ARG, parcel.delivery_id))
    return one


class _NoRedirects(HTTPRedirectHandler):
    """urllib would turn the POST into a GET and take the API key along to the other host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class _Line:
    """Knows whether any of the message has left: as long as nothing was read from it, nothing was sent."""

    body: BytesIO = field(default_factory=BytesIO)

    @property
    def has_carried(self) -> bool:
        return self.body.tell() > 0


class _Client(Client):  # type: ignore[misc]  # the library has no types
    """The library's client, of which every call gets its own: headers of one leak into the next."""

    line: _Line

    def _make_request(self, _: Any, request: Request, timeout: float | None = None) -> Any:
        content = request.data
        self.line.body = BytesIO(content)  # type: ignore[arg-type]
        request.data = self.line.body
        request.add_header("Content-Length", str(len(content)))  # type: ignore[arg-type]
        return super()._make_request(build_opener(_NoRedirects), request, timeout)


def _post(body: Mapping[str, Any], key: str, host: str, timeout: float) -> Outcome:
    """The one place that speaks with SendGrid."""
    headers = SendGridAPIClient(key, host=host).client.request_headers
    client = _Client(host, dict(headers), version=3, url_path=["mail", "send"], timeout=timeout)
    client.line = _Line()
    try:
        with unlogged():
            response = client.post(request_body=body)
    except HTTPError as error:
        return _refused(error.status_code, error.headers or {}, error.body or b"", key)
    except (OSError, HTTPException, ValueError) as error:
        return _broken(error, client.line.has_carried)
    return _answered(response.status_code, response.headers)


def _answered(status: int, headers: Mapping[str, str]) -> Outcome:
    if status != 202:
        return unknown(f"SendGrid answered {status} instead of 202; look the message up in its activity feed")
    return accepted(headers.get("X-Message-Id") or "")


def _refused(status: int, headers: Mapping[str, str], body: bytes, key: str) -> Outcome:
    if status == 429:
        return not_sent("SendGrid answered 429: too many requests", _until(headers.get("X-RateLimit-Reset")))
    said = ": ".join(part for part in (f"SendGrid answered {status}", _reasons(body, key)) if part)
    if status >= 500:
        return unknown(f"{said}; the message may have been taken")
    return rejected("; ".join(part for part in (said, REMEDIES.get(status)) if part))


def _reasons(body: bytes, key: str) -> str:
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
        return rejected("the SendGrid key or host holds signs that HTTP does not allow; correct the setting")
    return not_sent(f"SendGrid could not be reached ({name})")
