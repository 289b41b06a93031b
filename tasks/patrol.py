"""The patrol's work: start what a lost event would have started, and bring ledger and board in line.

Whatever was done by hand in Prefect's UI signs nothing. A cancelled launch is abandoned; every other run of ours that
went away before its time is closed in the ledger with the reason, and `advance` opens the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from checklists import entries as e
from checklists import summary
from checklists.commands import TMINUS, Abandon, Report
from checklists.decide import Refusal
from checklists.due import due
from checklists.errors import InvalidFile, LaunchError
from checklists.launch import ItemState, Launch, Run
from checklists.request import ItemRun, LaunchRequest
from ledger.index import Head
from ledger.receipts import Receipt
from tasks.act import act
from tasks.advance import advance, record
from tasks.announcements.following import send_follow_ups
from tasks.answering import take_answer
from tasks.boards.board import Fate
from tasks.intake.following import FOLLOWED, follow
from tasks.intake.receiving import keep_again
from tasks.intake.trying_again import try_again
from tasks.notes.proposing import propose
from tasks.notes.taking_over import take_over
from tasks.notices.doubts import plan_doubts
from tasks.observing import take_in
from tasks.opening import open_launch
from tasks.proof import anchor
from tasks.rounds import JUST_NOW, run_ids, worth_reading
from tasks.sending.doubts import end_lapsed, settle_doubts
from tasks.sending.looking_up import look_up
from tasks.world import World
from templates.words import one_line

GRACE = timedelta(seconds=10)  # an event that started nothing after this long is lost
FRESH = timedelta(minutes=2)  # a flow run this young may still be on its way into the ledger
TRIES = 5
GIT_TIME = 20  # seconds in a round for repositories that could not be read before

BY_HAND = {
    "completed": "it was set to Completed by hand in Prefect, which signs nothing",
    "cancelled": "it was cancelled by hand in Prefect, which signs nothing",
    "failed": "its flow run failed or its worker died",
    "gone": "its flow run was deleted in Prefect",
}


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of the patrol found and did, one sentence each."""

    said: tuple[str, ...]


def patrol(world: World) -> Round:
    """One round over everything that is open. A launch that cannot be mended now does not stop the others."""
    said = [f"flow run {run_id}: its worker died; marked as crashed" for run_id in world.board.mark_lost()]
    said += _try(world, _tell_again, "what organisation or checklists kept from starting cannot be followed")
    said += [line for receipt in world.ledger.receipts.waiting(world.now() - GRACE) for line in _start(world, receipt)]
    said += [*_for_people(world), *_try(world, _anchor, "the anchor of today could not be made")]
    said += _go_round(world)  # before what is said again: whatever keeps that from leaving keeps nothing else waiting
    said += _try(world, send_follow_ups, "corrections and recalls cannot be sent")
    said += _try(world, _tell_of_doubts, "who runs launches cannot be told of what is in doubt")
    return Round(tuple(said))


def _go_round(world: World) -> Iterator[str]:
    """What there is to say of the launches, and of flow runs that belong to none."""
    now, heads = world.now(), world.ledger.index.open_heads()
    known = set(run_ids(heads))
    over = world.board.over(known)
    chosen = worth_reading(heads, over, now)
    found, unread = _read(world, chosen)
    more = {run_id for _, launch in found for run_id in summary.run_ids(launch)} - known
    over = {**over, **world.board.over(more)}
    until = monotonic() + GIT_TIME
    for head, launch in found:
        yield from _mended(world, head, launch, over, max(until - monotonic(), 0))
    yield from unread.values()
    if all(head.is_known for head in chosen if head.launch_id in unread):  # whose runs nobody knows may be theirs
        strays = world.board.close_strays(known | more, now - FRESH)
        yield from (f"flow run {run_id}: nobody waits for it; closed" for run_id in strays)
    # What the provider's log says; the next round closes the questions that it answers.
    yield from _try(world, look_up, "deliveries in doubt cannot be looked up")


def _mended(world: World, head: Head, launch: Launch, over: Mapping[str, Fate], patience: float) -> list[str]:
    """What there is to say of one launch; git may be asked about it for so many seconds."""
    try:
        taken: list[str] = []
        with suppress(InvalidFile):  # which is told once a round
            taken = take_over(world, launch)
            launch = (taken and world.launch(launch.id)) or launch
            taken += propose(world, launch)
            launch = (take_in(world, launch, patience) and world.launch(launch.id)) or launch
            launch = settle_doubts(world, launch)
        return [*taken, *_mend(world, head, launch, over)]
    except Exception as error:
        return [f"{launch.id}: {_told(error)}"]


def _try(world: World, work: Callable[[World], list[str]], else_: str) -> list[str]:
    """What there is to say of a part of the round; what goes wrong with one stops no other."""
    try:
        return work(world)
    except Exception as error:
        return [f"{else_}: {_told(error)}"]


def _tell_again(world: World) -> list[str]:
    return [*keep_again(world), *try_again(world)]


def _anchor(world: World) -> list[str]:
    """Once a day, and then the API's old answers go, too."""
    if anchor(world.ledger, world.settings, world.now()):
        world.ledger.answers.tidy(world.now())
    return []


def _tell_of_doubts(world: World) -> list[str]:
    end_lapsed(world)
    plan_doubts(world)
    return []


def _for_people(world: World) -> list[str]:
    """What only a person can put right: a broken organisation file, and releases that started nothing just now."""
    with suppress(InvalidFile):
        _ = world.organisation  # looks at the file
    since = world.now() - JUST_NOW
    ignored = [receipt for receipt in world.ledger.receipts.unclaimed() if receipt.received_at >= since]
    findings = [str(finding) for finding in world.organisation_file.findings]
    return [*findings, *(f"{receipt.release_key} started nothing: {receipt.reason}" for receipt in ignored)]


def _read(world: World, heads: Iterable[Head]) -> tuple[list[tuple[Head, Launch]], dict[str, str]]:
    """The launches that can be read, and by name what keeps the others from it."""
    found, unread = [], {}
    for head in heads:
        try:
            if launch := world.launch(head.launch_id):
                found.append((head, launch))
        except Exception as error:
            unread[head.launch_id] = f"{head.launch_id}: {_told(error)}"
    return found, unread


def _told(error: Exception) -> str:
    """What a person can act on; of what nobody foresaw, what it was."""
    return str(error) if isinstance(error, LaunchError) else one_line(f"{type(error).__name__}: {error}", 500)


def _start(world: World, receipt: Receipt) -> list[str]:
    """What a door has kept a receipt for and nobody has done yet."""
    try:
        if receipt.event in FOLLOWED:
            return [line for line in [follow(world, receipt.release_key)] if line]
        launch = open_launch(world, LaunchRequest.model_validate(receipt.payload), via="webhook")
        if isinstance(launch, Refusal):
            return [f"{receipt.release_key}: {launch.reason}"]
        advance(world, launch.id)
    except Exception as error:
        return [f"{receipt.release_key}: cannot start a launch: {_told(error)}"]
    return [f"{launch.id}: started from its receipt"]


def _mend(world: World, head: Head, launch: Launch, over: Mapping[str, Fate]) -> list[str]:
    said = _mend_launch(world, launch, over)
    for state in launch.items.values():
        if state.run and (why := BY_HAND.get(over.get(state.run.run_id, "waiting"))):
            said.append(_mend_item(world, launch, state, state.run, why))
    now = world.now()
    if said or due(launch, now):
        advance(world, launch.id)
    elif launch.updated_at and now - launch.updated_at < JUST_NOW:
        world.board.show(launch)
    else:
        world.ledger.index.keep_true(head, launch, now)
    return said


def _mend_launch(world: World, launch: Launch, over: Mapping[str, Fate]) -> list[str]:
    fate = over.get(launch.run.run_id, "waiting") if launch.run else "waiting"
    why = BY_HAND.get(fate)
    if launch.run is None or why is None or launch.is_over:
        return []
    if fate == "cancelled":
        reason = "its flow run was cancelled in Prefect"
        act(world, launch.id, Abandon(by=TMINUS, via="prefect", reason=reason, ending="cancelled"))
        return [f"{launch.id}: cancelled; {reason}"]
    record(world, launch, (e.Detached(run_id=launch.run.run_id, why=why),))
    return [f"{launch.id}: gets a new flow run; {why}"]


def _mend_item(world: World, launch: Launch, state: ItemState, run: Run, why: str) -> str:
    of = ItemRun(launch_id=launch.id, item=state.key, round=run.round, number=run.number, form=run.form)
    if run.form != "work" and why == BY_HAND["failed"] and world.board.answer(run.run_id, run.number) is not None:
        take_answer(world, of, run.run_id)
        return f"{launch.id}: {state.key}: took the answer that its dead flow run had left"
    if run.form == "work" and run.number >= TRIES * run.round:
        act(world, launch.id, _given_up(of, why))
        return f"{launch.id}: {state.key}: gave up after {run.number} runs"
    closed = e.RunClosed(item=state.key, round=run.round, number=run.number, why=why)
    record(world, launch, (closed,))
    return f"{launch.id}: {state.key}: opened again; {why}"


def _given_up(run: ItemRun, why: str) -> Report:
    said = f"{run.number} runs ended without a result: {why}"
    return Report(by=TMINUS, item=run.item, round=run.round, number=run.number, ok=False, summary=said)
