"""`advance`: the one verb that moves a launch. Read, see what is due, do it, write it down, until nothing is due.

It may run anywhere, any number of times, at once: outside effects carry keys, and what was written down already
is not written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checklists import entries as e
from checklists.due import CloseRun, EndRun, OpenRun, Record, StartRun, Step, due
from checklists.errors import LaunchError, Unreachable
from checklists.fold import fold
from checklists.launch import Launch
from checklists.reminders import Notice
from checklists.request import ItemRun
from ledger.store import Conflict
from tasks.audiences.settling import settle_approved
from tasks.boards.report_text import report
from tasks.notices.planning import plan_notices
from tasks.sending.doubts import settle_doubts
from tasks.superseding import followers, go_on, replace_older
from tasks.world import World

ROUNDS = 500


class NoSuchLaunch(LaunchError):
    """A launch was named that nobody started."""


def advance(world: World, launch_id: str) -> Launch:
    """The launch after everything due was done. Raises Unreachable where Prefect is away: nothing is lost by that."""
    before = _read(world, launch_id)
    for older in replace_older(world, before):
        advance(world, older)
    launch = _carried_out(world, go_on(world, settle_doubts(world, before)))
    settle_approved(world, launch)
    if not _is_only_told(before, launch):
        world.board.show(launch)
    for follower in followers(world, before, launch):
        advance(world, follower)
    return launch


def _is_only_told(before: Launch, launch: Launch) -> bool:
    """Whether people were reminded and nothing else happened: the board shows none of that."""
    reminded = {key: replace(state, reminded=launch.items[key].reminded) for key, state in before.items.items()}
    told = replace(before, seq=launch.seq, updated_at=launch.updated_at, items=reminded)
    return before.seq < launch.seq and told == launch


def _carried_out(world: World, launch: Launch) -> Launch:
    for _ in range(ROUNDS):
        steps = due(launch, world.now())
        if not steps:
            break
        launch = _take(world, launch, steps)
    return launch


def catch_up(world: World, run: ItemRun) -> None:
    """A flow run can start before it was written down that it was opened: then the ledger is told first."""
    launch = _read(world, run.launch_id)
    if run.item in launch.items and launch.items[run.item].runs < run.number:
        advance(world, run.launch_id)


def try_advance(world: World, launch_id: str) -> tuple[Launch, str]:
    """Like `advance`; where Prefect is away, the launch as recorded and a sentence for the person who asked."""
    try:
        return advance(world, launch_id), ""
    except Unreachable as error:
        return _read(world, launch_id), f"recorded; it will be carried out when Prefect is back ({error})"


def _read(world: World, launch_id: str) -> Launch:
    launch = world.launch(launch_id)
    if launch is None:
        raise NoSuchLaunch(f"{launch_id}: no such launch; `tminus list` shows the launches there are")
    return launch


def _take(world: World, launch: Launch, steps: Sequence[Step]) -> Launch:
    """The launch after these steps. Where one of them breaks, those before it are written down."""
    if all(isinstance(step, Record) for step in steps):
        return _write(world, launch, tuple(step.data for step in steps if isinstance(step, Record)))
    facts = [*plan_notices(world, launch, [step for step in steps if isinstance(step, Notice)])]
    try:
        for step in steps:
            if not isinstance(step, Notice):
                facts.append(_perform(world, launch, step))
    finally:
        launch = record(world, launch, facts)
    return launch


def _perform(world: World, launch: Launch, step: Step) -> e.Data:
    match step:
        case StartRun():
            run = world.board.start_run(launch)
            return e.Attached(run_id=run.run_id, table_id=run.table_id, progress_id=run.progress_id)
        case OpenRun():
            run_id = world.board.open_run(launch, step)
            return e.RunOpened(item=step.item, round=step.round, number=step.number, form=step.form, run_id=run_id)
        case CloseRun():
            world.board.close_run(launch, step)
            return e.RunClosed(item=step.item, round=step.round, number=step.run.number, why=step.why[:2_000])
        case EndRun():
            settle_doubts(world, launch)
            world.board.report(launch, report(launch, world.ledger.deliveries.announced(launch.id)))
            world.board.end_run(launch)
            return e.Ended()
    raise TypeError(f"{type(step).__name__} is a fact to be written down, not a step to be taken")


def record(world: World, launch: Launch, facts: Sequence[e.Data]) -> Launch:
    """The launch with these outside facts written down; those that stand there already are left out."""
    while True:
        missing = tuple(fact for fact in facts if not _stands(fact, launch))
        try:
            return _append(world, launch, missing)
        except Conflict:
            launch = _read(world, launch.id)
            facts = [fact for fact in facts if not isinstance(fact, e.Ended)]  # who wrote may have left more to do


def _write(world: World, launch: Launch, facts: Sequence[e.Data]) -> Launch:
    """Facts that follow from the launch as it was read; where it has moved on, they are derived again."""
    try:
        return _append(world, launch, facts)
    except Conflict:
        return _read(world, launch.id)


def _append(world: World, launch: Launch, facts: Sequence[e.Data]) -> Launch:
    if not facts:
        return launch
    now = world.now()
    entries = tuple(
        e.Entry(launch_id=launch.id, seq=launch.seq + place, at=now, actor="tminus", data=fact)
        for place, fact in enumerate(facts, start=1)
    )
    after = fold(entries, onto=launch)
    world.ledger.append(launch.id, entries, launch.seq, after)
    return after


def _stands(fact: e.Data, launch: Launch) -> bool:
    """Whether the ledger says this of an outside effect already."""
    match fact:
        case e.Attached():
            return launch.run is not None
        case e.Detached():
            return launch.run is None or launch.run.run_id != fact.run_id
        case e.RunOpened():
            return launch.items[fact.item].runs >= fact.number
        case e.RunClosed():
            run = launch.items[fact.item].run
            return run is None or run.number != fact.number
        case e.Asked():
            return launch.items[fact.item].round != fact.round or launch.items[fact.item].mailing >= fact.mailing
        case e.Reminded():
            return launch.items[fact.item].round != fact.round or fact.step in launch.items[fact.item].reminded
        case e.Ended():
            return launch.has_ended
    return False
