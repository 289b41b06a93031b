"""The door for any program that tells of a release: signed in the form of Standard Webhooks (standardwebhooks.com)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from fastapi import APIRouter, HTTPException, Request, Response
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tasks.intake.release import told
from web.body import kind_of, read_body
from web.hooks.door import JSON, Door, parsed

EVENT = "release"


def router(door: Door) -> APIRouter:
    made = APIRouter()
    keys = [Webhook(secret.get_secret_value()) for secret in door.world.settings.release_secrets]

    @made.post("/webhooks/release")
    async def receive(request: Request) -> Response:
        body = await read_body(request)
        if not is_signed(body, request.headers, keys):
            raise HTTPException(401)
        if kind_of(request) != JSON:
            raise HTTPException(415, f"send {JSON}")
        found = parsed(lambda: told(body))
        # Whoever wrote the name of a product into a build wants to see it fail.
        delivery = request.headers.get("webhook-id", "")
        return await door.take(found, EVENT, delivery, delivery.encode() + body, nothing=422)

    return made


def is_signed(body: bytes, headers: Mapping[str, str], keys: Iterable[Webhook]) -> bool:
    """Whether one of the keys has signed this body, with its id and a time that is no more than five minutes away."""
    for key in keys:
        with suppress(WebhookVerificationError, ValueError):  # ValueError: a signature that is not even base64
            key.verify(body, dict(headers), json_parse=False)
            return True
    return False
