"""API tokens: `tm_<id>_<secret>`, shown once and stored hashed, with scopes, an end, and a way to end them sooner."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, get_args

from checklists.commands import AddEvidence, Command, Complete, Rerun, Sign
from checklists.errors import LaunchError
from checklists.people import Actor
from ledger.tokens import Token
from tasks.people.known import known
from tasks.world import World

Scope = Literal["read", "sign", "manage"]
"""`read` looks, `sign` gives one's word on an item, `manage` is all that steers a launch. None implies another."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
SIGNS = (Sign, Complete, Rerun, AddEvidence)
FORM = re.compile(r"tm_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)
DAYS = range(1, 367)
NOTED_AFTER = timedelta(minutes=1)
LONGEST_NOTE = 200


class NoToken(LaunchError):
    """A token that cannot be made, or is not there."""


def scope_of(command: Command) -> Scope:
    """What a token must open for this command."""
    return "sign" if isinstance(command, SIGNS) else "manage"


def create_token(world: World, person: str, scopes: Iterable[str], *, days: int = 90, note: str = "") -> str:
    """A new token of this person, in the only moment in which it can be read. Raises NoToken."""
    who, wanted = world.person(person), frozenset(scopes)
    if not who.is_known:
        raise NoToken(f"{person} is not a person of this organisation; add them to the organisation file first")
    if not wanted or not wanted <= set(SCOPES):
        raise NoToken(f"a token has scopes out of {', '.join(SCOPES)}, not {', '.join(sorted(wanted)) or 'none'}")
    if days not in DAYS or len(note) > LONGEST_NOTE:
        raise NoToken(f"a token holds for {DAYS[0]} to {DAYS[-1]} days, and its note has {LONGEST_NOTE} signs at most")
    id_, secret, now = secrets.token_hex(8), secrets.token_urlsafe(32), world.now()
    world.ledger.tokens.keep(
        Token(id_, who.email, wanted, note, now, expires_at=now + timedelta(days=days), hash=_hash(secret))
    )
    return f"tm_{id_}_{secret}"


def read_token(world: World, bearer: str) -> tuple[Actor, frozenset[str]] | None:
    """Whose token this is and what it opens; None for one that is not ours, has ended, or whose person is gone."""
    form = FORM.fullmatch(bearer)
    if form is None:
        return None
    token = world.ledger.tokens.find(form[1])
    is_it = hmac.compare_digest(token.hash if token else _hash(""), _hash(form[2]))
    if token is None or not is_it or not token.holds(world.now()):
        return None
    who = known(world, token.person, "token")
    if who is not None:
        _note_use(world, token)
    return (who, token.scopes) if who else None


def _hash(secret: str) -> str:
    """A plain hash will do: nobody guesses 32 random bytes."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_use(world: World, token: Token) -> None:
    """Not at each use: a reader does not have to be a writer all the time."""
    if token.used_at is None or world.now() - token.used_at > NOTED_AFTER:
        world.ledger.tokens.use(token.id, world.now())


def revoke_token(world: World, id_: str) -> None:
    """From now on it opens nothing. Raises NoToken where there is none of this id."""
    if not world.ledger.tokens.revoke(id_, world.now()):
        raise NoToken(f"there is no token {id_}; `tminus token list` shows the ids there are")


def list_tokens(world: World) -> tuple[Token, ...]:
    """Everybody's, also those that have ended; the newest first."""
    return world.ledger.tokens.all()
