"""Reads a request's body up to a limit, and says of what kind it is."""

from __future__ import annotations

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

LIMIT = 2 * 1024 * 1024
DISCARDED = 26 * 1024 * 1024
"""GitHub sends at most 25 MB. So much is read to its end, and thrown away: closing at once would reset the connection,
and the sender would see that instead of our answer."""


def kind_of(request: Request) -> str:
    """The media type of the body, without its parameters, in small letters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int = LIMIT) -> bytes:
    """The raw body; 413 where it is too long, whether its length was announced or not, and 400 where it ends early."""
    try:
        body = await _read(request, limit)
    except ClientDisconnect as gone:
        raise HTTPException(400, "the body ended early") from gone
    if body is None:
        raise HTTPException(413, f"a body has at most {limit} bytes here", {"Connection": "close"})
    return body


async def _read(request: Request, limit: int) -> bytes | None:
    length, kept = 0, bytearray()
    fits = int(request.headers.get("content-length", 0)) <= limit
    async for chunk in request.stream():
        length += len(chunk)
        fits = fits and length <= limit
        if fits:
            kept += chunk
        if length > DISCARDED:
            break
    return bytes(kept) if fits else None
