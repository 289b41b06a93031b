"""Commands on tokens: the keys to the JSON API, and to commands where people are verified."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.answers import as_json, table
from deployments.wiring import Json, reach

if TYPE_CHECKING:
    from ledger.tokens import Token

token = App(name="token", help="Make, list and revoke the tokens of the JSON API.", help_format="plaintext")
Scopes = Annotated[
    list[str] | None,
    Parameter(negative=(), help="What it opens: read, sign, manage; with commas, or again. [default: read,sign]"),
]


@token.command
def create(
    *, as_: Annotated[str, Parameter(name="--as")], scope: Scopes = None, days: int = 90, note: str = ""
) -> None:
    """Make a token of a person, and print it this once.

    Parameters
    ----------
    as_
        The mail address of the person it stands for.
    days
        How long it holds.
    note
        What it is for.
    """
    from tasks.people.tokens import create_token

    said = ",".join(["read,sign"] if scope is None else scope)
    scopes = [name.strip() for name in said.split(",") if name.strip()]
    print(create_token(reach(), as_, scopes, days=days, note=note))


@token.command(name="list")
def list_(*, json: Json = False) -> None:
    """Show every token, the newest first; its secret is not kept anywhere."""
    from tasks.people.tokens import list_tokens

    world = reach()
    rows = [_row(one, world.now()) for one in list_tokens(world)]
    if json:
        as_json(rows)
        return
    table("Tokens", ("id", "person", "scopes", "state", "ends", "used", "note"), (tuple(row.values()) for row in rows))


def _row(one: Token, now: datetime) -> dict[str, str]:
    """How a token is shown; instants are UTC."""
    return {
        "id": one.id,
        "person": one.person,
        "scopes": ",".join(sorted(one.scopes)),
        "state": "revoked" if one.revoked_at else "holds" if one.holds(now) else "expired",
        "expires_at": _instant(one.expires_at),
        "used_at": _instant(one.used_at),
        "note": one.note,
    }


def _instant(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


@token.command
def revoke(id_: Annotated[str, Parameter(name="ID")]) -> None:
    """Let a token open nothing any more, from now on.

    Parameters
    ----------
    id_
        Its id, as `tminus token list` shows it.
    """
    from tasks.people.tokens import revoke_token

    revoke_token(reach(), id_)
