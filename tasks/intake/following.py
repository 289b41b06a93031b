"""What becomes of a release after it was told of: edited, deleted, its tag deleted or back. Kept first, then followed.

Each event has a receipt of its own, by what was signed. One that comes before its launch begins is put away, and taken
out again when it does: whatever the order, it ends the same.
"""

from __future__ import annotations

from typing import Any

from checklists.commands import TMINUS, Complete, Edit, Question
from checklists.decide import Refusal, launch_id
from checklists.entries import Cause
from checklists.launch import Launch
from checklists.value import Value
from ledger.receipts import Receipt
from tasks.act import act
from tasks.advance import try_advance
from tasks.changes.moved_tags import MOVES, SETTLED, is_same, looked_up, moved
from tasks.changes.moved_tags import follow as follow_move
from tasks.intake.asking import Ignored, Place
from tasks.intake.told import LATER, ReleaseDeleted, ReleaseEdited, TagDeleted, Told
from tasks.notes.redrafting import is_ours, redraft
from tasks.world import World

FOLLOWED = frozenset({*MOVES, *LATER})
HOSTS = {
    "github": "GitHub",
    "gitlab": "GitLab",
    "gitea": "The repository's host",
    "release": "Whoever publishes releases",
}
NO_LAUNCH = "the release it belongs to has no launch yet; it is followed when one begins"


class Later(Value):
    """What the receipt holds: whose release it is, and what was told."""

    product: str
    version: str
    told: dict[str, Any]


def keep_later(world: World, told: Told, place: Place | Ignored, delivery: str, mark: str) -> str | None:
    """The key of a fresh receipt to be followed; None where the same was told before, or it is about no release.

    `mark` tells what was sent from everything else that was sent.
    """
    event = next(name for name, kind in LATER.items() if type(told) is kind)
    said = told.model_dump(mode="json")
    reason = place.reason if isinstance(place, Ignored) else ""
    key = f"{told.release_key}!{event}:{mark}"
    receipt = Receipt(
        release_key=key,
        source=told.host,
        delivery_id=delivery,
        event=event,
        payload=said if isinstance(place, Ignored) else _later(place, said),
        received_at=world.now(),
        state="ignored" if reason else "new",
        reason=reason[:1_000],
    )
    return key if world.ledger.receipts.keep(receipt) and not reason else None


def _later(place: Place, said: dict[str, Any]) -> dict[str, Any]:
    return Later(product=place.key, version=place.version, told=said).model_dump(mode="json")


def is_missed(launch: Launch | None) -> bool:
    """Whether somebody has still to say what follows from a tag that was deleted: here it is told of again."""
    return launch is not None and any(launch.questions[key].cause == "tag-deleted" for key in launch.unanswered)


def follow(world: World, key: str) -> str:
    """Do what this receipt is for; until that is done it stays new. Says what came of it."""
    receipt = world.ledger.receipts.find(key)
    if receipt is None or receipt.state != "new":
        return ""
    if receipt.event in MOVES:
        return follow_move(world, key)
    about = Later.model_validate(receipt.payload)
    launch = _launch(world, about)
    if launch is None:
        return _put_away(world, receipt, about)
    return _followed(world, receipt, launch, LATER[receipt.event].model_validate(about.told))


def _launch(world: World, about: Later) -> Launch | None:
    launch = world.launch(launch_id(about.product, about.version))
    return launch if launch and launch.release.product == about.product else None


def _put_away(world: World, receipt: Receipt, about: Later) -> str:
    world.ledger.receipts.settle(receipt.release_key, "ignored", reason=NO_LAUNCH)
    if _launch(world, about) is not None:  # it began just now, and may have looked before this was put away
        world.ledger.receipts.settle(receipt.release_key, "new")
    return f"{receipt.release_key}: {NO_LAUNCH}"


def _followed(world: World, receipt: Receipt, launch: Launch, told: Told) -> str:
    match told:
        case ReleaseEdited():
            return _edited(world, receipt, launch, told)
        case ReleaseDeleted():
            said = f"{_who(told)} deleted the release {told.name}."
            return _asked(world, receipt, launch, "release-deleted", said)
        case TagDeleted():
            return _tag_gone(world, receipt, launch, told)
        case _:
            return _tag_back(world, receipt, launch)


def _who(told: Told) -> str:
    """`GitHub says that ada` …, or that somebody did it."""
    name = told.requested_by.partition(":")[2]
    return f"{HOSTS[told.host]} says that {name or 'somebody'}"


def _edited(world: World, receipt: Receipt, launch: Launch, told: ReleaseEdited) -> str:
    if is_ours(launch, told.notes):
        return _done(world, receipt, launch, "the release says what was written here")
    answer = act(world, launch.id, Edit(by=TMINUS, via="webhook", notes=told.notes, at=told.at))
    if isinstance(answer, Refusal):
        return _dropped(world, receipt, answer.reason)
    redraft(world, answer)
    try_advance(world, launch.id)
    return _done(world, receipt, launch, "the notes of the release were edited")


def _tag_gone(world: World, receipt: Receipt, launch: Launch, told: TagDeleted) -> str:
    at, where, why = looked_up(world, launch)
    if where is None:
        return _asked(world, receipt, launch, "tag-deleted", f"{_who(told)} deleted the tag {told.name}.")
    if world.now() - receipt.received_at < SETTLED:
        return f"{launch.id}: git still has its tag, and is asked once more"
    if is_same(where, launch.release.commit or where):
        return _dropped(world, receipt, f"git has the tag, at {where[:12]}, where it was")
    answer = moved(world, launch, at, where, why, "tminus")
    return _dropped(world, receipt, answer.reason) if isinstance(answer, Refusal) else _done(world, receipt, launch)


def _tag_back(world: World, receipt: Receipt, launch: Launch) -> str:
    """Only git says for sure that a tag is there again: what tells of it may be an old event, delivered late."""
    at, where, why = looked_up(world, launch)
    if where is None:
        return _dropped(world, receipt, why or "git has no such tag")
    if not is_same(where, launch.release.commit or where):
        answer = moved(world, launch, at, where, why, "tminus")
        return _dropped(world, receipt, answer.reason) if isinstance(answer, Refusal) else _done(world, receipt, launch)
    for key in launch.unanswered:
        if launch.questions[key].cause == "tag-deleted":
            said = f"git has the tag again, at {where[:12]}, where it was"
            act(world, launch.id, Complete(by=TMINUS, via="tminus", item=key, comment=said))
    try_advance(world, launch.id)
    return _done(world, receipt, launch, "its tag is there again")


def _asked(world: World, receipt: Receipt, launch: Launch, cause: Cause, said: str) -> str:
    question = Question(by=TMINUS, via="webhook", cause=cause, told=said, commit=launch.release.commit)
    answer = act(world, launch.id, question)
    if isinstance(answer, Refusal):
        return _dropped(world, receipt, answer.reason)
    try_advance(world, launch.id)
    return _done(world, receipt, launch, said)


def _done(world: World, receipt: Receipt, launch: Launch, said: str = "its tag was moved") -> str:
    world.ledger.receipts.settle(receipt.release_key, "started", launch_id=launch.id)
    return f"{launch.id}: {said}"


def _dropped(world: World, receipt: Receipt, reason: str) -> str:
    world.ledger.receipts.settle(receipt.release_key, "ignored", reason=reason[:1_000])
    return f"{receipt.release_key}: {reason}"
