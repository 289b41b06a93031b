"""Who you are, and your tokens."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response
from fastapi.responses import JSONResponse

from ledger.tokens import Token
from tasks.people.tokens import create_token, list_tokens, revoke_token
from web.api.bodies import TokenBody
from web.api.calls import Asked, Call
from web.api.problems import Problem
from web.api.replays import ShownOnce
from web.api.route import door
from web.api.shapes import MeShape, NewTokenShape, TokensShape

reading, managing = door("read", "people"), door("manage", "people")
ROUTERS = (reading, managing)
TokenId = Annotated[str, Path(alias="id", description="The token, by its id.", examples=["5c8f0f380f7e11ef"])]


@reading.get("/me", response_model=MeShape, summary="Say who you are")
def me(call: Asked) -> JSONResponse:
    """As your token, or the proxy in front of this, says it."""
    who = call.by
    said = {"email": who.email, "name": who.name, "roles": who.roles, "proof": who.proof}
    stands_for = [one.email for one in who.stands_for]
    return JSONResponse({**said, "scopes": sorted(call.caller.scopes), "stands_for": stands_for})


@reading.get("/tokens", response_model=TokensShape, summary="List your tokens")
def tokens(call: Asked) -> JSONResponse:
    """Also those that have ended; the newest first. What they open themselves is shown nowhere."""
    return JSONResponse({"tokens": [_shown(one) for one in _mine(call)]})


@managing.post("/tokens", status_code=201, response_model=NewTokenShape, summary="Make a token")
def make_token(call: Asked, said: TokenBody) -> JSONResponse:
    """For yourself, with no more scopes than the one you use now. It is shown once."""
    if more := sorted(set(said.scopes) - call.caller.scopes):
        detail = f"your own token does not have {' and '.join(more)}; a new one opens no more than it does"
        raise Problem(403, detail, kind="missing-scope")
    token = create_token(call.world, call.by.email, said.scopes, days=said.days, note=said.note)
    made = next(one for one in _mine(call) if one.id in token)
    answer = ShownOnce({**_shown(made), "token": token}, 201)
    answer.instead = f"token {made.id} was made and shown already; revoke it and make another with a new key"
    return answer


@managing.delete("/tokens/{id}", status_code=204, response_class=Response, summary="Revoke a token")
def revoke(call: Asked, id_: TokenId) -> Response:
    """One of yours; from now on it opens nothing."""
    if id_ not in {one.id for one in _mine(call)}:
        raise Problem(404, "you have no token of this id; GET /api/tokens lists yours", kind="no-such-token")
    revoke_token(call.world, id_)
    return Response(status_code=204)


def _mine(call: Call) -> list[Token]:
    return [one for one in list_tokens(call.world) if one.person == call.by.email]


def _shown(token: Token) -> dict[str, Any]:
    instants = {name: getattr(token, name) for name in ("created_at", "expires_at", "revoked_at", "used_at")}
    return {
        "id": token.id,
        "scopes": sorted(token.scopes),
        "note": token.note,
        **{name: at.isoformat(timespec="seconds") if at else None for name, at in instants.items()},
    }
