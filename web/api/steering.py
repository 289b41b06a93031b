"""What steers a whole launch."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body as InBody
from fastapi.responses import JSONResponse

from checklists import commands as c
from tasks.changes.retagging import asked
from web.api.bodies import Nothing, ReasonBody, RescheduleBody, RetagBody
from web.api.calls import Asked, LaunchId
from web.api.items import DONE
from web.api.route import door

managing = door("manage", "steering")
ROUTERS = (managing,)
NOTHING, AS_THE_TAG = Nothing(), RetagBody()


@managing.post("/launches/{launch}/hold", **DONE, summary="Put it on hold")
def hold(call: Asked, launch: LaunchId, said: ReasonBody) -> JSONResponse:
    """Open and send nothing until it is resumed; signatures are still taken."""
    return call.carry_out(launch, c.Hold(**call.said, reason=said.reason))


@managing.post("/launches/{launch}/resume", **DONE, summary="Let it go on")
def resume(call: Asked, launch: LaunchId, said: Annotated[Nothing, InBody()] = NOTHING) -> JSONResponse:
    """After a hold."""
    return call.carry_out(launch, c.Resume(**call.said))


@managing.post("/launches/{launch}/reschedule", **DONE, summary="Move the launch day")
def reschedule(call: Asked, launch: LaunchId, said: RescheduleBody) -> JSONResponse:
    """And every due date with it."""
    calendar = call.world.organisation.calendar_of(call.launch(launch).release.product)
    return call.carry_out(launch, c.Reschedule(**call.said, launch_on=said.launch_on, calendar=calendar))


@managing.post("/launches/{launch}/retag", **DONE, summary="Let it be another commit")
def retag(call: Asked, launch: LaunchId, said: Annotated[RetagBody, InBody()] = AS_THE_TAG) -> JSONResponse:
    """What is bound to what changed is open again, the rest stays signed. Takes a while where git has much to bring."""
    return call.carry_out(launch, asked(call.world, call.launch(launch), commit=said.commit, tag=said.tag, **call.said))


@managing.post("/launches/{launch}/abandon", **DONE, summary="Give it up")
def abandon(call: Asked, launch: LaunchId, said: ReasonBody) -> JSONResponse:
    """Its open items end, and its flow run ends Cancelled."""
    return call.carry_out(launch, c.Abandon(**call.said, reason=said.reason))
