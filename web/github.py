"""The door for GitHub's webhooks: signature first, then kept, then answered, and only then told to Prefect."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.background import BackgroundTasks

from checklists.commands import TMINUS, Describe
from checklists.decide import launch_id
from checklists.errors import InvalidFile
from checklists.request import LaunchRequest
from tasks.act import act
from tasks.changes.moved_tags import follow, keep_move
from tasks.events import announce_release
from tasks.intake import EVENTS, SOURCE, Ignored, Tagged, asked_for, receipt_of, tagged
from tasks.world import World
from templates.words import one_line
from web.body import read_body

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
DELIVERY = re.compile(r"[\w-]{1,80}", re.ASCII)
EVENTS_AT_ONCE = 2  # in threads of their own: a Prefect server that is slow holds up no webhook
WRITERS = 10
log = logging.getLogger(__name__)


def router(world: World) -> APIRouter:
    made = APIRouter()
    secret = world.settings.webhook_secret.get_secret_value().encode()
    events, writers = CapacityLimiter(EVENTS_AT_ONCE), CapacityLimiter(_writers(world))

    @made.post("/webhooks/github")
    async def receive(request: Request) -> Response:
        body = await read_body(request)
        if not is_signed(body, request.headers.get("x-hub-signature-256", ""), secret):
            raise HTTPException(401)
        payload = _payload(request.headers.get("content-type", ""), body)
        event = request.headers.get("x-github-event", "")
        if event == "ping":
            return JSONResponse({"pong": "webhooks arrive here"})
        told = _told(event, payload) if event in EVENTS else None
        if told is None:
            return Response(status_code=204)
        delivery = request.headers.get("x-github-delivery", "")
        answer, news, move = await to_thread.run_sync(_keep, world, told, event, delivery, limiter=writers)
        later = BackgroundTasks()
        if news:
            later.add_task(_announce, news, told.release_key, events)
        if move:
            later.add_task(_follow, world, move, events)
        return JSONResponse(_said(answer), status_code=202, background=later)

    return made


def _writers(world: World) -> int:
    """SQLite has one writer at a time; a queue of ours is fair and quick, its own waiting is neither."""
    return 1 if world.ledger.database.url.drivername == "sqlite" else WRITERS


def is_signed(body: bytes, signature: str, secret: bytes) -> bool:
    """Whether this is GitHub's `sha256=...` over these very bytes."""
    expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("latin-1"))


def _payload(content_type: str, body: bytes) -> bytes:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in (JSON, FORM):
        raise HTTPException(415, f"send {JSON} or {FORM}")
    return body if kind == JSON else _field(body)


def _field(body: bytes) -> bytes:
    try:
        return parse_qs(body, max_num_fields=10)[b"payload"][0]
    except (KeyError, ValueError) as error:
        raise HTTPException(400, "the form has no field `payload`") from error


def _told(event: str, payload: bytes) -> Tagged | None:
    try:
        return tagged(event, payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise HTTPException(400, f"{place}: {first['msg']}") from error


def _keep(
    world: World, told: Tagged, event: str, delivery: str
) -> tuple[LaunchRequest | Ignored, LaunchRequest | None, str | None]:
    """What follows from this tag, what Prefect has to hear because it is news, and the receipt of a tag that was moved.

    Kept when this returns.
    """
    answer = _answer(world, told)
    name = delivery if DELIVERY.fullmatch(delivery) else "unnamed"
    is_first = world.ledger.receipts.keep(receipt_of(told, answer, event, name, world.now()))
    if not isinstance(answer, LaunchRequest):
        return answer, None, None
    _describe(world, answer)
    return answer, answer if is_first else None, keep_move(world, answer, SOURCE, name)


async def _follow(world: World, move: str, events: CapacityLimiter) -> None:
    """What goes wrong here, the patrol does once more."""
    try:
        await to_thread.run_sync(follow, world, move, limiter=events)
    except Exception as error:
        log.warning("%s: the patrol will follow this tag: %s", move, one_line(error, 300))


def _describe(world: World, known: LaunchRequest) -> None:
    """Let a launch that has begun learn what this event knows more; one that has not reads it from its receipt."""
    learned = Describe(by=TMINUS, via="webhook", commit=known.commit, url=known.url, notes=known.notes)
    act(world, launch_id(known.product, known.version), learned)


def _answer(world: World, told: Tagged) -> LaunchRequest | Ignored:
    try:
        return asked_for(told, world.organisation)
    except InvalidFile as error:
        return Ignored(f"the organisation file cannot be used: {error.findings[0]}"[:1_000])


def _said(answer: LaunchRequest | Ignored) -> dict[str, str]:
    if isinstance(answer, Ignored):
        return {"ignored": answer.reason}
    return {"launch": launch_id(answer.product, answer.version)}


async def _announce(request: LaunchRequest, release_key: str, events: CapacityLimiter) -> None:
    await to_thread.run_sync(announce_release, request, release_key, limiter=events)
