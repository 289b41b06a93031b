"""The command on absences: who signs for whom, from when until when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from deployments.answers import as_json, table
from deployments.wiring import As, Flag, Json, reach, refused, wrong_usage

if TYPE_CHECKING:
    from checklists.commands import Actor
    from tasks.people.delegating import Arranged
    from tasks.world import World

SOURCE = "the organisation file"


def delegate(
    who: Annotated[str | None, Parameter(name="EMAIL")] = None,
    /,
    *,
    to: str | None = None,
    until: date | None = None,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    revoke: Flag = False,
    as_: As = None,
    json: Json = False,
) -> None:
    """Let somebody sign for a person who is away; without --to, list who signs for whom.

    Parameters
    ----------
    who
        Who is away.
    to
        Who signs for them.
    until
        The last day: 2026-12-01.
    from_
        The first day; today when left out.
    revoke
        End what was granted, now: all of that person, or what --to names.
    """
    if (revoke or to or until or from_) and not who:
        raise wrong_usage("name who is away: tminus delegate EMAIL --to EMAIL --until DATE")
    if revoke and (until or from_):
        raise wrong_usage("--revoke ends a delegation now; it takes no dates")
    if not revoke and (to is None) != (until is None):
        raise wrong_usage("a delegation takes --to EMAIL and --until DATE")
    world = reach()
    if who and revoke:
        _ended(world, who, to, as_)
    elif who and to and until:
        _granted(world, who, to, until, from_, as_)
    _print(world, who, json)


def _granted(world: World, who: str, to: str, until: date, starts: date | None, as_: str | None) -> None:
    from checklists.decide import Refusal
    from tasks.people.delegating import delegate as grant

    by = _who(world, who, as_)
    answer = grant(world, by, who, to, until, starts)
    if isinstance(answer, Refusal):
        raise refused(world, answer, by)


def _ended(world: World, who: str, to: str | None, as_: str | None) -> None:
    from checklists.decide import Refusal
    from tasks.people.delegating import revoke

    by = _who(world, who, as_)
    answer = revoke(world, by, who, to)
    if isinstance(answer, Refusal):
        raise refused(world, answer, by)


def _who(world: World, who: str, as_: str | None) -> Actor:
    """Who sits here; arranging it for somebody else takes more of a token than for oneself."""
    from tasks.people.identity import in_terminal

    by = in_terminal(world, as_)
    return by if by.email == who.strip().lower() else in_terminal(world, as_, "manage")


def _print(world: World, who: str | None, json: bool) -> None:
    """Who signs for whom now and in days to come, of everybody or of that person."""
    from tasks.people.delegating import arranged

    rows = [_row(one) for one in arranged(world, who.strip().lower() if who else None)]
    if json:
        as_json(rows)
        return
    title = f"Who signs for {who}" if who else "Who signs for whom"
    table(title, ("away", "signs for them", "from", "until", "says"), (tuple(row.values()) for row in rows))


def _row(one: Arranged) -> dict[str, Any]:
    says = one.granted_by or SOURCE
    return {"who": one.who, "to": one.to, "from": str(one.starts), "until": str(one.ends), "says": says}
