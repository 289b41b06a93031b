"""The page on which people sign: by personal link, or signed in by a trusted proxy. Looking never changes anything."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, HTTPException, Request, Response
from starlette.background import BackgroundTask

from checklists.errors import Unreachable
from checklists.launch import Launch
from ledger.store import Conflict, Unreadable
from tasks.notices.delivering import deliver_notices
from tasks.people.identity import of_link, of_proxy
from tasks.people.links import read_link
from tasks.world import World
from web.addresses import address_of, peer_of
from web.body import read_body
from web.postman import Postman
from web.signing import answers
from web.signing.deciding import receive
from web.signing.fields import read
from web.signing.origins import is_ours
from web.signing.showing import Look
from web.signing.verdicts import verdict
from web.signing.visitor import Visitor

LOOKS = ["GET", "HEAD"]
FORM = "application/x-www-form-urlencoded"
LIMIT = 64 * 1024
NEWS = (200, 409)  # a refused try may have met something new on its way
SIGNERS = 8  # at once, in threads of their own: those who only look never wait for them
log = logging.getLogger(__name__)

Visit = Visitor | Response


def router(world: World) -> APIRouter:
    made = APIRouter()
    signers, postman = CapacityLimiter(SIGNERS), Postman(partial(deliver_notices, world))

    @made.api_route("/sign/{token:path}", methods=LOOKS)
    def look_by_link(token: str, request: Request) -> Response:
        return _show(world, lambda: _by_link(world, token, request))

    @made.post("/sign/{token:path}")
    async def sign_by_link(token: str, request: Request) -> Response:
        body = await _form(request)
        come = partial(_take, world, lambda: _by_link(world, token, request), request, body)
        return _then(await to_thread.run_sync(come, limiter=signers), postman)

    @made.api_route("/launches/{launch}/{item}", methods=LOOKS)
    def look(launch: str, item: str, request: Request) -> Response:
        return _show(world, lambda: _signed_in(world, launch, item, request))

    @made.post("/launches/{launch}/{item}")
    async def sign(launch: str, item: str, request: Request) -> Response:
        body = await _form(request)
        come = partial(_take, world, lambda: _signed_in(world, launch, item, request), request, body)
        return _then(await to_thread.run_sync(come, limiter=signers), postman)

    return made


def _then(answer: Response, postman: Postman) -> Response:
    """What people are told of it leaves once this answer has. A form that reached nobody's gate has no news."""
    if answer.status_code in NEWS:
        answer.background = BackgroundTask(postman.go)
    return answer


async def _form(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise HTTPException(415, f"send {FORM}")
    return await read_body(request, LIMIT)


def _by_link(world: World, token: str, request: Request) -> Visit:
    link = read_link(world, token)
    if link is None:
        return answers.bare("unknown", 404)
    return Visitor(link.launch_id, link.item, "link", of_link(world, link), link, address_of(world, request))


def _signed_in(world: World, launch: str, item: str, request: Request) -> Visit:
    """Whoever the proxy says it is; on one's own machine, whoever the form will say."""
    peer = peer_of(request)
    who = of_proxy(world, peer, request.headers)
    if who is None and world.settings.identity != "asserted":
        return answers.bare("elsewhere", 403)
    return Visitor(launch, item, "page", who, None, address_of(world, request))


def _show(world: World, come: Callable[[], Visit]) -> Response:
    def shown(launch: Launch, visitor: Visitor) -> Response:
        look = Look(world, launch, visitor)
        no = verdict(look)
        return answers.void(look, no) if no else answers.whole(look)

    return _kept(lambda: _met(world, come(), shown))


def _take(world: World, come: Callable[[], Visit], request: Request, body: bytes) -> Response:
    """The answer to a form."""

    def taken(launch: Launch, visitor: Visitor) -> Response:
        filled = read(body)
        if filled is None:
            return answers.bare("unreadable", 422)
        return receive(world, launch, visitor, filled)

    if not is_ours(request.headers, world.settings.public_url):
        return answers.bare("foreign", 403)
    return _kept(lambda: _met(world, come(), taken))


def _met(world: World, visit: Visit, then: Callable[[Launch, Visitor], Response]) -> Response:
    """What follows for a visitor of an item that there is."""
    if isinstance(visit, Response):
        return visit
    launch = world.launch(visit.launch_id)
    if launch is None or visit.item not in launch.items:
        return answers.bare("nothing", 404)
    return then(launch, visit)


def _kept(answer: Callable[[], Response]) -> Response:
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
