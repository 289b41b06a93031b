"""The answers of the page, each in its own words (`templates/sign/`)."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from web.pages import page
from web.signing.announced import announced
from web.signing.showing import Look, matter, standing, values
from web.signing.verdicts import STATUSES, Verdict


def bare(name: str, status: int, **more: Any) -> Response:
    """An answer that says nothing of any launch."""
    return page(f"sign/{name}.html", more, status=status)


def whole(look: Look, status: int = 200) -> Response:
    """The page itself, with its form where there is something to decide."""
    found = announced(look)
    shows = {"frames": "'self'", "pictures": found["pictures"]} if found else {}
    return page("sign/page.html", values(look) | {"announced": found}, status=status, has_form=True, **shows)


def void(look: Look, verdict: Verdict, *, was_sent: bool = False) -> Response:
    """Why a link opens nothing now, and where the item stands."""
    said = {**standing(look), **matter(look), **verdict.values}
    return page(f"sign/{verdict.name}.html", said, status=STATUSES[verdict.name][was_sent])


def counted(look: Look, more: dict[str, Any]) -> Response:
    """It counted, and this is what happens next."""
    return page("sign/counted.html", {**standing(look), **more})
