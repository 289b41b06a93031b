"""Commands that start launches and look at them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from deployments.answers import No, as_json, plain, table
from deployments.wiring import As, Json, found, login, move, print_launch, reach

if TYPE_CHECKING:
    from checklists.commands import Actor
    from checklists.launch import Launch
    from checklists.request import LaunchRequest
    from tasks.world import World


def start(
    checklist: str,
    *,
    product: str,
    version: str,
    commit: str | None = None,
    tag: str | None = None,
    on: date | None = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Start a launch; where this product and version have one already, show that.

    Parameters
    ----------
    checklist
        The name of a checklist, such as saas-feature.
    product
        A product of the organisation file.
    version
        What is launched, such as 2.4.0.
    commit
        The commit it was built from.
    tag
        The tag that names it.
    on
        The launch day, from which due dates are counted: 2026-12-01.
    """
    from checklists.decide import Refusal
    from tasks.opening import open_launch

    world = reach()
    by = world.person(as_ or login())
    asked = _request(by, product=product, version=version, checklist=checklist, commit=commit, tag=tag, launch_on=on)
    launch = open_launch(world, asked, by=by, via="command")
    if isinstance(launch, Refusal):
        raise No(launch.reason)
    move(world, launch.id, json)


def _request(by: Actor, **asked: Any) -> LaunchRequest:
    from pydantic import ValidationError

    from checklists.request import LaunchRequest

    try:
        return LaunchRequest(requested_by=by.email, **asked)
    except ValidationError as error:
        said = [f"--{problem['loc'][0]}: {problem['msg']}" for problem in error.errors()]
        raise No("\n".join(said)) from error


def list_(*, json: Json = False) -> None:
    """Show every launch, the newest first."""
    from tasks.view import as_shown

    world = reach()
    launches = list(_readable(world))
    if json:
        as_json([as_shown(world, launch) for launch in launches])
        return
    table("Launches", ("launch", "status", "ended", "open now"), [_listed(launch) for launch in launches])


def _readable(world: World) -> Iterator[Launch]:
    """Every launch whose record can be read; the others are named on stderr."""
    from ledger.store import Unreadable

    for head in world.ledger.heads():
        try:
            if launch := world.launch(head.launch_id):
                yield launch
        except Unreadable as error:
            print(error, file=sys.stderr)


def _listed(launch: Launch) -> tuple[str, ...]:
    ended = sum(state.has_ended for state in launch.items.values())
    open_now = [key for key, state in launch.items.items() if state.opened_at and not state.has_ended]
    return launch.id, launch.status, f"{ended} of {len(launch.items)}", ", ".join(open_now)


def show(launch: str, *, json: Json = False) -> None:
    """Show one launch: its items, who has signed, what waits for whom."""
    world = reach()
    print_launch(world, found(world, launch), json)


def log(launch: str, *, json: Json = False) -> None:
    """Tell everything that happened to a launch, in order; times are UTC."""
    from tasks.view import line
    from templates.story import told

    world = reach()
    found(world, launch)
    entries = world.ledger.read(launch)
    if json:
        as_json([line(entry) for entry in entries])
        return
    for entry in entries:
        print(f"{entry.at:%Y-%m-%d %H:%M:%S}  {plain(told(entry))}")


COMMANDS: dict[str, Callable[..., None]] = {"start": start, "list": list_, "show": show, "log": log}
