"""Who asks, and what their key opens: a bearer token, or a person whom a trusted proxy has signed in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from fastapi import Request

from checklists.people import Actor
from tasks.people.identity import of_proxy
from tasks.people.tokens import read_token
from tasks.world import World
from web.addresses import address_of, peer_of
from web.api.problems import Problem

Scope = Literal["read", "sign", "manage"]
SCOPES: frozenset[str] = frozenset(("read", "sign", "manage"))
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST = 500
"""Nothing longer is a token of ours."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in: who, what for, from which address, and under which name their answers are kept."""

    actor: Actor
    scopes: frozenset[str]
    address: str
    name: str


def admit(world: World, request: Request, scope: Scope) -> Caller:
    """Whoever may ask this. Raises Problem: 401 for nobody we know, 403 for a key that does not open this."""
    given = request.headers.getlist("authorization")
    caller = _with_token(world, request, given) if given else _through_proxy(world, request)
    if caller is None:
        raise _stranger("send a token: `Authorization: Bearer …`; `tminus token create` makes one")
    if scope not in caller.scopes:
        raise too_little(scope)
    return caller


def _with_token(world: World, request: Request, given: list[str]) -> Caller | None:
    kind, _, bearer = given[0].partition(" ")
    bearer = bearer.strip()
    is_one = len(given) == 1 and kind.lower() == "bearer" and 0 < len(bearer) <= LONGEST and bearer.isascii()
    found = read_token(world, bearer) if is_one else None
    if found is None:
        raise _stranger("this token is not known, was revoked, or has expired", 'error="invalid_token"')
    actor, scopes = found
    return Caller(actor, scopes, address_of(world, request), sha256(bearer.encode()).hexdigest()[:32])


def _through_proxy(world: World, request: Request) -> Caller | None:
    actor = of_proxy(world, peer_of(request), request.headers)
    if actor is None:
        return None
    if request.method not in SAFE and not _is_of_our_pages(world, request):
        raise Problem(403, "a browser may ask this from our own pages only; programs use a token", kind="elsewhere")
    return Caller(actor, SCOPES, address_of(world, request), f"proxy:{actor.email}"[:254])


def _is_of_our_pages(world: World, request: Request) -> bool:
    """What a browser says of the page that asks, which no other page can make it say."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    ours = urlsplit(world.settings.public_url)
    return origin == f"{ours.scheme}://{ours.netloc}"


def _stranger(detail: str, more: str = "") -> Problem:
    challenge = ", ".join(filter(None, ['Bearer realm="tminus"', more]))
    return Problem(401, detail, kind="unknown-caller", headers={"WWW-Authenticate": challenge})


def too_little(scope: Scope) -> Problem:
    challenge = f'Bearer realm="tminus", error="insufficient_scope", scope="{scope}"'
    detail = f"this takes the scope {scope}, which your token does not have; make one that has it"
    return Problem(403, detail, kind="missing-scope", headers={"WWW-Authenticate": challenge}, scope=scope)
