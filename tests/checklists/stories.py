"""Any story of a launch: commands of anybody at any time, and steps that were carried out, or some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import strategies as st

from checklists.commands import (
    TMINUS,
    Abandon,
    Command,
    Complete,
    Hold,
    Report,
    Rerun,
    Reschedule,
    Resume,
    Sign,
    Waive,
)
from checklists.dates import Calendar
from checklists.due import Record, due
from checklists.entries import Decision, Entry, Piece, Via
from checklists.fold import fold
from checklists.items import quorum
from checklists.launch import Launch
from checklists.quorum import missing
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    CHECKLIST,
    DAN,
    EVE,
    EVERYBODY,
    FAY,
    NOW,
    carried_out,
    decided,
    report,
    sign,
    start,
    told,
    written,
)


@dataclass(frozen=True)
class Steps:
    """Look so many times what is due, and carry out the first so many steps of it."""

    count: int
    looks: int = 1


Move = Command | Steps

people = st.sampled_from((*EVERYBODY, TMINUS))
words = st.sampled_from(("because", "because", "", " \n", "x" * 2_001, "\ud800", "ünïcode \x00 ☃"))
texts = {"by": people, "via": st.sampled_from(get_args(Via))}
item = st.sampled_from((*CHECKLIST.items, "nothing"))
of = {
    **texts,
    "item": item,
    "round": st.sampled_from((None, None, 1, 1, 2)),
    "number": st.sampled_from((None, 1, 2, 3)),
}
days = st.sampled_from((date(2026, 11, 25), date(2026, 12, 24), date.min, date.max))
pieces = st.builds(Piece, url=st.sampled_from(("because", "", "x" * 2_001, "ünïcode \x00 ☃")))
evidence = st.dictionaries(st.sampled_from(("report", "\udfff")), pieces, max_size=1)

commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Sign, **of, decision=st.sampled_from(get_args(Decision)), comment=words, evidence=evidence),
    st.builds(Sign, by=people, item=item, decision=st.just("approve"), comment=words),
    st.builds(Complete, **of, comment=words),
    st.builds(Waive, **of, reason=words),
    st.builds(Rerun, **of, comment=words),
    st.builds(Report, **{**of, "by": st.just(TMINUS)}, ok=st.booleans(), summary=st.sampled_from(("", "x" * 3_000))),
    st.builds(Hold, **texts, reason=words),
    st.builds(Resume, **texts),
    st.builds(Reschedule, **texts, launch_on=days, calendar=st.just(Calendar())),
)
ends: st.SearchStrategy[Command] = st.builds(Abandon, by=st.sampled_from((EVE, TMINUS, ADA)), reason=words)
SIGNERS = ((ADA, "qa"), (BEN, "qa"), (CAT, "qa"), (DAN, "docs"), (FAY, "training"), (EVE, "go"))
PLAUSIBLE: tuple[Move, ...] = (
    *(sign(by, key) for by, key in SIGNERS * 2),
    *(sign(by, key, "request-changes") for by, key in SIGNERS[2:4]),
    *(sign(by, key, "reject") for by, key in SIGNERS[3:]),
    *(report(key, round_=round_) for key in ("links", "tell") for round_ in (1, 2)),
    *(report(key, ok=False, number=1) for key in ("links", "tell")),
    *(Rerun(by=EVE, item=key) for key in ("links", "docs", "tell")),
    *(Waive(by=EVE, item=key, reason="known good") for key in CHECKLIST.items),
    *(Complete(by=by, item=key) for by, key in ((DAN, "guide"), (EVE, "review"))),
    *(Hold(by=EVE, reason="frozen"), Resume(by=EVE), Resume(by=EVE)),
    *(Steps(1), Steps(2), *[Steps(9, looks=9)] * 20),
)
plausible: st.SearchStrategy[Move] = st.sampled_from(PLAUSIBLE)
moves: st.SearchStrategy[Move] = st.integers(0, 9).flatmap(lambda dice: plausible if dice else commands)
eventful = st.one_of(st.lists(moves, max_size=10), st.lists(moves, min_size=30, max_size=70))
stories = st.tuples(eventful, st.lists(st.one_of(ends, moves), max_size=1), st.lists(moves, max_size=5)).map(
    lambda parts: [*parts[0], *parts[1], *parts[2]]
)
LATE = datetime(2027, 2, 1, tzinfo=UTC)


def moved(launch: Launch, move: Move, now: datetime) -> tuple[Entry, ...]:
    """What a move adds to the record."""
    if isinstance(move, Command):
        return decided(launch, move, now)
    added: tuple[Entry, ...] = ()
    for _ in range(move.looks):
        steps = due(launch, now)
        facts_only = all(isinstance(step, Record) for step in steps)
        fresh = written(launch, steps if facts_only else steps[: move.count], now)
        launch = fold(fresh, onto=launch)
        added += fresh
    return added


def entries_of(story: Sequence[Move]) -> tuple[Entry, ...]:
    """The record that a story leaves behind, a day a move."""
    entries = decided(None, start())
    launch = fold(entries)
    for day, move in enumerate(story):
        added = moved(launch, move, NOW + timedelta(days=day))
        launch = fold(added, onto=launch) if added else launch
        entries += added
    return entries


def brought_to_its_end(launch: Launch) -> Launch:
    """The launch after a launch manager has waived whatever was left."""
    left = [state.key for state in launch.items.values() if not state.has_ended]
    resumed = [Resume(by=EVE)] if launch.held is not None and left else []
    waived = [Waive(by=EVE, item=key, reason="known good") for key in left]
    return told(carried_out(launch, LATE), *resumed, *waived, now=LATE)


def assert_valid(launch: Launch) -> None:
    """What is true of every launch there can be."""
    assert sorted(launch.items) == sorted(launch.checklist.items)
    assert launch.abandoned is None or launch.closed_at is None
    assert launch.closed_at is None or all(state.has_ended for state in launch.items.values())
    assert not launch.is_over or all(state.has_ended for state in launch.items.values())
    for state in launch.items.values():
        assert state.has_ended == (state.ended_at is not None)
        assert state.status in {"waiting", "waived", "skipped"} or not launch.blocked_by(state.key)
        assert state.status != "waiting" or not (state.signatures or state.run)
        assert state.run is None or state.run.number <= state.runs
        if state.status == "passed" and state.is_signed_by_people:
            assert not missing(quorum(state.item), state.approvals)
        assert len({s.by for s in state.signatures}) == len(state.signatures)
