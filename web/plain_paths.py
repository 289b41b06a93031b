"""Nothing is called by a control sign: whoever asks for such a thing is answered as for any that is not there."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""PostgreSQL takes no NUL in a text, and says so with an error; SQLite finds nothing."""
UNKNOWN = "\ufffd"


class PlainPaths:
    """Every door sees another sign in their place, under which it finds nothing and says so in its own way."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and CONTROL.search(scope["path"]):
            scope = {**scope, "path": CONTROL.sub(UNKNOWN, scope["path"])}
        await self._inner(scope, receive, send)
