"""The web room: its doors, put together."""

from __future__ import annotations

import logging
from functools import partial

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from checklists.errors import LaunchError, Unreachable
from tasks import world as outside
from tasks.world import World
from web import changes, health, notes, outbox, previews, reach, sendgrid, sign
from web.api.app import api
from web.api.problems import of_http
from web.channel.showing import missing
from web.headers import SecurityHeaders
from web.hooks import gitea, github, gitlab, release
from web.hooks.door import Door
from web.only_here import OnlyHere
from web.people import leaving, preferences, sign_up
from web.plain_paths import PlainPaths

RETRY_AFTER = "30"  # seconds
log = logging.getLogger(__name__)


def app(world: World) -> FastAPI:
    """The application for this world; whoever serves it leaves out the server's name."""
    made = FastAPI(title="tminus", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    made.add_exception_handler(Unreachable, _away)
    made.add_exception_handler(404, partial(_nowhere, world))
    for room in (changes, health, leaving, notes, outbox, preferences, previews, reach, sendgrid, sign, sign_up):
        made.include_router(room.router(world))
    door = Door(world)
    for host in (github, gitlab, gitea, release):
        made.include_router(host.router(door))
    made.mount("/api", api(world))
    made.add_middleware(PlainPaths)
    if world.settings.identity == "asserted":
        made.add_middleware(OnlyHere)
    made.add_middleware(SecurityHeaders)
    return made


def from_environment() -> FastAPI:
    """The same with the world of this process: `uvicorn --factory web.app:from_environment`.

    Ends the process, saying why, where there is none: a wrong setting, or names trusted where others can type them.
    """
    try:
        return app(outside.world())
    except LaunchError as error:
        raise SystemExit(str(error)) from error


async def _nowhere(world: World, request: Request, error: Exception) -> Response:
    """A browser gets a page; the API says it in its own way, also where its address cannot even be read."""
    if not isinstance(error, HTTPException):
        raise error
    if request.url.path.startswith("/api"):
        return await of_http(request, error)
    if "text/html" in request.headers.get("accept", ""):
        if request.url.path == "/" and request.method in ("GET", "HEAD"):
            return RedirectResponse(str(request.url.replace(scheme="", netloc="", path="/changes")))
        return await to_thread.run_sync(missing, world, request)
    return await http_exception_handler(request, error)


async def _away(_: Request, error: Exception) -> JSONResponse:
    """Never a 2xx for what could not be kept: the sender shows it red, and it can be sent again."""
    log.error("%s", error)
    said = {"error": "the ledger cannot be reached now; try again later"}
    return JSONResponse(said, status_code=503, headers={"Retry-After": RETRY_AFTER})
