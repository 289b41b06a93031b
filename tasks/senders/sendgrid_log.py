"""SendGrid's Email Logs: what it knows of a mail whose answer was lost. It is asked; nothing is changed there.

As SendGrid's Email Logs API describes it (`POST /v3/logs`, `GET /v3/logs/{sg_message_id}`): for every account, near
real time, 30 days back. A search knows receivers and times and no custom arguments, so what it finds is ours only once
the mail itself names the delivery.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from pydantic import SecretStr

from checklists.errors import LaunchError
from tasks.senders.sendgrid import CUSTOM_ARG, HOST, reasons, wait
from tasks.senders.unlogged import unlogged

KEPT = timedelta(days=30)
MOST_MAILS = 2
"""So many mails to one receiver within these minutes are looked at: with the search, three calls. SendGrid names no
limit for this API and six calls a minute for the older one, and the patrol looks something up twice a minute."""
SKEW = timedelta(minutes=5)
"""How far SendGrid's clock may be from ours."""
MESSAGE_ID = re.compile(r"[A-Za-z0-9._-]{1,200}")
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
HOUR = 3600.0
MINUTES = 120.0  # seconds until it is worth asking again what did not answer

REMEDIES = {
    401: "the API key is not valid; set SENDGRID_API_KEY to one that is",
    403: "the API key may not read it; give it read access to the email activity",
    404: "this account has none",
}


class NoLog(LaunchError):
    """The log cannot be asked; `wait` is for how many seconds it should not be."""

    def __init__(self, said: str, wait: float) -> None:
        super().__init__(said)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Found:
    """One delivery in the log: SendGrid's id of the call it came with, and events as the Event Webhook tells them."""

    provider_id: str
    events: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class SendGridLog:
    """Few calls, one after the other, each so many seconds long at most; none is repeated."""

    key: SecretStr
    host: str = HOST
    timeout: float = 5

    def find(self, delivery_id: str, recipient: str, since: datetime, until: datetime) -> Found | None:
        """A mail that was taken within these moments. None where the log has none, which proves nothing: it may lag,
        and not all of it can be searched. Raises NoLog."""
        for id_ in self._mails_to(recipient, since - SKEW, until + SKEW):
            mail = self._call("GET", f"/v3/logs/{id_}") or {}
            if _is_ours(mail, id_, delivery_id, recipient):
                return Found(id_.partition(".")[0], tuple(_events(mail, id_, delivery_id)))
        return None

    def check(self) -> None:
        """Raises NoLog where it cannot be read."""
        self._search({"limit": 1})

    def _mails_to(self, recipient: str, since: datetime, until: datetime) -> list[str]:
        """The ids of the last few."""
        if '"' in recipient or "\\" in recipient:  # nothing is said of how to write these in a query
            return []
        first, last = (moment.astimezone(UTC).strftime(MOMENT) for moment in (since, until))
        within = f'sg_message_id_created_at >= TIMESTAMP "{first}" AND sg_message_id_created_at <= TIMESTAMP "{last}"'
        said = self._search({"query": f'to_email = "{recipient}" AND {within}', "limit": 100})
        found = said.get("messages")
        if not isinstance(found, list):
            raise NoLog("SendGrid's answer is none of its log's", MINUTES)
        mails = sorted(filter(None, (_mail(one, since, until) for one in found)), reverse=True)
        return [id_ for _, id_ in mails[:MOST_MAILS]]

    def _search(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        said = self._call("POST", "/v3/logs", body)
        if said is None:
            raise NoLog(f"SendGrid answered 404: {REMEDIES[404]}", HOUR)
        return said

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
        """What it answers; None where nothing is there. Raises NoLog."""
        key = self.key.get_secret_value()
        headers = {"Authorization": f"Bearer {key}"}
        try:
            with unlogged():
                answer = requests.request(
                    method, self.host + path, json=body, headers=headers, timeout=self.timeout, allow_redirects=False
                )
        except (requests.RequestException, OSError, ValueError) as error:
            raise NoLog(f"SendGrid did not answer ({type(error).__name__})", MINUTES) from None  # it may quote the key
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise _refused(answer, key)
        return _parsed(answer.content)


def _refused(answer: requests.Response, key: str) -> NoLog:
    status = answer.status_code
    said = "; ".join(filter(None, (reasons(answer.content, key), REMEDIES.get(status))))
    why = ": ".join(filter(None, (f"SendGrid answered {status}", said)))
    return NoLog(why, HOUR if status in REMEDIES else max(wait(answer.headers) or 0, MINUTES))


def _parsed(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NoLog(f"SendGrid's answer cannot be read ({type(error).__name__})", MINUTES) from error
    if not isinstance(said, dict):
        raise NoLog("SendGrid's answer is none of its log's", MINUTES)
    return said


def _mail(said: Any, since: datetime, until: datetime) -> tuple[datetime, str] | None:
    """When SendGrid took it, and its id; None for what is of another time, or unreadable."""
    try:
        at, id_ = datetime.fromisoformat(said["sg_message_id_created_at"]), said["sg_message_id"]
        return (at, id_) if since <= at <= until and MESSAGE_ID.fullmatch(id_) else None
    except (KeyError, TypeError, ValueError):
        return None


def _is_ours(mail: Mapping[str, Any], id_: str, delivery_id: str, recipient: str) -> bool:
    """Whether this very mail is that of the delivery: what a search makes of a query is no proof."""
    args = mail.get("custom_args")
    is_named = isinstance(args, dict) and args.get(CUSTOM_ARG) == delivery_id
    return is_named and mail.get("sg_message_id") == id_ and _is_same(mail.get("to_email"), recipient)


def _events(mail: Mapping[str, Any], id_: str, delivery_id: str) -> Iterator[Mapping[str, Any]]:
    """As the webhook tells them, where a custom argument stands beside the rest."""
    told = mail.get("events")
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict) and one.get("sg_message_id", id_) == id_:
            yield {**one, "sg_message_id": id_, CUSTOM_ARG: delivery_id}


def _is_same(address: Any, recipient: str) -> bool:
    return isinstance(address, str) and address.casefold() == recipient.casefold()
