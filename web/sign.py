"""The page on which people sign: by personal link, or signed in by a trusted proxy. Looking never changes anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from checklists.launch import Launch
from tasks.notices.delivering import deliver_notices
from tasks.world import World
from web.forms import form_of
from web.postman import Postman
from web.signing import answers
from web.signing.coming import Come, Visit, filled_in, kept, looked_at
from web.signing.deciding import receive
from web.signing.fields import read
from web.signing.origins import is_ours
from web.signing.showing import Look
from web.signing.verdicts import verdict
from web.signing.visitor import Visitor

PATHS = ("/sign/{token:path}", "/launches/{launch}/{item}")
LIMIT = 64 * 1024
NEWS = (200, 409)  # a refused try may have met something new on its way
SIGNERS = 8  # at once, in threads of their own: those who only look never wait for them


def router(world: World) -> APIRouter:
    made = APIRouter()
    signers, postman = CapacityLimiter(SIGNERS), Postman(partial(deliver_notices, world))

    async def sign(come: Come, request: Request) -> Response:
        body = await form_of(request, LIMIT)
        answer = await to_thread.run_sync(partial(_take, world, come, request, body), limiter=signers)
        return _then(answer, postman)

    looked_at(made, world, *PATHS, lambda come, _: _show(world, come))
    filled_in(made, world, *PATHS, sign)
    return made


def _then(answer: Response, postman: Postman) -> Response:
    """What people are told of it leaves once this answer has. A form that reached nobody's gate has no news."""
    if answer.status_code in NEWS:
        answer.background = BackgroundTask(postman.go)
    return answer


def _show(world: World, come: Come) -> Response:
    def shown(launch: Launch, visitor: Visitor) -> Response:
        look = Look(world, launch, visitor)
        no = verdict(look)
        return answers.void(look, no) if no else answers.whole(look)

    return kept(lambda: _met(world, come(), shown))


def _take(world: World, come: Come, request: Request, body: bytes) -> Response:
    """The answer to a form."""

    def taken(launch: Launch, visitor: Visitor) -> Response:
        filled = read(body)
        if filled is None:
            return answers.bare("unreadable", 422)
        return receive(world, launch, visitor, filled)

    if not is_ours(request.headers, world.settings.public_url):
        return answers.bare("foreign", 403)
    return kept(lambda: _met(world, come(), taken))


def _met(world: World, visit: Visit, then: Callable[[Launch, Visitor], Response]) -> Response:
    """What follows for a visitor of an item that there is."""
    if isinstance(visit, Response):
        return visit
    launch = world.launch(visit.launch_id)
    if launch is None or visit.item not in launch.items:
        return answers.bare("nothing", 404)
    return then(launch, visit)
