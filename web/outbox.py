"""The outbox: what the harmless way out "sent", for people to look at. It is shut once mails leave for real."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from tasks.world import World
from web.letters import Letter, letter, newest
from web.pages import page

SHOWN = 200
LOOKS = ["GET", "HEAD"]
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
SHUT = "The outbox is shut"
LEAVES = "A SendGrid key is set: messages leave for real, and none are kept here."
PERSONAL = (
    "People are verified here, and messages hold their links and codes: whoever read one could sign for somebody else. "
    "They are files in the folder `outbox` of TMINUS_HOME."
)
NO_LETTER = "There is no such message", "No message in the outbox has this address; it may have been tidied away."


def router(world: World) -> APIRouter:
    made, why = APIRouter(), _why_shut(world)
    if why:
        _refuse(made, "/outbox", SHUT, why)
        _refuse(made, "/outbox/{rest:path}", SHUT, why)
    else:
        _show(made, world.settings.outbox)
        _refuse(made, "/outbox/{rest:path}", *NO_LETTER)
    return made


def _why_shut(world: World) -> str:
    """Empty where it is open."""
    if world.settings.identity == "verified":
        return PERSONAL
    return LEAVES if world.settings.sends_mail else ""


def _show(made: APIRouter, folder: Path) -> None:
    @made.api_route("/outbox", methods=LOOKS)
    def everything() -> Response:
        letters, count = newest(folder, SHOWN)
        return page("outbox/list.html", {"days": _by_day(letters), "count": count, "shown": SHOWN})

    @made.api_route("/outbox/{id_}", methods=LOOKS)
    def one(id_: str) -> Response:
        found = letter(folder, id_)
        return page("outbox/letter.html", {"letter": asdict(found)}, frames="'self'") if found else _no(*NO_LETTER)

    @made.api_route("/outbox/{id_}/mail", methods=LOOKS)
    def mail(id_: str) -> Response:
        """The HTML part as it was written: without scripts, forms, an origin, or anything from elsewhere."""
        found = letter(folder, id_)
        headers = {"Content-Security-Policy": MAIL_POLICY}
        return HTMLResponse(found.html, headers=headers) if found and found.html else _no(*NO_LETTER)


def _refuse(made: APIRouter, path: str, title: str, words: str) -> None:
    @made.api_route(path, methods=LOOKS)
    def nothing_here() -> Response:
        return _no(title, words)


def _no(title: str, words: str) -> HTMLResponse:
    return page("outbox/missing.html", {"title": title, "words": words}, status=404)


def _by_day(letters: Iterable[Letter]) -> list[tuple[str, list[dict[str, object]]]]:
    days = groupby(letters, lambda one: f"{one.at:%A, %-d %B %Y}")
    return [(day, [asdict(one) for one in some]) for day, some in days]
