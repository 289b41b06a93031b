"""`act`: one command on one launch, decided and written down. Two writers race, one decides again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checklists.commands import Command, Complete, Rerun, Sign, Start, Waive
from checklists.decide import Refusal, attempt, decide, launch_id
from checklists.delivery_commands import Settle
from checklists.entries import Entry
from checklists.fold import fold
from checklists.launch import Launch
from ledger.store import Conflict
from tasks.waiving import as_configured
from tasks.world import World

TRIES = 100
JUDGEMENTS = (Sign, Complete, Waive, Rerun, Settle)
"""What somebody says because of what they have seen."""


def act(world: World, name: str, command: Command) -> Launch | Refusal:
    """The launch after the command, or why it was refused. A refused try is recorded, too.

    Somebody's word is about the round they spoke in: where that ends while it is being written, it does not count.
    """
    launch = world.launch(name)
    meant = as_configured(world, _in_its_round(launch, command), launch)
    return _answered(world, launch, name, meant, lambda now: decide(now, meant, world.now()))


def _in_its_round(launch: Launch | None, command: Command) -> Command:
    """The command with the round that the item is in now, where it names none."""
    if not isinstance(command, JUDGEMENTS) or command.round is not None:
        return command
    round_ = launch.items[command.item].round if launch and command.item in launch.items else None
    return replace(command, round=round_)


def refuse(world: World, name: str, command: Command, refusal: Refusal) -> Refusal:
    """The same for a try that its door refused before anybody had to decide, such as a link that was used."""
    _answered(world, world.launch(name), name, command, lambda _: refusal)
    return refusal


def _answered(
    world: World,
    launch: Launch | None,
    name: str,
    command: Command,
    decided: Callable[[Launch | None], tuple[Entry, ...] | Refusal],
) -> Launch | Refusal:
    for _ in range(TRIES):
        answer = decided(launch)
        try:
            if isinstance(answer, Refusal):
                _note(world, launch, command, answer)
                return answer
            return _append(world, launch, name, answer)
        except Conflict:
            launch = world.launch(name)
    raise Conflict(f"{name}: others kept writing to this launch {TRIES} times in a row; try again")


def begin(world: World, command: Start) -> Launch | Refusal:
    """The launch this release has: begun now, or found as it is."""
    return act(world, launch_id(command.release.product, command.release.version), command)


def _note(world: World, launch: Launch | None, command: Command, refusal: Refusal) -> None:
    """Record that somebody tried."""
    if launch is not None:
        _append(world, launch, launch.id, attempt(launch, command, refusal, world.now()))


def _append(world: World, launch: Launch | None, name: str, entries: tuple[Entry, ...]) -> Launch:
    after = fold(entries, onto=launch)
    if entries:
        world.ledger.append(name, entries, launch.seq if launch else 0, after)
    return after
