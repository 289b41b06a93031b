"""Whether a form was sent from our own page: what browsers themselves say about it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

OUR_OWN = ("same-origin", "none")
UNSAID = ("", "null")
"""`null` is what browsers say on pages that, like ours, tell no other page where they are."""


def is_ours(headers: Headers, public_url: str) -> bool:
    """False where the browser names another site. Those that name none are held by the form's seal alone."""
    if headers.get("sec-fetch-site", "same-origin") not in OUR_OWN:
        return False
    origin = headers.get("origin", "")
    return origin in UNSAID or _place(origin) in {headers.get("host", "").lower(), _place(public_url)}


def _place(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
