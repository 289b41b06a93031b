"""Where the names people type are trusted, nobody but this machine is answered."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tasks.loopback import is_loopback

PROVEN = ("/webhooks/", "/healthz", "/readyz")
"""Doors at which nobody's name is trusted: signed, or without anything to decide. A tunnel may lead to them."""
NO = (
    "The names people type are trusted here (TMINUS_IDENTITY=asserted), so only this machine is answered, at an "
    "address such as 127.0.0.1. Set TMINUS_IDENTITY=verified to let others in.\n"
)


class OnlyHere:
    """Refuses what came to another address than loopback, or was sent to this machine under another name."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_from_here(scope):
            await self._inner(scope, receive, send)
            return
        await PlainTextResponse(NO, 403)(scope, receive, send)


def is_from_here(scope: Scope) -> bool:
    """Whether it came to a loopback address, and under its name: a page elsewhere can point a name of its own here."""
    if not _listens_here(scope):
        return False
    return scope["path"].startswith(PROVEN) or _is_called_here(Headers(scope=scope).get("host"))


def _listens_here(scope: Scope) -> bool:
    """Of a socket file nobody knows where it leads; the name it was called by has to do."""
    host = (scope.get("server") or ("",))[0]
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return True


def _is_called_here(host: str | None) -> bool:
    try:
        return host is None or is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
