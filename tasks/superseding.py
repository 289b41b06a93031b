"""What a newer version does to older launches of its product that are still open: it waits, or takes their place.

Which ones these are is written down when it starts; what follows is looked at with every advance, so that a crash in
between loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from checklists.commands import TMINUS, Abandon, Proceed
from checklists.launch import Launch
from checklists.versions import newer
from ledger.store import Unreadable
from tasks.act import act
from tasks.world import World


def older_ones(world: World, product: str, version: str) -> tuple[str, ...]:
    """The launches of this product with a lower version that are neither out nor over, the oldest first.

    A rehearsal is none of them: nobody waits for it.
    """
    heads = sorted(world.ledger.index.open_of(product), key=lambda head: head.started_at)
    lower = (head.launch_id for head in heads if newer(version, head.version))
    return tuple(name for name in lower if (launch := _unfinished(world, name)) and not launch.rehearsal)


def _unfinished(world: World, name: str) -> Launch | None:
    """The launch, where it is neither out nor over; one that nobody can read keeps nobody waiting."""
    head = world.ledger.index.find(name)
    if head is None or not head.is_open:
        return None
    try:
        launch = world.launch(name)
    except Unreadable:
        return None
    return None if launch is None or launch.is_over or launch.is_out else launch


def go_on(world: World, launch: Launch) -> Launch:
    """The launch, which waits no longer where all it waited for is out of the way."""
    if launch.is_over or not launch.behind or any(_unfinished(world, name) for name in launch.behind):
        return launch
    act(world, launch.id, Proceed(by=TMINUS, via="tminus"))
    return world.launch(launch.id) or launch


def replace_older(world: World, launch: Launch) -> Iterator[str]:
    """Abandon what this launch takes the place of, and say which launches have to be advanced for it."""
    for name in () if launch.is_over else launch.replaces:
        if _unfinished(world, name):
            reason = f"{launch.name} took its place"
            given_up = Abandon(by=TMINUS, via="tminus", reason=reason, ending="replaced", successor=launch.id)
            act(world, name, given_up)
            yield name


def followers(world: World, before: Launch, after: Launch) -> tuple[str, ...]:
    """The launches that waited for this one, where it has just come out, or to its end."""
    is_news = after.is_over or (after.is_out and not before.is_out)
    if before.has_ended or not is_news:
        return ()
    heads = world.ledger.index.open_of(after.release.product)
    return tuple(head.launch_id for head in heads if after.id in (head.summary or {}).get("behind", ()))
