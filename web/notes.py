"""The page on which people edit release notes: known as on the page where they sign. Looking never changes anything."""

from __future__ import annotations

from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from tasks.notes.editing import notes_of, which
from tasks.notices.delivering import deliver_notices
from tasks.world import World
from web.editing.desk import Desk, shut
from web.editing.receiving import receive
from web.editing.showing import page_of, shut_page
from web.editing.typed import read
from web.forms import form_of
from web.postman import Postman
from web.signing import answers
from web.signing.coming import Come, Visit, filled_in, kept, looked_at
from web.signing.origins import is_ours

PATHS = ("/notes/{token}", "/launches/{launch}/{item}/notes")
LIMIT = 512 * 1024  # 40,000 letters of a script of three bytes each, as a form writes them
WRITERS = 4  # who save at once: each of them has the links of a text followed
NEWS = (200, 409)


def router(world: World) -> APIRouter:
    made = APIRouter()
    writers, postman = CapacityLimiter(WRITERS), Postman(partial(deliver_notices, world))

    async def write(come: Come, request: Request) -> Response:
        body = await form_of(request, LIMIT)
        answer = await to_thread.run_sync(partial(_take, world, come, request, body), limiter=writers)
        if answer.status_code in NEWS and answer.media_type == "text/html":
            answer.background = BackgroundTask(postman.go)
        return answer

    looked_at(made, world, *PATHS, partial(_show, world))
    filled_in(made, world, *PATHS, write)
    return made


def _show(world: World, come: Come, request: Request) -> Response:
    def shown() -> Response:
        desk = _desk(world, come(), request)
        return desk if isinstance(desk, Response) else page_of(desk)

    return kept(shown)


def _take(world: World, come: Come, request: Request, body: bytes) -> Response:
    """The answer to a form."""

    def taken() -> Response:
        desk = _desk(world, come(), request)
        if isinstance(desk, Response):
            return desk
        typed = read(body)
        return receive(desk, typed) if typed else answers.bare("unreadable", 422)

    if not is_ours(request.headers, world.settings.public_url):
        return answers.bare("foreign", 403)
    return kept(taken)


def _desk(world: World, visit: Visit, request: Request) -> Desk | Response:
    """The notes a visitor has come for, or why there are none for them."""
    if isinstance(visit, Response):
        return visit
    launch = world.launch(visit.launch_id)
    state = notes_of(launch, visit.item) if launch else None
    audience = which(state, request.query_params.get("for")) if state else None
    if launch is None or state is None or not isinstance(audience, str):
        return answers.bare("nothing", 404)
    desk = Desk(world, launch, visit, state, audience)
    return shut_page(desk, reason) if (reason := shut(desk)) else desk
