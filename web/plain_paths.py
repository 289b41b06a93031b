"""Nothing is called by a control sign: no page of ours, and nothing in the database, which may not even be asked."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""PostgreSQL takes no NUL in a text, and says so with an error; SQLite finds nothing."""
Nowhere = Callable[[Request, Exception], Awaitable[Response]]


class PlainPaths:
    """Answers as where there is nothing, before any door is asked; `nowhere` says how."""

    def __init__(self, inner: ASGIApp, nowhere: Nowhere) -> None:
        self._inner, self._nowhere = inner, nowhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not CONTROL.search(scope["path"]):
            await self._inner(scope, receive, send)
            return
        answer = await self._nowhere(Request(scope, receive), HTTPException(404))
        await answer(scope, receive, send)
