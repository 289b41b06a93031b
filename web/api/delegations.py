"""Who signs for whom."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse

from checklists.decide import Refusal
from tasks.people.delegating import arranged, delegate, revoke
from web.api.admission import too_little
from web.api.bodies import DelegateBody, RevokeBody
from web.api.calls import Asked, Call, refused
from web.api.route import door
from web.api.shapes import DelegationsShape

reading, signing = door("read", "people"), door("sign", "people")
ROUTERS = (reading, signing)


@reading.get("/delegations", response_model=DelegationsShape, summary="List who signs for whom")
def list_delegations(call: Asked) -> JSONResponse:
    """Now and in days to come, by the organisation file or because somebody said so."""
    return JSONResponse(_shown(call))


@signing.post("/delegations", response_model=DelegationsShape, summary="Let somebody sign for you")
def grant_delegation(call: Asked, said: DelegateBody) -> JSONResponse:
    """While you are away. The rules on who may sign apply to the two of you together."""
    return _answered(call, delegate(call.world, call.by, _away(call, said.who), said.to, said.ends, said.starts))


@signing.post("/delegations/revoke", response_model=DelegationsShape, summary="Sign for yourself again")
def revoke_delegations(call: Asked, said: RevokeBody) -> JSONResponse:
    """End now what was granted; what the organisation file says is changed there."""
    return _answered(call, revoke(call.world, call.by, _away(call, said.who), said.to))


def _away(call: Call, who: str | None) -> str:
    """Arranging it for somebody else takes more of a token than for oneself."""
    if who not in (None, call.by.email) and "manage" not in call.caller.scopes:
        raise too_little("manage")
    return who or call.by.email


def _answered(call: Call, answer: object) -> JSONResponse:
    if isinstance(answer, Refusal):
        raise refused(answer)
    return JSONResponse(_shown(call))


def _shown(call: Call) -> dict[str, Any]:
    found = [
        {"who": one.who, "to": one.to, "starts": str(one.starts), "ends": str(one.ends), "granted_by": one.granted_by}
        for one in arranged(call.world)
    ]
    return {"delegations": found}
