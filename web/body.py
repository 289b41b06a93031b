"""Reads a request's body up to a limit."""

from __future__ import annotations

from fastapi import HTTPException, Request

LIMIT = 2 * 1024 * 1024


async def read_body(request: Request, limit: int = LIMIT) -> bytes:
    """The raw body; 413 as soon as it is known to be too long, whether its length was announced or not."""
    if int(request.headers.get("content-length", 0)) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"a body has at most {limit} bytes here", {"Connection": "close"})
