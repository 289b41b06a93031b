"""A peer that answers `POST /v3/mail/send` as SendGrid does."""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from typing import Any

from tests.peers.peer import DROP, GARBAGE, HANG, Answer, Peer, Received

KEY = "SG.peer-key.not-a-real-one"
PAGE = b"<!DOCTYPE html><html><head><title>502</title></head><body><h1>Server Error</h1></body></html>"


def errors(status: int, message: str, field: str | None = None) -> Answer:
    body = {"errors": [{"message": message, "field": field, "help": None}]}
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


class SendGridPeer(Peer):
    """Modes: accept, bad-request, unauthorised, forbidden, too-large, rate-limited, html-error, html-refusal, sandbox,
    redirect, echo (a 400 that repeats the key), garbage, drop (reads all, then closes), hang."""

    def __init__(self, key: str = KEY, reset_in: float = 7) -> None:
        super().__init__()
        self.key, self.reset_in = key, reset_in
        self.message_ids: dict[str, str] = {}

    @property
    def payloads(self) -> list[Any]:
        return [request.body for request in self.received]

    def count(self, delivery_id: str) -> int:
        """How often a mail with this delivery id arrived here, whatever the answer was."""
        return Counter(_delivery(body) for body in self.payloads)[delivery_id]

    def reply(self, mode: str, request: Received) -> Answer:
        if request.path != "/v3/mail/send" or request.method != "POST":
            return errors(404, "not found")
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return errors(401, "The provided authorization grant is invalid, expired, or revoked")
        return self._accept(request) if mode == "accept" else self._in_mode(mode)

    def _accept(self, request: Received) -> Answer:
        people = [to["email"].casefold() for one in request.body["personalizations"] for to in one["to"]]
        if len(people) != len(set(people)):
            return errors(400, "Each email address in the personalization block should be unique", "personalizations")
        message_id = self.message_ids[_delivery(request.body)] = uuid.uuid4().hex[:22]
        return Answer(202, headers={"X-Message-Id": message_id})

    def _in_mode(self, mode: str) -> Answer:
        reset = str(int(time.time() + self.reset_in))
        return {
            "bad-request": errors(400, "Does not contain a valid address.", "personalizations.0.to.0.email"),
            "unauthorised": errors(401, "The provided authorization grant is invalid, expired, or revoked"),
            "forbidden": errors(403, "The from address does not match a verified Sender Identity.", "from"),
            "too-large": errors(413, "The JSON payload you have included in your request is too large."),
            "rate-limited": Answer(429, b'{"errors":[{"message":"too many requests"}]}', {"X-RateLimit-Reset": reset}),
            "html-error": Answer(502, PAGE, {"Content-Type": "text/html"}),
            "html-refusal": Answer(400, PAGE, {"Content-Type": "text/html"}),
            "sandbox": Answer(200),
            "redirect": Answer(302, headers={"Location": f"{self.host}/elsewhere"}),
            "echo": errors(400, f"bad header 'Bearer {self.key}'"),
            "garbage": GARBAGE,
            "drop": DROP,
            "hang": HANG,
        }[mode]


def _delivery(body: Any) -> str:
    """The delivery id a mail carries, on the message or on its first personalization."""
    args = body.get("custom_args") or body["personalizations"][0].get("custom_args") or {}
    return str(args.get("tminus_delivery", ""))
