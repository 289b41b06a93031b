"""What tminus sees by itself and writes down: contents that gates are bound to, rosters, what a release consists of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from checklists.commands import TMINUS, Observe
from checklists.decide import Refusal
from checklists.entries import Content, Difference
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from checklists.organisation import Organisation
from ledger.store import Ledger
from tasks.act import act
from tasks.advance import advance
from tasks.changes.contents import bound_items, content_of
from tasks.changes.mirror import mirror
from tasks.changes.releases import since_the_one_before
from tasks.speaking import messages_of
from tasks.world import World
from templates.filling import versions

MOST_LOOKS = 10_000
PATIENCE = 600  # seconds: copying a large repository for the first time takes minutes
PAUSE = 60  # seconds between two tries to read a repository that could not be read


def observe(world: World, launch_id: str) -> bool:
    """Write down what has become different since the last look, and say whether anything was.

    Runs before every command: where neither the launch nor what its contents are made of has changed, it ends soon.
    """
    if _is_as_seen(world, launch_id):
        return False
    launch = world.launch(launch_id)
    return launch is not None and take_in(world, launch)


def take_in(world: World, launch: Launch, patience: float = 0) -> bool:
    """The same for a launch that was read already; git is asked only where there is `patience` (seconds) for it."""
    seen = None if launch.is_over else _seen(world, launch, patience)
    if seen is None:
        _remember(world, launch)
        return False
    return not isinstance(act(world, launch.id, seen), Refusal)


def learn(world: World, launch_id: str) -> bool:
    """Take the time it takes to find out who wrote the release, where git was away or slow when it began.

    What can open meanwhile is opened before.
    """
    launch = world.launch(launch_id)
    product = world.organisation.products.get(launch.release.product) if launch else None
    if launch is None or product is None or not product.git or not is_unread(launch):
        return False
    return take_in(world, advance(world, launch_id), PATIENCE)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a launch was made of when nothing was new."""

    seq: int
    organisation: Organisation
    postal_address: str
    messages: tuple[str, ...]
    written: tuple[tuple[str, int | None], ...]


_looks: WeakKeyDictionary[Ledger, dict[str, _Look]] = WeakKeyDictionary()


def _is_as_seen(world: World, launch_id: str) -> bool:
    last = _looks.get(world.ledger, {}).get(launch_id)
    return last is not None and last == _look(world, launch_id, world.ledger.index.seq(launch_id), last.messages)


def _remember(world: World, launch: Launch) -> None:
    bound = (launch.items[key].item for key in bound_items(launch))
    messages = tuple(item.announce.message for item in bound if isinstance(item, Announce))
    looks = _looks.setdefault(world.ledger, {})
    if len(looks) >= MOST_LOOKS:
        looks.clear()
    looks[launch.id] = _look(world, launch.id, launch.seq, messages)


def _look(world: World, launch_id: str, seq: int, messages: tuple[str, ...]) -> _Look:
    there = messages_of(world)
    written = versions((*there.files(*messages), *there.translations(launch_id)))
    return _Look(seq, world.organisation, world.settings.postal_address, messages, written)


def _seen(world: World, launch: Launch, patience: float) -> Observe | None:
    contents = tuple(_contents(world, launch))
    rosters = _rosters(world, launch)
    difference = _difference(world, launch, patience)
    if not (contents or rosters or difference):
        return None
    return Observe(by=TMINUS, via="tminus", contents=contents, rosters=rosters, difference=difference)


def _contents(world: World, launch: Launch) -> Iterator[Content]:
    """Those that are not what was written down last. What cannot be said now leaves the last one standing."""
    if launch.is_out:
        return
    for key in bound_items(launch):
        state, known = launch.items[key], launch.contents.get(key)
        if isinstance(state.item, Announce) and state.has_ended:
            continue
        try:
            content = content_of(world, launch, key)
        except LaunchError:
            continue  # nothing of it can leave either, and the announcement itself says why
        if known is None or known.sha256 != content.sha256:
            yield content


def _rosters(world: World, launch: Launch) -> dict[str, tuple[str, ...]]:
    """The roles of which everybody signs something, where other people hold them now."""
    if not launch.rosters:
        return {}
    found = world.directory.rosters(launch.rosters)
    return {role: people for role, people in found.items() if people != launch.rosters[role]}


def is_unread(launch: Launch) -> bool:
    """Whether git, where the product names one, has still to say who wrote what is launched."""
    return bool(launch.unread) or launch.difference is None or not launch.difference.is_known


def _difference(world: World, launch: Launch, patience: float) -> Difference | None:
    """What is new in the release, where nobody could tell so far and git can now."""
    release = launch.release
    product = world.organisation.products.get(release.product)
    if not patience or not product or not product.git or not is_unread(launch):
        return None
    at = mirror(world.settings, product.git, patience, world.organisation.allow_private_addresses)
    if at.was_tried(PAUSE):
        return None
    found = since_the_one_before(at, product, release.version, release.tag, release.commit)
    return found if found.is_known else None
