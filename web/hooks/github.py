"""The door for GitHub's webhooks."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from tasks.intake.github import told
from web.hooks.door import Door, parsed
from web.hooks.hashed import signed_body


def router(door: Door) -> APIRouter:
    made = APIRouter()
    secret = door.world.settings.webhook_secret.get_secret_value().encode()

    @made.post("/webhooks/github")
    async def receive(request: Request) -> Response:
        body = await signed_body(request, ["x-hub-signature-256"], secret)
        event = request.headers.get("x-github-event", "")
        if event == "ping":
            return JSONResponse({"pong": "webhooks arrive here"})
        found = parsed(lambda: told(event, body))
        return await door.take(found, event, request.headers.get("x-github-delivery", ""), body)

    return made
