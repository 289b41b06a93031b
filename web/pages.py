"""Server-rendered pages: templates in, an answer with the tightest policy out. No page needs a script to work."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from fastapi.responses import HTMLResponse

from templates.filling import TEXTS
from templates.words import clean
from web.headers import CLOSED


def page(
    name: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    frames: str = "'none'",
    pictures: str = "data:",
    has_form: bool = False,
    has_script: bool = False,
    sheet: str = "",
) -> HTMLResponse:
    """The template `name` (`outbox/list.html`), with the style sheet beside it and no other source of anything.

    `has_script` lets it run the script beside it, and that script talk to us. `sheet` are styles after its own.
    """
    style = f"{name.partition('/')[0]}/page.css"
    styles = f"'{_hash(style)}'" + (f" '{_hash_of(sheet)}'" if sheet else "")
    closed = CLOSED.replace("form-action 'none'", "form-action 'self'") if has_form else CLOSED
    policy = f"{closed}; style-src {styles}; frame-src {frames}; img-src {pictures}"
    if has_script:
        policy += f"; script-src '{_hash(style.replace('.css', '.js'))}'; connect-src 'self'"
    body = TEXTS.get_template(name).render(clean({**values, "sheet": sheet}))
    return HTMLResponse(body, status, {"Content-Security-Policy": policy})


@cache
def _hash(name: str) -> str:
    """What a browser compares an inline style sheet or script with."""
    return _hash_of(TEXTS.get_template(name).render())


def _hash_of(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
