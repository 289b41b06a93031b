"""The snippet that other sites load: one script, the same for everybody, from any origin."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from fastapi import Request, Response

from templates.filling import FOLDER
from web.channel.conditional import has_newest


@cache
def _script() -> tuple[bytes, str]:
    """The script and its entity tag."""
    body = (FOLDER / "channel" / "embed.js").read_bytes()
    return body, f'"{sha256(body).hexdigest()[:32]}"'


def script(request: Request) -> Response:
    body, etag = _script()
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",  # for sites that pin it by `integrity`, which asks with CORS
    }
    if has_newest(request.headers, etag, None):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="text/javascript")
