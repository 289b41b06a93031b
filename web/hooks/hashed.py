"""Doors of hosts that sign a body with a keyed SHA-256: GitHub, Gitea and Forgejo."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import parse_qs

from fastapi import HTTPException, Request

from web.body import kind_of, read_body
from web.forms import FORM
from web.hooks.door import JSON


async def signed_body(request: Request, headers: Iterable[str], secret: bytes) -> bytes:
    """The JSON that was sent, 401 where none of these headers holds the signature of the body, raw as it came."""
    body = await read_body(request)
    if not any(is_signed(body, request.headers.get(name, ""), secret) for name in headers):
        raise HTTPException(401)
    kind = kind_of(request)
    if kind not in (JSON, FORM):
        raise HTTPException(415, f"send {JSON} or {FORM}")
    return body if kind == JSON else _field(body)


def is_signed(body: bytes, signature: str, secret: bytes) -> bool:
    """Whether this is the signature over these very bytes, written `sha256=…` as GitHub does, or without."""
    expected = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.removeprefix("sha256=").encode("latin-1"))


def _field(body: bytes) -> bytes:
    try:
        return parse_qs(body, max_num_fields=10)[b"payload"][0]
    except (KeyError, ValueError) as error:
        raise HTTPException(400, "the form has no field `payload`") from error
