"""The API as an application of its own below /api: its own errors, its own description."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from tasks.world import World
from web.api import checklists, delegations, items, launches, people, steering, subscribers
from web.api.desk import Desk
from web.api.problems import answer_in_problems
from web.api.told import described

DOORS = (launches, items, steering, people, delegations, subscribers, checklists)


def api(world: World) -> FastAPI:
    """The API of this world."""
    made = FastAPI(title="tminus", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    made.state.desk = Desk(world)
    answer_in_problems(made)
    routers = [router for room in DOORS for router in room.ROUTERS]
    made.state.routes = [route for router in routers for route in router.routes]
    for router in routers:
        made.include_router(router)
    made.openapi = cache(lambda: described(made, version("tminus")))  # type: ignore[method-assign]

    @made.get("/openapi.json", include_in_schema=False)
    def description() -> JSONResponse:
        return JSONResponse(made.openapi())

    return made
