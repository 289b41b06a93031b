"""The door for the webhooks of Gitea and Forgejo."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from tasks.intake.gitea import told
from web.hooks.door import Door, parsed
from web.hooks.hashed import signed_body

SIGNATURES = ("x-forgejo-signature", "x-gitea-signature", "x-hub-signature-256")
EVENTS, DELIVERIES = ("x-forgejo-event", "x-gitea-event"), ("x-forgejo-delivery", "x-gitea-delivery")


def router(door: Door) -> APIRouter:
    made = APIRouter()
    secret = door.world.settings.gitea_webhook_secret.get_secret_value().encode()

    @made.post("/webhooks/gitea")
    async def receive(request: Request) -> Response:
        body = await signed_body(request, SIGNATURES, secret)
        event, delivery = _first(request, EVENTS), _first(request, DELIVERIES)
        # A release that is edited back and forth is the same body twice; GitHub's says what was there before.
        return await door.take(parsed(lambda: told(event, body)), event, delivery, delivery.encode() + body)

    return made


def _first(request: Request, names: tuple[str, ...]) -> str:
    return next((said for name in names if (said := request.headers.get(name))), "")
