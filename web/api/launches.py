"""Launches: start one, find them, read what happened to them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import JSONResponse

from checklists.common import Key
from checklists.decide import Refusal, launch_id
from checklists.launch import LaunchStatus
from checklists.request import LaunchRequest
from ledger.anchor_file import write_kept
from ledger.bundle import write
from tasks.advance import try_advance
from tasks.listing import listed
from tasks.opening import open_launch
from tasks.proof import verify
from tasks.view import as_shown, line
from web.api import cursors
from web.api.bodies import StartBody
from web.api.calls import Asked, LaunchId, refused
from web.api.launch_shapes import LaunchShape
from web.api.problems import Problem
from web.api.route import door
from web.api.shapes import AnchorShape, LaunchesShape, LogShape, VerifiedShape

Limit = Annotated[int, Query(ge=1, le=200, description="How many on a page.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]
Status = Literal[LaunchStatus, "unreadable"]
LINES: dict[int | str, dict[str, Any]] = {
    200: {"description": "JSON lines", "content": {"application/jsonl": {"schema": {"type": "string"}}}}
}
MADE: dict[int | str, dict[str, Any]] = {
    200: {"model": LaunchShape, "description": "This product and version had its launch already."},
    202: {"model": LaunchShape, "description": "Started, and carried out once Prefect is back; see `note`."},
}
reading, managing = door("read", "launches"), door("manage", "launches")
ROUTERS = (reading, managing)


@reading.get("/launches", response_model=LaunchesShape, summary="List launches")
def list_launches(
    call: Asked,
    product: Annotated[Key | None, Query(description="Only those of this product.")] = None,
    status: Annotated[Status | None, Query(description="Only those that stand like this.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> JSONResponse:
    """The newest first. A launch that is started while you page comes on no later page, and none is shown twice."""
    after = cursors.place(cursor)
    page = listed(call.world, limit=limit, after=after, product=product, status=status)
    return JSONResponse({"launches": page.launches, "next": cursors.of_place(page.next)})


@managing.post("/launches", status_code=201, response_model=LaunchShape, responses=MADE, summary="Start a launch")
def start_launch(call: Asked, said: StartBody) -> JSONResponse:
    """Where this product and version have a launch already, that is shown, with status 200."""
    world, asked = call.world, LaunchRequest(requested_by=call.by.email, **said.model_dump())
    is_new = world.launch(launch_id(asked.product, asked.version)) is None
    answer = open_launch(world, asked, by=call.by, via="api")
    if isinstance(answer, Refusal):
        raise refused(answer)
    return call.moved(*try_advance(world, answer.id), status=201 if is_new else 200)


@reading.get("/launches/{launch}", response_model=LaunchShape, summary="Show a launch")
def show_launch(call: Asked, launch: LaunchId) -> JSONResponse:
    """Its items, who has signed, what waits for whom."""
    return JSONResponse(as_shown(call.world, call.launch(launch)))


@reading.get("/launches/{launch}/log", response_model=LogShape, summary="Tell everything that happened")
def read_log(call: Asked, launch: LaunchId, limit: Limit = 50, cursor: Cursor = None) -> JSONResponse:
    """The entries of its record, the oldest first."""
    after = cursors.number(cursor)
    found = [entry for entry in call.world.ledger.read(call.launch(launch).id) if entry.seq > after]
    last = found[limit - 1].seq if len(found) > limit else None
    return JSONResponse({"entries": [line(entry) for entry in found[:limit]], "next": cursors.of_number(last)})


@reading.get("/launches/{launch}/export", response_class=Response, responses=LINES, summary="Export the record")
def export_record(call: Asked, launch: LaunchId) -> Response:
    """JSON lines, with the newest anchor that covers it; `tminus verify --file` checks them on any machine."""
    name, ledger = call.launch(launch).id, call.world.ledger
    return Response(b"".join(write(ledger.sealed(name), ledger.anchors.cover(name))), media_type="application/jsonl")


@reading.get("/launches/{launch}/verify", response_model=VerifiedShape, summary="Check the record")
def verify_record(call: Asked, launch: LaunchId) -> JSONResponse:
    """Whether every entry is as it was written, none is missing, and the rules were kept."""
    name = call.known(launch)
    verdict = verify(call.world.ledger, call.world.settings, name)
    fault = str(verdict.fault) if verdict.fault else None
    return JSONResponse({"launch": name, "intact": fault is None, "fault": fault, "notes": verdict.notes})


@reading.get("/anchor", response_model=AnchorShape, summary="Show the newest anchor")
def newest_anchor(call: Asked) -> Response:
    """How far every launch had come on a day, signed: kept elsewhere, it shows what was cut off or written anew."""
    newest = call.world.ledger.anchors.newest()
    if newest is None:
        raise Problem(404, "there is no anchor yet; the patrol makes one each day", kind="no-anchor")
    return Response(write_kept(newest), media_type="application/json")
