"""How people come to a page: by personal link, signed in by a proxy, or unknown on one's own machine."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from checklists.errors import Unreachable
from ledger.store import Conflict, Unreadable
from tasks.people.identity import of_link, of_proxy
from tasks.people.links import read_link
from tasks.world import World
from web.addresses import address_of, peer_of
from web.signing import answers
from web.signing.visitor import Visitor

log = logging.getLogger(__name__)

LOOKS = ["GET", "HEAD"]
Visit = Visitor | Response
Come = Callable[[], Visit]
"""Finds out who has come; asked once the answer has a thread of its own."""


def looked_at(made: APIRouter, world: World, link: str, page: str, look: Callable[[Come, Request], Response]) -> None:
    """The same page behind a personal link (`{token}`), and for who is known otherwise (`{launch}`, `{item}`)."""

    @made.api_route(link, methods=LOOKS)
    def by_token(token: str, request: Request) -> Response:
        return look(lambda: by_link(world, token, request), request)

    @made.api_route(page, methods=LOOKS)
    def by_name(launch: str, item: str, request: Request) -> Response:
        return look(lambda: signed_in(world, launch, item, request), request)


def filled_in(
    made: APIRouter, world: World, link: str, page: str, take: Callable[[Come, Request], Awaitable[Response]]
) -> None:
    """The form on it, by the same two ways."""

    @made.post(link)
    async def by_token(token: str, request: Request) -> Response:
        return await take(lambda: by_link(world, token, request), request)

    @made.post(page)
    async def by_name(launch: str, item: str, request: Request) -> Response:
        return await take(lambda: signed_in(world, launch, item, request), request)


def by_link(world: World, token: str, request: Request) -> Visit:
    link = read_link(world, token)
    if link is None:
        return answers.bare("unknown", 404)
    return Visitor(link.launch_id, link.item, "link", of_link(world, link), link, address_of(world, request))


def signed_in(world: World, launch: str, item: str, request: Request) -> Visit:
    """Whoever the proxy says it is; on one's own machine, whoever the form will say."""
    peer = peer_of(request)
    who = of_proxy(world, peer, request.headers)
    if who is None and world.settings.identity != "asserted":
        return answers.bare("elsewhere", 403)
    return Visitor(launch, item, "page", who, None, address_of(world, request))


def kept(answer: Callable[[], Response]) -> Response:
    """Never a good answer where nothing could be written or read."""
    try:
        return answer()
    except Unreadable as error:
        log.error("%s", error)
        return answers.bare("damaged", 500)
    except (Unreachable, Conflict) as error:
        log.error("%s", error)
        away = answers.bare("away", 503)
        away.headers["Retry-After"] = "30"
        return away
