"""What every door for releases does once it is sure of the sender: keep, answer, and only then tell Prefect."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.background import BackgroundTasks
from starlette.status import HTTP_202_ACCEPTED

from checklists.request import LaunchRequest
from tasks.events import announce_release
from tasks.intake.asking import Ignored
from tasks.intake.following import follow
from tasks.intake.receiving import Kept, keep
from tasks.intake.told import Told
from tasks.world import World
from templates.words import one_line

JSON = "application/json"
DELIVERY = re.compile(r"[\w.:-]{1,120}", re.ASCII)
EVENTS_AT_ONCE = 2  # in threads of their own: a Prefect server that is slow holds up no webhook
WRITERS = 10
log = logging.getLogger(__name__)
T = TypeVar("T")


class Door:
    """One for all doors of a process: SQLite has one writer at a time, whichever door it comes through."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._events = CapacityLimiter(EVENTS_AT_ONCE)
        self._writers = CapacityLimiter(_writers(world))

    async def take(
        self, told: Told | None, event: str, delivery: str, sent: bytes, *, nothing: int = HTTP_202_ACCEPTED
    ) -> Response:
        """The answer; what it promises is kept by then.

        `sent` is what tells this from whatever else was sent, `nothing` the status where it names no release.
        """
        if told is None:
            return Response(status_code=204)
        name = delivery if DELIVERY.fullmatch(delivery) else "unnamed"
        mark = sha256(sent).hexdigest()[:32]
        kept = await to_thread.run_sync(keep, self.world, told, event, name, mark, limiter=self._writers)
        if isinstance(kept.launch, Ignored) and not kept.launch.is_meant and nothing != HTTP_202_ACCEPTED:
            return JSONResponse({"detail": kept.launch.reason}, status_code=nothing)
        later = self._later(kept, told.release_key)
        return JSONResponse(_said(kept.launch), status_code=HTTP_202_ACCEPTED, background=later)

    def _later(self, kept: Kept, release_key: str) -> BackgroundTasks:
        later = BackgroundTasks()
        if kept.news:
            later.add_task(self._announce, kept.news, release_key)
        if kept.follow:
            later.add_task(self._follow, kept.follow)
        return later

    async def _announce(self, request: LaunchRequest, release_key: str) -> None:
        await to_thread.run_sync(announce_release, request, release_key, limiter=self._events)

    async def _follow(self, key: str) -> None:
        """What goes wrong here, the patrol does once more."""
        try:
            await to_thread.run_sync(follow, self.world, key, limiter=self._events)
        except Exception as error:
            log.warning("%s: the patrol will follow this: %s", key, one_line(error, 300))


def _writers(world: World) -> int:
    """SQLite has one writer at a time; a queue of ours is fair and quick, its own waiting is neither."""
    return 1 if world.ledger.database.url.drivername == "sqlite" else WRITERS


def parsed(read: Callable[[], T]) -> T:
    """What a signed body says; 400 with the first thing that is wrong in it, and nothing of its content."""
    try:
        return read()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise HTTPException(400, one_line(f"{place}: {first['msg']}", 300)) from error


def _said(answer: str | Ignored) -> dict[str, str]:
    return {"ignored": answer.reason} if isinstance(answer, Ignored) else {"launch": answer}
