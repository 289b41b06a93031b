"""A release tag that was moved: first a receipt of its own for each commit, so that nothing is lost, then the launch.

The receipt is kept before the door answers; git is asked afterwards, by whoever answered or by the patrol. Events may
come late, or in another order than they happened: where git says that the tag is elsewhere by now, that is looked at
once more. A commit that the launch has left may be told of by an old event, or because the tag is back there: git knows
which, and without git people are asked, where the event itself tells of a move.
"""

from __future__ import annotations

from datetime import timedelta

from checklists.commands import TMINUS, Question
from checklists.decide import Refusal, launch_id
from checklists.entries import Difference, Via
from checklists.launch import Launch
from checklists.request import LaunchRequest
from ledger.receipts import Receipt
from tasks.act import act
from tasks.advance import try_advance
from tasks.changes.git import GitFailed
from tasks.changes.mirror import Mirror
from tasks.changes.releases import away
from tasks.changes.retagging import NO_GIT, Move, between, mirror_of, tag_of
from tasks.world import World

MOVED = "moved"
BACK, AGAIN = "moved-back", "told-again"
"""Of a commit that the launch has left: by what tells of a move, or by what may be any event, delivered late."""
MOVES = frozenset({MOVED, BACK, AGAIN})
PATIENCE = 20  # seconds for git
AWAY = timedelta(hours=1)  # after so long without git people are asked
SETTLED = timedelta(minutes=2)  # after so long a host says the same of a tag to everybody
SHORTEST = 7  # characters of a commit's hash that tell it from others


def keep_move(world: World, told: LaunchRequest, source: str, delivery: str, *, is_move: bool = False) -> str | None:
    """The key of a fresh receipt where this release is another commit than was known; None where that is no news.

    `is_move`: what was told says that the tag was somewhere else before."""
    if told.receipt is None or told.commit is None:
        return None
    event = _news_of(world, told, told.commit, is_move)
    if event is None:
        return None
    launch = _launch(world, told)
    left = len(launch.past_commits) if launch and event != MOVED else 0
    key = f"{told.receipt}@{told.commit}" + (f"!{left}" if left else "")
    receipt = Receipt(
        release_key=key,
        source=source,
        delivery_id=delivery,
        event=event,
        payload=told.model_dump(mode="json"),
        received_at=world.now(),
    )
    return key if world.ledger.receipts.keep(receipt) else None


def _news_of(world: World, told: LaunchRequest, commit: str, is_move: bool) -> str | None:
    launch = _launch(world, told)
    if launch is not None:
        known = launch.release.commit
        if known is None or is_same(known, commit):
            return None
        if commit not in launch.past_commits:
            return MOVED
        product = world.organisation.products.get(launch.release.product)
        return BACK if is_move else AGAIN if product and product.git else None
    first = world.ledger.receipts.find(told.receipt or "")
    before = first.payload.get("commit") if first else None
    return MOVED if isinstance(before, str) and not is_same(before, commit) else None


def _launch(world: World, told: LaunchRequest) -> Launch | None:
    launch = world.launch(launch_id(told.product, told.version))
    return launch if launch and launch.release.product == told.product else None


def is_same(one: str, other: str) -> bool:
    """Whether two hashes, of which one may be written short, are of one commit."""
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST and long.startswith(short)


def follow(world: World, key: str) -> str:
    """Let the launch be the commit this receipt tells of; until that is done the receipt stays new. Says what came."""
    receipt = world.ledger.receipts.find(key)
    if receipt is None or receipt.state != "new":
        return ""
    told = LaunchRequest.model_validate(receipt.payload)
    launch = _launch(world, told)
    if launch is None:
        return _without_launch(world, receipt, told)
    return (_followed if receipt.event == MOVED else _returned)(world, receipt, launch, told)


def _without_launch(world: World, receipt: Receipt, told: LaunchRequest) -> str:
    """Its launch has still to begin, at the commit that was told first; or none begins at all."""
    first = world.ledger.receipts.find(told.receipt or "")
    if first is not None and first.state == "new":
        return ""
    return _dropped(world, receipt, "the release it belongs to has no launch")


def _followed(world: World, receipt: Receipt, launch: Launch, told: LaunchRequest) -> str:
    at, where, why = looked_up(world, launch)
    commit = told.commit or ""
    if not is_same(launch.release.commit or "", commit) and commit not in launch.past_commits:
        now = moved(world, launch, at, commit, why, "webhook")
        if isinstance(now, Refusal):
            return _refused(world, receipt, launch, commit, now)
        launch = now
    if where is None or is_same(where, launch.release.commit or ""):
        return _done(world, receipt, launch)
    if world.now() - receipt.received_at < SETTLED:
        return f"{launch.id}: git has its tag at {where[:12]}, and is asked once more"
    now = moved(world, launch, at, where, why, "tminus")
    return _dropped(world, receipt, now.reason) if isinstance(now, Refusal) else _done(world, receipt, now)


def _returned(world: World, receipt: Receipt, launch: Launch, told: LaunchRequest) -> str:
    """What tells of a commit that the launch has left: git says whether the tag is there again."""
    at, where, why = looked_up(world, launch)
    age, commit = world.now() - receipt.received_at, (told.commit or "")[:12]
    if where is None and why and (why == NO_GIT or age >= AWAY):
        said = f"The tag is said to be at {commit} again, which {launch.name} has left for {launch.code[:12]}; {why}."
        is_asked = receipt.event == BACK and _asks(world, launch, said, told.commit)
        return _settled(world, receipt, launch, said) if is_asked else _dropped(world, receipt, why)
    if age < SETTLED or (where is None and why):
        return f"{launch.id}: its tag is said to be at {commit} again; git is asked once more"
    if where is None or is_same(where, launch.release.commit or ""):
        there = f"git has the tag at {where[:12]}, where the launch is" if where else "git has no such tag"
        return _dropped(world, receipt, f"{there}: that it is at {commit} is not so, or not any more")
    now = moved(world, launch, at, where, why, "tminus")
    return _refused(world, receipt, launch, where, now) if isinstance(now, Refusal) else _done(world, receipt, now)


def _asks(world: World, launch: Launch, said: str, commit: str | None) -> bool:
    question = Question(by=TMINUS, via="webhook", cause="tag-moved", told=said, commit=commit)
    if isinstance(act(world, launch.id, question), Refusal):
        return False
    try_advance(world, launch.id)
    return True


def _refused(world: World, receipt: Receipt, launch: Launch, commit: str, why: Refusal) -> str:
    """A launch that is out stays what it was; that its tag is elsewhere is for people to judge."""
    said = f"The tag was moved to {commit[:12]}, and {launch.name} is out with {launch.code[:12]}."
    if not launch.is_out or not _asks(world, launch, said, commit):
        return _dropped(world, receipt, why.reason)
    return _settled(world, receipt, launch, said)


def looked_up(world: World, launch: Launch) -> tuple[Mirror | None, str | None, str]:
    """The repository, where its tag is now, and why nobody can say so."""
    at = mirror_of(world, launch, PATIENCE)
    if at is None:
        return None, None, NO_GIT
    try:
        at.fetch()
        return at, at.commit_of(tag_of(world, launch)), ""
    except (GitFailed, OSError) as error:
        return None, None, away(at, error)


def moved(world: World, launch: Launch, at: Mirror | None, commit: str, why: str, via: Via) -> Launch | Refusal:
    old = launch.release.commit
    difference = between(at, old, commit) if at else Difference(base=old, head=commit, why=why)
    answer = act(world, launch.id, Move(commit, None, difference).command(TMINUS, via))
    return answer if isinstance(answer, Refusal) else try_advance(world, launch.id)[0]


def _done(world: World, receipt: Receipt, launch: Launch) -> str:
    return _settled(world, receipt, launch, f"is {launch.code[:12]} now; its tag was moved")


def _settled(world: World, receipt: Receipt, launch: Launch, said: str) -> str:
    world.ledger.receipts.settle(receipt.release_key, "started", launch_id=launch.id)
    return f"{launch.id}: {said}"


def _dropped(world: World, receipt: Receipt, reason: str) -> str:
    world.ledger.receipts.settle(receipt.release_key, "ignored", reason=reason)
    return f"{receipt.release_key}: {reason}"
