"""SendGrid's Email Logs as its OpenAPI description has them: `POST /v3/logs` and `GET /v3/logs/{sg_message_id}`."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.peers.peer import DROP, GARBAGE, HANG, Answer, Received

PAGE = b"<!DOCTYPE html><html><head><title>502</title></head><body><h1>Server Error</h1></body></html>"
QUERY = re.compile(
    r'to_email = "([^"]+)" AND sg_message_id_created_at >= TIMESTAMP "([^"]+)"'
    r' AND sg_message_id_created_at <= TIMESTAMP "([^"]+)"'
)
CHANGED: dict[str, dict[str, Any]] = {
    "another-message": {"sg_message_id": "somebody-elses.recvd-5b8f-1.0"},
    "another-delivery": {"custom_args": {"tminus_delivery": "00000000-0000-5000-8000-000000000000"}},
    "another-person": {"to_email": "mallory@example.org"},
    "no-arguments": {"custom_args": {}},
    "odd-arguments": {"custom_args": "tminus_delivery"},
}
"""What a mail itself says in these modes, whatever the search had said of it."""


def errors(status: int, message: str, field: str | None = None) -> Answer:
    body = {"errors": [{"message": message, "field": field, "help": None}]}
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def _said(body: Any) -> Answer:
    return Answer(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


@dataclass
class Mail:
    """One message, as the log keeps it."""

    id: str
    to: str
    custom_args: dict[str, str]
    subject: str
    at: datetime
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, Any]:
        said = {"from_email": "launches@acme.example", "sg_message_id": self.id, "subject": self.subject}
        moment = self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {**said, "to_email": self.to, "status": "processed", "reason": "", "sg_message_id_created_at": moment}

    @property
    def whole(self) -> dict[str, Any]:
        about = {"api_key_id": "peer-key", "client_ip": "127.0.0.1", "custom_args": self.custom_args}
        said = {key: value for key, value in self.summary.items() if key not in ("reason", "sg_message_id_created_at")}
        return {**said, **about, "category": [], "events": self.events}


class Log:
    """Modes: answer, empty, bad-request, unauthorised, forbidden, missing, rate-limited, html-error, html-page, list,
    deep, garbage, drop, hang, redirect, gone (a mail that was found is gone), elsewhere (the search finds what was not
    asked for), and those of `CHANGED`. One for each call; the last one stays."""

    def __init__(self, key: str, reset_in: float) -> None:
        self.key, self.reset_in = key, reset_in
        self.mails: list[Mail] = []
        self.asked: list[Received] = []
        self.modes: deque[str] = deque(["answer"])

    def answer(self, *modes: str) -> None:
        self.modes = deque(modes)

    def keep(self, call: str, body: Any, *, at: datetime | None = None) -> None:
        """Each receiver of a call has a message; its id begins with that of the call."""
        for number, one in enumerate(body["personalizations"]):
            to, id_ = one["to"][0]["email"], f"{call}.recvd-7d5c9-1-6{number:07X}-1.{number}"
            mail = Mail(id_, to, one.get("custom_args", {}), body["subject"], at or datetime.now(UTC))
            self.mails.append(mail)
            self.tell(id_, "processed", **{"smtp-id": f"<{call}@ismtpd-1>"})

    def tell(self, id_: str, event: str, **more: Any) -> None:
        """Something becomes of a message."""
        (mail,) = (one for one in self.mails if one.id == id_)
        about = {"email": mail.to, "sg_message_id": id_, "timestamp": int(time.time()), "sg_event_id": f"{event}-{id_}"}
        mail.events.append({"event": event, **about, "custom_args": mail.custom_args, **more})

    def take(self, request: Received) -> Answer:
        self.asked.append(request)
        mode = self.modes.popleft() if len(self.modes) > 1 else self.modes[0]
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return errors(401, "authorization required")
        if (answer := self._in_mode(mode)) is not None:
            return answer
        if (request.method, request.path) == ("POST", "/v3/logs"):
            return self._search(mode, request.body)
        return self._whole(mode, request.path.removeprefix("/v3/logs/"))

    def _search(self, mode: str, body: Any) -> Answer:
        if not 1 <= body.get("limit", 10) <= 1000:
            return errors(400, "limit must be between 1 and 1000", "limit")
        if "query" not in body:
            return _said({"messages": [one.summary for one in self.mails[: body.get("limit", 10)]]})
        asked = QUERY.fullmatch(body["query"])
        if asked is None:
            return errors(400, "invalid query syntax", "query")
        to, first, last = asked[1], *(datetime.fromisoformat(asked[place]) for place in (2, 3))
        found = [one for one in self.mails if mode == "elsewhere" or (one.to == to and first <= one.at <= last)]
        return _said({"messages": [] if mode == "empty" else [one.summary for one in found[: body.get("limit", 10)]]})

    def _whole(self, mode: str, id_: str) -> Answer:
        mail = next((one for one in self.mails if one.id == id_), None)
        return errors(404, "not found") if mail is None else _said({**mail.whole, **CHANGED.get(mode, {})})

    def _in_mode(self, mode: str) -> Answer | None:
        reset = {"X-RateLimit-Limit": "6", "X-RateLimit-Remaining": "0"}
        reset["X-RateLimit-Reset"] = str(int(time.time() + self.reset_in))
        return {
            "bad-request": errors(400, "invalid query syntax", "query"),
            "unauthorised": errors(401, "authorization required"),
            "forbidden": Answer(403, b'{"errors":[{"field":null,"message":"access forbidden"}]}'),
            "missing": errors(404, "not found"),
            "gone": errors(404, "message not found"),
            "rate-limited": Answer(429, b'{"errors":[{"field":null,"message":"too many requests"}]}', reset),
            "html-error": Answer(502, PAGE, {"Content-Type": "text/html"}),
            "html-page": Answer(200, PAGE, {"Content-Type": "text/html"}),
            "list": _said([]),
            "no-messages": _said({"result": []}),
            "odd-messages": _said({"messages": [None, 7, {}, {"sg_message_id": 7, "to_email": None}]}),
            "deep": Answer(200, b"[" * 100_000),
            "redirect": Answer(302, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
            "echo": errors(400, f"bad header 'Bearer {self.key}'"),
            "garbage": GARBAGE,
            "drop": DROP,
            "hang": HANG,
        }.get(mode)
