"""What a door does with what it was told: everything is kept before it answers, and followed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checklists.commands import TMINUS, Describe
from checklists.decide import Refusal, launch_id
from checklists.errors import InvalidFile
from checklists.launch import Launch
from checklists.request import LaunchRequest
from ledger.receipts import Receipt
from tasks.act import act
from tasks.changes.moved_tags import keep_move
from tasks.intake.asking import Ignored, Place, asked_for, place_of, receipt_of, requested
from tasks.intake.following import is_missed, keep_later
from tasks.intake.told import LATER, Tagged, Told
from tasks.world import World

UNREADABLE = "the organisation file cannot be used"


@dataclass(frozen=True, slots=True)
class Kept:
    """What follows from it: the launch it is about or why it is about none, what Prefect has to hear because it is
    news, and the key of a receipt that has to be followed."""

    launch: str | Ignored
    news: LaunchRequest | None = None
    follow: str | None = None


def keep(world: World, told: Told, event: str, delivery: str, mark: str) -> Kept:
    """Kept when this returns; `mark` tells what was sent from all else. Raises Unreachable where the ledger is away."""
    if isinstance(told, Tagged):
        return _release(world, told, event, delivery, mark)
    place = _in_organisation(world, told)
    key = keep_later(world, told, place, delivery, mark)
    return Kept(place if isinstance(place, Ignored) else launch_id(place.key, place.version), follow=key)


def _release(world: World, told: Tagged, event: str, delivery: str, mark: str) -> Kept:
    place = _in_organisation(world, told)
    answer = place if isinstance(place, Ignored) else requested(told, place)
    is_first = world.ledger.receipts.keep(receipt_of(told, answer, event, delivery, world.now()))
    if isinstance(place, Ignored):
        return Kept(place)
    if isinstance(answer, Ignored):
        return Kept(answer)
    launch = _describe(world, answer)
    is_move = told.before is not None or _is_told_anew(world, told, delivery)
    move = keep_move(world, answer, told.host, delivery, is_move=is_move)
    back = keep_later(world, told, place, delivery, mark) if move is None and is_missed(launch) else None
    return Kept(launch_id(place.key, place.version), answer if is_first else None, move or back)


def _is_told_anew(world: World, told: Tagged, delivery: str) -> bool:
    """Whether a program that signs its words with the time says it in other words than at first: no retry of those."""
    first = world.ledger.receipts.find(told.release_key)
    return told.host == "release" and first is not None and first.delivery_id != delivery


def _in_organisation(world: World, told: Told) -> Place | Ignored:
    try:
        return place_of(told, world.organisation)
    except InvalidFile as error:
        return Ignored(f"{UNREADABLE}: {error.findings[0]}"[:1_000])


def keep_again(world: World) -> list[str]:
    """Take out what was told while the organisation file could not be read, once it can: as if it were told now.

    What that says instead is written down, so each is taken out once.
    """
    waiting = [receipt for receipt in world.ledger.receipts.unclaimed() if receipt.reason.startswith(UNREADABLE)]
    if not waiting:
        return []
    try:
        _ = world.organisation
    except InvalidFile:
        return []
    return [line for receipt in waiting for line in _kept_again(world, receipt)]


def _kept_again(world: World, receipt: Receipt) -> Iterator[str]:
    told = LATER.get(receipt.event, Tagged).model_validate(receipt.payload)
    mark = receipt.release_key.rpartition(f"!{receipt.event}:")[2]
    if receipt.event in LATER:
        place = _in_organisation(world, told)
        keep_later(world, told, place, receipt.delivery_id, mark)
        found: LaunchRequest | Ignored | Place = place
    elif isinstance(told, Tagged):
        found = asked_for(told, world.organisation)
        world.ledger.receipts.keep(receipt_of(told, found, receipt.event, receipt.delivery_id, world.now()))
    if isinstance(found, Ignored):
        world.ledger.receipts.settle(receipt.release_key, "ignored", reason=found.reason[:1_000])
    follows = found.reason if isinstance(found, Ignored) else "it is followed"
    yield f"{receipt.release_key}: the organisation file can be read again; {follows}"


def _describe(world: World, known: LaunchRequest) -> Launch | None:
    """Let a launch that has begun learn what this event knows more; one that has not reads it from its receipt."""
    learned = Describe(by=TMINUS, via="webhook", commit=known.commit, url=known.url, notes=known.notes)
    answer = act(world, launch_id(known.product, known.version), learned)
    return None if isinstance(answer, Refusal) else answer
