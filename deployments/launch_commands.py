"""Commands that start launches and look at them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from deployments.answers import No, as_json, plain, table
from deployments.wiring import As, Json, found, move, print_launch, reach

if TYPE_CHECKING:
    from checklists.commands import Actor
    from checklists.launch import Launch
    from checklists.request import LaunchRequest
    from ledger.index import Head
    from tasks.settings import Settings
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
    from tasks.people.identity import in_terminal

    world = reach()
    by = in_terminal(world, as_, "manage")
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
    if json:
        from tasks.view import as_shown

        world = reach()
        as_json([as_shown(world, launch) for launch in _readable(world)])
        return
    table("Launches", ("launch", "status", "ended", "open now", "waits for"), map(_listed, _heads()), spare="ended")


def _readable(world: World) -> Iterator[Launch]:
    """Every launch whose record can be read; the others are named on stderr."""
    from ledger.store import Unreadable

    for head in world.ledger.heads():
        try:
            if launch := world.launch(head.launch_id):
                yield launch
        except Unreadable as error:
            print(error, file=sys.stderr)


def _heads() -> Iterator[Head]:
    """Every launch as the index knows it; reading the entries of thousands would take a minute."""
    from ledger.database import Database
    from ledger.index import Index
    from tasks.settings import Settings

    settings = Settings()
    settings.make_home()
    database = Database(settings.ledger_url)
    for head in Index(database).heads():
        yield from (head,) if head.is_known else _reindexed(settings, head)


def _reindexed(settings: Settings, head: Head) -> Iterator[Head]:
    """What an older tminus wrote, brought up to date; named on stderr where it cannot be read."""
    from ledger.store import Ledger, Unreadable

    try:
        yield Ledger(settings.ledger_url).reindexed(head, datetime.now(UTC))
    except Unreadable as error:
        print(error, file=sys.stderr)


def _listed(head: Head) -> tuple[str, ...]:
    said = head.summary or {}
    missing = dict.fromkeys(place for item in said["open"] for place in item["missing"])
    open_now = ", ".join(item["item"] for item in said["open"])
    return head.launch_id, said["status"], f"{said['ended']} of {said['items']}", open_now, ", ".join(missing)


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
