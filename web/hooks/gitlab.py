"""The door for GitLab's webhooks, which carry a secret and are not signed: it takes them over https only to be one."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, HTTPException, Request, Response

from tasks.intake.gitlab import told
from web.body import kind_of, read_body
from web.hooks.door import JSON, Door, parsed


def router(door: Door) -> APIRouter:
    made = APIRouter()
    secret = door.world.settings.gitlab_webhook_secret.get_secret_value().encode()

    @made.post("/webhooks/gitlab")
    async def receive(request: Request) -> Response:
        said = request.headers.get("x-gitlab-token", "").encode("latin-1")
        body = await read_body(request)
        if not hmac.compare_digest(secret, said):
            raise HTTPException(401)
        if kind_of(request) != JSON:
            raise HTTPException(415, f"send {JSON}")
        event = request.headers.get("x-gitlab-event", "")
        found = parsed(lambda: told(event, body))
        delivery = request.headers.get("x-gitlab-event-uuid", "")
        return await door.take(found, event, delivery, delivery.encode() + body)

    return made
