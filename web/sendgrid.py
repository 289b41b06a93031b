"""The door for SendGrid's events: signature over time and raw body first, then read, then kept, then answered."""

from __future__ import annotations

import logging
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import datetime, timedelta

from anyio import CapacityLimiter, to_thread
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from checklists.errors import LaunchError
from tasks.sending.hearing import NoEvents, hear, read_events
from tasks.world import World
from web.body import read_body

SIGNATURE, TIMESTAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
FRESH = timedelta(minutes=15)
DIGITS = 12
log = logging.getLogger(__name__)


class NotAKey(LaunchError):
    """The setting holds no public key."""


def router(world: World) -> APIRouter:
    made = APIRouter()
    given = world.settings.sendgrid_webhook_key
    key = public_key(given) if given else None
    writers = CapacityLimiter(1)

    @made.post("/webhooks/sendgrid")
    async def receive(request: Request) -> JSONResponse:
        body = await read_body(request)
        if key is None:
            raise HTTPException(403, "set TMINUS_SENDGRID_WEBHOOK_KEY to the verification key of the Event Webhook")
        said = request.headers.get(TIMESTAMP, "")
        if not is_signed(body, said, request.headers.get(SIGNATURE, ""), key):
            raise HTTPException(401, "this is not signed with the key in TMINUS_SENDGRID_WEBHOOK_KEY")
        if not is_fresh(said, world.now()):
            raise HTTPException(401, "this was signed too long ago, or by a clock that is wrong")
        try:
            told, unread = read_events(body)
        except NoEvents as error:
            raise HTTPException(400, str(error)) from error
        if unread:
            log.info("%d of SendGrid's events are of mails that tminus did not send", unread)
        news = await to_thread.run_sync(hear, world, told, limiter=writers)
        return JSONResponse({"kept": news, "known": len(told) - news, "others": unread})

    return made


def public_key(text: str) -> EllipticCurvePublicKey:
    """The key as SendGrid shows it: DER in base64. Raises NotAKey."""
    try:
        found = load_der_public_key(b64decode(text, validate=True))
    except (NotBase64, ValueError) as error:
        raise NotAKey(f"{REMEDY} ({type(error).__name__})") from error
    if not isinstance(found, EllipticCurvePublicKey):
        raise NotAKey(REMEDY)
    return found


REMEDY = "TMINUS_SENDGRID_WEBHOOK_KEY: copy the verification key again from Settings, Mail Settings, Event Webhook"


def is_signed(body: bytes, timestamp: str, signature: str, key: EllipticCurvePublicKey) -> bool:
    """Whether SendGrid signed this time and these very bytes."""
    try:
        key.verify(b64decode(signature, validate=True), timestamp.encode("latin-1") + body, ECDSA(SHA256()))
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return bool(signature)


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether it was signed just now; SendGrid signs anew when it tries again."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= DIGITS):
        return False
    return abs(now.timestamp() - int(timestamp)) <= FRESH.total_seconds()
