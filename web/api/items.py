"""What people say about an item of a launch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Body as InBody
from fastapi.responses import JSONResponse

from checklists import commands as c
from checklists.decide import Refusal
from checklists.delivery_commands import Settle
from checklists.entries import Evidence, Piece
from tasks.people.asking import ask_again
from web.api.bodies import (
    AskBody,
    CommentBody,
    CorrectBody,
    EvidenceBody,
    FateBody,
    Nothing,
    ReasonBody,
    RecallBody,
    SignBody,
    WaiveBody,
)
from web.api.calls import Asked, ItemKey, LaunchId
from web.api.launch_shapes import LaunchShape
from web.api.route import door

AT = "/launches/{launch}/items/{item}"
DONE: dict[str, Any] = {
    "response_model": LaunchShape,
    "responses": {202: {"model": LaunchShape, "description": "Recorded, and carried out once Prefect is back."}},
}
signing, managing = door("sign", "items"), door("manage", "items")
ROUTERS = (signing, managing)
NOTHING = Nothing()


@signing.post(f"{AT}/sign", **DONE, summary="Sign a gate")
def sign(call: Asked, launch: LaunchId, item: ItemKey, said: SignBody) -> JSONResponse:
    """Approve it, request changes, or reject it; in your own name."""
    command = c.Sign(
        **call.said,
        item=item,
        round=said.round,
        decision=said.decision,
        comment=said.comment,
        evidence=_pieces(said.evidence),
        instead_of=said.instead_of,
    )
    return call.carry_out(launch, command)


@signing.post(f"{AT}/complete", **DONE, summary="Mark a to-do as done")
def complete(call: Asked, launch: LaunchId, item: ItemKey, said: CommentBody) -> JSONResponse:
    """For its owner, and for those who manage launches."""
    return call.carry_out(launch, c.Complete(**call.said, item=item, round=said.round, comment=said.comment))


@signing.post(f"{AT}/rerun", **DONE, summary="Run it again")
def rerun(call: Asked, launch: LaunchId, item: ItemKey, said: CommentBody) -> JSONResponse:
    """What failed or was rejected is open again, in a new round."""
    return call.carry_out(launch, c.Rerun(**call.said, item=item, round=said.round, comment=said.comment))


@managing.post(f"{AT}/pause", **DONE, summary="Pause an announcement")
def pause(call: Asked, launch: LaunchId, item: ItemKey, said: ReasonBody) -> JSONResponse:
    """Nothing more of it leaves for now; what has left, has left."""
    return call.carry_out(launch, c.Pause(**call.said, item=item, reason=said.reason))


@managing.post(f"{AT}/resume", **DONE, summary="Let a paused announcement go on")
def unpause(call: Asked, launch: LaunchId, item: ItemKey, said: Annotated[Nothing, InBody()] = NOTHING) -> JSONResponse:
    """What is left of it may leave."""
    return call.carry_out(launch, c.Unpause(**call.said, item=item))


@managing.post(f"{AT}/correct", **DONE, summary="Correct an announcement")
def correct(call: Asked, launch: LaunchId, item: ItemKey, said: CorrectBody) -> JSONResponse:
    """Exactly those who got it are told what is right, each once; the change channel is corrected in its place."""
    command = c.FollowUp(**call.said, item=item, what="correction", text=said.text, note=said.note)
    return call.carry_out(launch, replace(command, translations=said.translations, notes=said.notes))


@managing.post(f"{AT}/recall", **DONE, summary="Recall an announcement")
def recall(call: Asked, launch: LaunchId, item: ItemKey, said: RecallBody) -> JSONResponse:
    """Exactly those who got it are told to disregard it, each once; the change channel says that it is withdrawn."""
    command = c.FollowUp(**call.said, item=item, what="recall", note=said.reason, notes=said.reasons)
    return call.carry_out(launch, command)


@managing.post(f"{AT}/settle", **DONE, summary="Say what became of deliveries in doubt")
def settle(call: Asked, launch: LaunchId, item: ItemKey, said: FateBody) -> JSONResponse:
    """They arrived, or are sent again, to nobody else. The item is the question about them; or an announcement, with
    the purpose of its correction or recall, or by itself once its launch is over: then it is not sent again."""
    command = Settle(**call.said, item=item, fate=said.fate, comment=said.comment, purpose=said.purpose)
    return call.carry_out(launch, replace(command, round=said.round))


@signing.post(f"{AT}/evidence", **DONE, summary="Add evidence")
def add_evidence(call: Asked, launch: LaunchId, item: ItemKey, said: EvidenceBody) -> JSONResponse:
    """Put it beside an item without signing."""
    return call.carry_out(launch, c.AddEvidence(**call.said, item=item, evidence=_pieces(said.evidence)))


@managing.post(f"{AT}/ask", **DONE, summary="Ask people again")
def ask(call: Asked, launch: LaunchId, item: ItemKey, said: AskBody) -> JSONResponse:
    """Mail new links and codes to those who can answer; their older codes are void."""
    command = ask_again(call.world, call.item_of(launch, item), item, tuple(said.people), call.by)
    return call.carry_out(launch, command if isinstance(command, Refusal) else replace(command, **call.said))


@managing.post(f"{AT}/waive", **DONE, summary="Waive it")
def waive(call: Asked, launch: LaunchId, item: ItemKey, said: WaiveBody) -> JSONResponse:
    """Let the launch go on without it, for a reason that stands in the record."""
    command = c.Waive(**call.said, item=item, round=said.round, reason=said.reason, until=said.until)
    return call.carry_out(launch, command)


def _pieces(evidence: Mapping[str, str]) -> Evidence:
    return {name: Piece(url=url) for name, url in evidence.items()}
