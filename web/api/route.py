"""How a request comes in: who asks, how much they send, whether it was sent before, and only then the work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from fastapi import APIRouter, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.types import Message

from web.api.admission import SAFE, Scope, admit
from web.api.desk import desk_of
from web.api.problems import Problem
from web.api.replays import once
from web.api.told import PROBLEMS
from web.body import kind_of, read_body

LIMIT = 512 * 1024
"""Twice the largest checklist file, as JSON escapes it."""
TOKEN = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of yours: `tminus token create --as EMAIL --scope read`. It has scopes: `read` looks at "
    "everything, `sign` gives your word on items, `manage` starts and steers launches. None implies another.",
)


class Guarded(APIRoute):
    """A route that lets in who has its scope, and reads nothing before that."""

    scope: ClassVar[Scope] = "read"

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            desk = desk_of(request)
            caller = await desk.look_up(lambda: admit(desk.world, request, self.scope))
            request.state.caller = caller
            whole = request if request.method in SAFE else await _with_body(request)
            async with desk.places:
                return await once(desk, caller, whole, answer)

        return guarded


class Signing(Guarded):
    scope = "sign"


class Managing(Guarded):
    scope = "manage"


ROUTES: Mapping[Scope, type[Guarded]] = {"read": Guarded, "sign": Signing, "manage": Managing}


def door(scope: Scope, tag: str) -> APIRouter:
    """A router for what this scope opens."""
    security: list[Any] = [Security(TOKEN, scopes=[scope])]
    return APIRouter(route_class=ROUTES[scope], tags=[tag], dependencies=security, responses=PROBLEMS)


async def _with_body(request: Request) -> Request:
    """The request with its whole body, which is JSON and not too long."""
    body = await read_body(request, LIMIT)
    kind = kind_of(request)
    if kind != "application/json" and (body or (request.method == "POST" and kind)):
        raise Problem(415, "send JSON, and say so: `Content-Type: application/json`")

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
