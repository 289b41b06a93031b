"""What went wrong, as RFC 9457 says it: `application/problem+json`, whatever part of the room found it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from checklists.errors import LaunchError, Unreachable
from ledger.store import Conflict

MEDIA = "application/problem+json"
RETRY_AFTER = "30"  # seconds
MOST, LONGEST = 20, 200
"""Of what is wrong with a body so much is told: nobody reads more, and none of it is an echo worth having."""
log = logging.getLogger(__name__)


class Problem(Exception):
    """An answer that is a "no": its status, its sentence, and its kind where there are several of one status."""

    def __init__(
        self, status: int, detail: str, *, kind: str = "", headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers, more
        self.kind = f"/api/problems/{kind}" if kind else "about:blank"

    def answer(self, request: Request) -> Response:
        """Rendered in ASCII: nothing somebody sent can break it."""
        said = {
            "type": self.kind,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "instance": quote(request.scope["path"])[:500],
            **self.more,
        }
        return Response(json.dumps(said), self.status, self.headers, MEDIA)


def answer_in_problems(app: FastAPI) -> None:
    """Whatever goes wrong in this application is answered as a problem."""
    kinds: Sequence[tuple[type[Exception], Any]] = (
        (Problem, _as_said),
        (HTTPException, of_http),
        (RequestValidationError, _of_a_body),
        (LaunchError, _of_a_launch),
        (Exception, _unforeseen),
    )
    for kind, told in kinds:
        app.add_exception_handler(kind, told)


async def _as_said(request: Request, problem: Problem) -> Response:
    return problem.answer(request)


async def of_http(request: Request, error: HTTPException) -> Response:
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_allowed(request))
    return Problem(error.status_code, SAID.get(error.status_code, error.detail), headers=headers).answer(request)


SAID = {
    404: "there is nothing at this address; /api/openapi.json lists what there is",
    405: "this address takes other methods; the header Allow names them",
}


def _allowed(request: Request) -> list[str]:
    """All methods of an address, whichever of its routes was asked first."""
    routes: Sequence[Route] = request.app.state.routes
    there = [one for one in routes if one.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for one in there for method in one.methods or ()})


async def _of_a_body(request: Request, error: RequestValidationError) -> Response:
    found = [{"at": _place(one["loc"]), "problem": str(one["msg"])[:LONGEST]} for one in error.errors()[:MOST]]
    first = found[0]
    return Problem(422, f"{first['at']}: {first['problem']}", kind="not-valid", errors=found).answer(request)


def _place(loc: Sequence[object]) -> str:
    return ".".join(str(part) for part in loc)[:LONGEST]


async def _of_a_launch(request: Request, error: LaunchError) -> Response:
    if isinstance(error, Unreachable | Conflict):
        return away(error).answer(request)
    return Problem(409, str(error)[:2_000], kind="unusable").answer(request)


def away(error: LaunchError) -> Problem:
    """The database does not answer, or others write all the time: nothing is wrong with what was asked."""
    log.error("%s", error)
    said = "the ledger cannot be reached now; try again later, with the same Idempotency-Key"
    return Problem(503, said, kind="away", headers={"Retry-After": RETRY_AFTER})


async def _unforeseen(request: Request, error: Exception) -> Response:
    """A mistake of ours, which the log tells in full and the answer does not."""
    return Problem(500, "something went wrong here; the log of the web room says what").answer(request)
