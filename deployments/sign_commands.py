"""Commands that act on a launch: sign, complete, waive, run again, steer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from checklists import commands as c
from checklists.entries import Decision, Evidence, Piece
from deployments.answers import No
from deployments.wiring import As, Flag, Json, act_as, wrong_usage

if TYPE_CHECKING:
    from checklists.commands import Actor
    from checklists.dates import Calendar
    from tasks.world import World


def sign(
    launch: str,
    item: str,
    *,
    as_: As = None,
    approve: Flag = False,
    request_changes: Flag = False,
    reject: Flag = False,
    comment: str = "",
    evidence: Annotated[list[str] | None, Parameter(help="NAME=URL, as often as needed.", negative=())] = None,
    json: Json = False,
) -> None:
    """Sign a gate: approve it, request changes, or reject it."""
    said: tuple[tuple[Decision, bool], ...]
    said = ("approve", approve), ("request-changes", request_changes), ("reject", reject)
    chosen = [decision for decision, is_set in said if is_set]
    if len(chosen) != 1:
        raise wrong_usage("sign takes exactly one of --approve, --request-changes, --reject")
    shown = _pairs(evidence or [])
    act_as(
        launch,
        as_,
        lambda _, by: c.Sign(by=by, item=item, decision=chosen[0], comment=comment, evidence=shown),
        json,
    )


def _pairs(evidence: list[str]) -> Evidence:
    pairs = dict(pair.partition("=")[::2] for pair in evidence)
    if not all(name and url.startswith(("https://", "http://")) for name, url in pairs.items()):
        raise wrong_usage("evidence reads NAME=URL, with a web address")
    return {name: Piece(url=url) for name, url in pairs.items()}


def attach(
    launch: str,
    item: str,
    evidence: Annotated[list[str], Parameter(help="NAME=URL, as many as needed.", negative=())],
    *,
    as_: As = None,
    json: Json = False,
) -> None:
    """Put evidence beside an item without signing it; its digest is recorded where it can be fetched."""
    shown = _pairs(evidence)
    act_as(launch, as_, lambda _, by: c.AddEvidence(by=by, item=item, evidence=shown), json)


def retag(
    launch: str, *, commit: str | None = None, tag: str | None = None, as_: As = None, json: Json = False
) -> None:
    """Let a launch be another commit: what is bound to what changed is open again, the rest stays signed.

    Parameters
    ----------
    commit
        The commit it is now; where its tag is by now, when left out.
    tag
        The tag that names it, where it has another one.
    """
    from checklists.decide import Refusal
    from deployments.wiring import found
    from tasks.changes.retagging import asked

    def moved(world: World, by: c.Actor) -> c.Retag:
        command = asked(world, found(world, launch), by, commit=commit, tag=tag)
        if isinstance(command, Refusal):
            raise No(command.reason)
        return command

    act_as(launch, as_, moved, json)


def complete(launch: str, item: str, *, as_: As = None, comment: str = "", json: Json = False) -> None:
    """Mark a to-do as done."""
    act_as(launch, as_, lambda _, by: c.Complete(by=by, item=item, comment=comment), json)


def waive(
    launch: str, item: str, *, reason: str, until: date | None = None, as_: As = None, json: Json = False
) -> None:
    """Let the launch go on without an item; the reason stands in the record."""
    act_as(launch, as_, lambda _, by: c.Waive(by=by, item=item, reason=reason, until=until), json)


def ask(
    launch: str,
    item: str,
    *,
    to: Annotated[list[str] | None, Parameter(help="Only these people, by mail address.", negative=())] = None,
    as_: As = None,
    json: Json = False,
) -> None:
    """Mail new links and codes to those who are asked for an item; their older codes are void."""
    act_as(launch, as_, lambda world, by: _asking(world, launch, item, tuple(to or ()), by), json)


def _asking(world: World, launch: str, item: str, people: tuple[str, ...], by: Actor) -> c.Ask:
    from checklists.decide import Refusal
    from deployments.wiring import found
    from tasks.people.asking import ask_again

    command = ask_again(world, found(world, launch), item, people, by)
    if isinstance(command, Refusal):
        raise No(command.reason)
    return command


def rerun(launch: str, item: str, *, as_: As = None, comment: str = "", json: Json = False) -> None:
    """Open an item again that failed, in a new round."""
    act_as(launch, as_, lambda _, by: c.Rerun(by=by, item=item, comment=comment), json)


def hold(launch: str, *, reason: str, as_: As = None, json: Json = False) -> None:
    """Open and send nothing until the launch is resumed; signatures are still taken."""
    act_as(launch, as_, lambda _, by: c.Hold(by=by, reason=reason), json)


def resume(launch: str, *, as_: As = None, json: Json = False) -> None:
    """Let a launch on hold go on."""
    act_as(launch, as_, lambda _, by: c.Resume(by=by), json)


def reschedule(launch: str, *, on: date, as_: As = None, json: Json = False) -> None:
    """Move the launch day, and every due date with it."""
    act_as(
        launch,
        as_,
        lambda world, by: c.Reschedule(by=by, launch_on=on, calendar=_calendar(world, launch)),
        json,
    )


def _calendar(world: World, launch: str) -> Calendar:
    """Of the launch's product."""
    from deployments.wiring import found

    return world.organisation.calendar_of(found(world, launch).release.product)


def abandon(launch: str, *, reason: str, as_: As = None, json: Json = False) -> None:
    """Give a launch up: its open items end, its flow run ends Cancelled."""
    act_as(launch, as_, lambda _, by: c.Abandon(by=by, reason=reason), json)
