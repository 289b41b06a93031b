"""`Idempotency-Key`: a request that is sent again is not done again, and gets the answer it would have got."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from checklists.errors import Unreachable
from ledger.answers import Answer
from ledger.store import Conflict
from web.api.admission import Caller
from web.api.desk import Desk
from web.api.problems import MEDIA, Problem

HEADER = "Idempotency-Key"
AGAIN = {"Idempotency-Replayed": "true"}
KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
PATIENCE = timedelta(minutes=5)
"""No request takes longer; what has no answer after that was lost with the process that worked on it."""
Next = Callable[[Request], Awaitable[Response]]


class ShownOnce(JSONResponse):
    """An answer with a secret in it; `instead` is what is told to whoever asks again."""

    instead: str = "this was shown once and is kept nowhere"


async def once(desk: Desk, caller: Caller, request: Request, answer: Next) -> Response:
    """The answer, worked out now or kept from the first time."""
    given = request.headers.getlist(HEADER) if request.method == "POST" else []
    if not given:
        return await answer(request)
    key, fingerprint = _key(caller, given), _fingerprint(request, await request.body())
    there = await desk.look_up(lambda: desk.world.ledger.answers.begin(key, fingerprint, desk.world.now()))
    if there is None:
        return await _first(desk, key, request, answer)
    return _again(desk, there, fingerprint)


def _key(caller: Caller, given: list[str]) -> str:
    if len(given) > 1 or not KEY.fullmatch(given[0]):
        raise Problem(400, f"{HEADER} is one header with 1 to 200 visible ASCII characters, such as a UUID")
    said = sha256(given[0].encode()).hexdigest()
    return f"{caller.name[:200]}:{said}"


def _fingerprint(request: Request, body: bytes) -> str:
    about = f"{request.method} {request.url.path}?{request.url.query}\n"
    return sha256(about.encode(errors="replace") + body).hexdigest()


async def _first(desk: Desk, key: str, request: Request, answer: Next) -> Response:
    """Work it out. What was not even tried frees the key; of anything else the answer is kept."""
    answers = desk.world.ledger.answers
    try:
        found = await answer(request)
    except Problem as problem:
        found = problem.answer(request)
    except (RequestValidationError, HTTPException, Unreachable, Conflict):
        await desk.look_up(lambda: answers.forget(key))
        raise
    status, body = _kept(found, request)
    await desk.look_up(lambda: answers.finish(key, status, body))
    return found


def _kept(found: Response, request: Request) -> tuple[int, str]:
    """A secret is in no database."""
    kept = Problem(409, found.instead, kind="shown-once").answer(request) if isinstance(found, ShownOnce) else found
    return kept.status_code, bytes(kept.body).decode()


def _again(desk: Desk, there: Answer, fingerprint: str) -> Response:
    if there.fingerprint != fingerprint:
        raise Problem(422, f"this {HEADER} was used for another request; take a new one", kind="key-reused")
    if there.status is not None:
        media = MEDIA if there.status >= 400 else "application/json"
        return Response(there.body or "", there.status, AGAIN, media)
    if desk.world.now() - there.at > PATIENCE:
        detail = "the answer to the first request with this key was lost; look at what it did, then take a new key"
        raise Problem(409, detail, kind="answer-lost")
    detail = "the first request with this key is still being worked on; ask again in a moment"
    raise Problem(409, detail, kind="in-progress", headers={"Retry-After": "1"})
