"""A peer that answers `POST /v3/mail/send` as SendGrid does, and says in its log what became of it."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import replace
from typing import Any

from tests.peers.peer import DROP, GARBAGE, HANG, Answer, Peer, Received
from tests.peers.sendgrid_log import PAGE, Log, errors

KEY = "SG.peer-key.not-a-real-one"
MAY_HAVE_ARRIVED = ("drop", "hang", "html-error", "garbage", "sandbox")


class SendGridPeer(Peer):
    """Modes: accept, bad-request, unauthorised, forbidden, too-large, rate-limited, html-error, html-refusal, sandbox,
    redirect, echo (a 400 that repeats the key), garbage, drop (reads all, then closes), hang, last (accepts, and says
    that it was the last call for now), late (accepts, and says so after so many seconds, or once it lets go). A call
    with one of the addresses in `bad`, or with more than `largest` receivers, is refused whole, in every mode that
    accepts.
    Where it is limited, it says so in `retry_after`, if that was set.
    What has arrived stands in `log`, whatever the sender heard of it; the log has modes of its own."""

    def __init__(self, key: str = KEY, reset_in: float = 7, late: float = 0.1) -> None:
        super().__init__()
        self.key, self.reset_in, self.late = key, reset_in, late
        self.retry_after = ""
        self.log = Log(key, reset_in)
        self.message_ids: dict[str, str] = {}
        self.arrived: Counter[str] = Counter()
        self.bad: set[str] = set()
        self.largest = 1_000

    @property
    def payloads(self) -> list[Any]:
        return [request.body for request in self.received]

    def count(self, delivery_id: str) -> int:
        """How often a mail with this delivery id arrived here and was not refused, whatever the sender heard of it."""
        return self.arrived[delivery_id]

    @property
    def mails(self) -> list[dict[str, Any]]:
        """What each receiver finds in their inbox, in the order it was taken."""
        taken = [body for body in self.payloads if _deliveries(body)[0] in self.message_ids]
        return [_mail(body, one) for body in taken for one in body["personalizations"]]

    def take(self, request: Received) -> Answer:
        if not request.path.startswith("/v3/logs"):
            return super().take(request)
        with self.lock:
            return self.log.take(request)

    def reply(self, mode: str, request: Received) -> Answer:
        if request.path != "/v3/mail/send" or request.method != "POST":
            return errors(404, "not found")
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return errors(401, "The provided authorization grant is invalid, expired, or revoked")
        if mode in ("accept", "last", "late"):
            answer = self._accept(request, is_last=mode == "last")
            return replace(answer, after=self.late) if mode == "late" else answer
        if mode in MAY_HAVE_ARRIVED:
            self.arrived.update(_deliveries(request.body))
            self.log.keep(uuid.uuid4().hex[:22], request.body)
        return self._in_mode(mode)

    def _accept(self, request: Received, *, is_last: bool) -> Answer:
        people = [to["email"].casefold() for one in request.body["personalizations"] for to in one["to"]]
        if len(people) > self.largest:
            return errors(413, "The JSON payload you have included in your request is too large.")
        if len(people) != len(set(people)):
            return errors(400, "Each email address in the personalization block should be unique", "personalizations")
        bad = next((place for place, one in enumerate(people) if one in self.bad), None)
        if bad is not None:
            return errors(400, "Does not contain a valid address.", f"personalizations.{bad}.to.0.email")
        message_id = uuid.uuid4().hex[:22]
        self.arrived.update(_deliveries(request.body))
        self.log.keep(message_id, request.body)
        self.message_ids |= dict.fromkeys(_deliveries(request.body), message_id)
        limits = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time() + self.reset_in))}
        return Answer(202, headers={"X-Message-Id": message_id, **(limits if is_last else {})})

    def _in_mode(self, mode: str) -> Answer:
        reset = {"X-RateLimit-Reset": str(int(time.time() + self.reset_in))}
        until = {"Retry-After": self.retry_after} if self.retry_after else reset
        return {
            "bad-request": errors(400, "Does not contain a valid address.", "personalizations.0.to.0.email"),
            "unauthorised": errors(401, "The provided authorization grant is invalid, expired, or revoked"),
            "forbidden": errors(403, "The from address does not match a verified Sender Identity.", "from"),
            "too-large": errors(413, "The JSON payload you have included in your request is too large."),
            "rate-limited": Answer(429, b'{"errors":[{"message":"too many requests"}]}', until),
            "html-error": Answer(502, PAGE, {"Content-Type": "text/html"}),
            "html-refusal": Answer(400, PAGE, {"Content-Type": "text/html"}),
            "sandbox": Answer(200),
            "redirect": Answer(302, headers={"Location": f"{self.host}/elsewhere"}),
            "echo": errors(400, f"bad header 'Bearer {self.key}'"),
            "garbage": GARBAGE,
            "drop": DROP,
            "hang": HANG,
        }[mode]


def _deliveries(body: Any) -> list[str]:
    """The delivery ids a call carries."""
    found = [one.get("custom_args") or {} for one in (body or {}).get("personalizations", [])]
    return [str(args.get("tminus_delivery", "")) for args in found]


def _mail(body: Any, one: Any) -> dict[str, Any]:
    """What SendGrid makes of a personalization: its substitutions in the subject and in every part."""

    def put_in(text: str) -> str:
        for tag, value in one.get("substitutions", {}).items():
            text = text.replace(tag, value)
        return text

    parts = {part["type"]: put_in(part["value"]) for part in body["content"]}
    to = one["to"][0]["email"]
    return {"to": to, "subject": put_in(body["subject"]), "headers": one.get("headers", {}), **parts}
