"""The change channel: everything that shipped, as pages, as feeds, and for other sites. Nobody changes it here."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from threading import Event, Thread

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from checklists.errors import LaunchError
from ledger.publication_search import may_see
from tasks.world import World
from templates.feeds import Format
from templates.locales import normal
from web.channel.asked import Asked, asked_by, asked_of
from web.channel.embed import script
from web.channel.feeds import Kept, draw_ahead, served
from web.channel.showing import listed, missing, whole

ID_LENGTH = 36
LOOKS = ["GET", "HEAD"]
FORMATS: tuple[Format, ...] = ("atom", "rss", "json")
Answer = Callable[[Asked, Request], Response]
log = logging.getLogger(__name__)


def router(world: World) -> APIRouter:
    kept = Kept()
    made = APIRouter(lifespan=partial(_drawing_ahead, world, kept))
    for format_ in FORMATS:
        _door(made, world, f".{format_}", f"/changes.{format_}", _feed(world, kept, format_))
    _door(made, world, "", "", lambda asked, request: listed(world, asked, request))
    made.add_api_route("/changes/embed.js", script, methods=LOOKS)
    _door(made, world, "/{slug}", "/{slug}", lambda asked, request: _change(world, asked, request))
    return made


@asynccontextmanager
async def _drawing_ahead(world: World, kept: Kept, _: FastAPI) -> AsyncIterator[None]:
    """Beside the room, while it begins to answer."""
    is_over = Event()

    def draw() -> None:
        try:
            for locale in world.organisation.languages:
                for format_ in FORMATS:
                    draw_ahead(world, kept, format_, locale, is_over.is_set)
        except LaunchError as error:
            log.warning("the feeds are drawn when they are asked for: %s", error)

    thread = Thread(target=draw, name="feeds")
    thread.start()
    yield
    is_over.set()
    thread.join()


def _door(made: APIRouter, world: World, public: str, private: str, answer: Answer) -> None:
    """The same answer for everybody, and for the person whose link it is."""

    @made.api_route(f"/changes{public}", methods=LOOKS)
    def for_all(request: Request) -> Response:
        return answer(asked_of(world, request), request)

    @made.api_route(f"/changes/of/{{token}}{private}", methods=LOOKS)
    def for_one(token: str, request: Request) -> Response:
        asked = asked_by(world, request, token)
        return answer(asked, request) if asked else missing(world, request)


def _feed(world: World, kept: Kept, format_: Format) -> Answer:
    return lambda asked, request: served(world, kept, asked, format_, request)


def _change(world: World, asked: Asked, request: Request) -> Response:
    name, known = request.path_params["slug"], world.ledger.publications
    one = known.find(name) or (known.get(name) if len(name) == ID_LENGTH else None)
    if one is None or not may_see(asked.sought.private, one):
        return missing(world, request, asked.locale)
    if one.slug != name:  # mails are written before anybody knows where it will stand
        return RedirectResponse(asked.page_of(one, normal(request.query_params.get("lang", ""))), status_code=308)
    return whole(world, asked, one, request)
