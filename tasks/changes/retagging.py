"""A launch becomes another commit: which one, and what lies between it and the one it was."""

from __future__ import annotations

from dataclasses import dataclass

from checklists.commands import Retag
from checklists.decide import Refusal, decide
from checklists.entries import Difference, Via
from checklists.launch import Launch
from checklists.people import Actor
from tasks.changes.comparing import compare
from tasks.changes.git import GitFailed
from tasks.changes.mirror import Mirror, mirror
from tasks.changes.releases import away, found, unknown
from tasks.world import World

PATIENCE = 60  # seconds: somebody waits, and a wrong answer is worse
SOME = "0" * 40
"""A commit, where nobody has named one and only who asks matters."""
NO_GIT = "the product names no `git` address in the organisation file"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a launch is to go. Whoever is asked about it gets the difference to see."""

    commit: str
    tag: str | None
    difference: Difference

    def command(self, by: Actor, via: Via = "command", address: str = "") -> Retag:
        return Retag(by=by, via=via, address=address, commit=self.commit, tag=self.tag, difference=self.difference)


def asked(
    world: World,
    launch: Launch,
    by: Actor,
    *,
    commit: str | None = None,
    tag: str | None = None,
    via: Via = "command",
    address: str = "",
) -> Retag | Refusal:
    """The command of somebody who wants this; for one that will be refused anyway, git is not asked."""
    unseen = Move(commit or SOME, tag, Difference(why="nobody has looked"))
    command = unseen.command(by, via, address)
    if isinstance(decide(launch, command, world.now()), Refusal):
        return command
    move = move_of(world, launch, commit=commit.lower() if commit else None, tag=tag)
    return move if isinstance(move, Refusal) else move.command(by, via, address)


def move_of(world: World, launch: Launch, *, commit: str | None = None, tag: str | None = None) -> Move | Refusal:
    """The move to this commit, else to where the tag is now. Takes a while where git has much to bring.

    Where git cannot be asked, a commit that was named is believed, and what lies between is not known.
    """
    at = mirror_of(world, launch, PATIENCE)
    if at is None:
        return _believed(launch, commit, tag, NO_GIT)
    name = tag or tag_of(world, launch)
    try:
        at.fetch()
        head = found(at, name, commit)
    except (GitFailed, OSError) as error:
        return _believed(launch, commit, tag, away(at, error))
    if head is None:
        return Refusal(f"{unknown(at, name, commit)}; push it there first, or correct it")
    return Move(head, tag, between(at, launch.release.commit, head))


def mirror_of(world: World, launch: Launch, patience: float) -> Mirror | None:
    """The copy of the product's repository; None where the organisation file names none."""
    product = world.organisation.products.get(launch.release.product)
    if product is None or not product.git:
        return None
    return mirror(world.settings, product.git, patience, world.organisation.allow_private_addresses)


def tag_of(world: World, launch: Launch) -> str:
    """The launch's tag; the one its version would have where nobody named it."""
    product = world.organisation.products.get(launch.release.product)
    pattern = product.tags if product else "v{version}"
    return launch.release.tag or pattern.replace("{version}", launch.release.version)


def between(at: Mirror, old: str | None, new: str) -> Difference:
    """What lies between two commits of one release, from what was fetched; never raises."""
    if old is None:
        return Difference(head=new, why="nobody has said which commit it was before")
    try:
        return compare(at, found(at, "", old) or old, found(at, "", new) or new)
    except (GitFailed, OSError) as error:
        return Difference(base=old, head=new, why=away(at, error))


def _believed(launch: Launch, commit: str | None, tag: str | None, why: str) -> Move | Refusal:
    if commit is None:
        return Refusal(f"{why}; say which commit it is now: tminus retag {launch.id} --commit SHA")
    return Move(commit, tag, Difference(base=launch.release.commit, head=commit, why=why))
