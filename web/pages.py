"""Server-rendered pages: templates in, an answer with the tightest policy out. No page needs a script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from fastapi.responses import HTMLResponse

from templates.render import TEXTS
from templates.words import clean
from web.headers import CLOSED


def page(
    name: str, values: Mapping[str, Any], *, status: int = 200, frames: str = "'none'", has_form: bool = False
) -> HTMLResponse:
    """The template `name` (`outbox/list.html`), with the style sheet beside it and no other source of anything."""
    style = f"{name.partition('/')[0]}/page.css"
    closed = CLOSED.replace("form-action 'none'", "form-action 'self'") if has_form else CLOSED
    policy = f"{closed}; style-src '{_hash(style)}'; frame-src {frames}; img-src data:"
    body = TEXTS.get_template(name).render(clean(values))
    return HTMLResponse(body, status, {"Content-Security-Policy": policy})


@cache
def _hash(style: str) -> str:
    """What a browser compares an inline style sheet with."""
    return "sha256-" + b64encode(sha256(TEXTS.get_template(style).render().encode()).digest()).decode()
