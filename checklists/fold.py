"""`fold`: what is true now, from what has happened. It only writes down; every rule was applied by `decide`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch

from checklists import entries as e
from checklists.changes import MOST, of_code
from checklists.fold_items import apply_item
from checklists.item import ItemState
from checklists.items import binding, quorum
from checklists.launch import Launch, LaunchRun
from checklists.questions import as_todo
from checklists.quorum import Rosters, spelled_out
from checklists.reminders import still_taken
from checklists.value import Value

UNSETTLED = frozenset({"changes-requested", "rejected", "waived"})
"""Where somebody looks again later, and wants to know what became different meanwhile."""


def fold(entries: Iterable[e.Entry], onto: Launch | None = None) -> Launch:
    """The launch these entries tell; `onto` is what earlier entries were folded to.

    Raises ValueError where the first entry does not start a launch, or one is skipped: the record is damaged.
    """
    launch = onto
    for entry in entries:
        expected = launch.seq + 1 if launch else 1
        if entry.seq != expected:
            raise ValueError(f"{entry.launch_id}: entry {expected} is missing, {entry.seq} follows; run tminus verify")
        launch = _begin(entry) if launch is None else _next(launch, entry)
    if launch is None:
        raise ValueError("a launch has at least one entry")
    return launch


def _begin(entry: e.Entry) -> Launch:
    if not isinstance(entry.data, e.Started):
        raise ValueError(f"{entry.launch_id}: the first entry says {entry.kind!r}, not 'started'; run tminus verify")
    data = entry.data
    begun = Launch(
        id=entry.launch_id,
        seq=entry.seq,
        release=data.release,
        checklist=data.checklist,
        folder=data.folder,
        started_at=entry.at,
        started_by=entry.actor,
        items={key: ItemState(key, data.checklist.items[key]) for key in data.order},
        launch_on=data.launch_on,
        dates=data.dates,
        difference=data.difference,
        behind=data.behind,
        replaces=data.replaces,
        rehearsal=data.rehearsal,
        updated_at=entry.at,
    )
    return _rostered(begun, data.rosters)


def _rostered(launch: Launch, rosters: Rosters) -> Launch:
    """The launch with its quorums spelled out for these people."""
    known = {**launch.rosters, **rosters}
    items = {k: replace(s, lines=spelled_out(quorum(s.item), known)) for k, s in launch.items.items()}
    return replace(launch, rosters=known, items=items)


def _next(launch: Launch, entry: e.Entry) -> Launch:
    changed = apply(entry.data, launch, entry)
    return replace(changed, seq=entry.seq, updated_at=entry.at)


@singledispatch
def apply(data: Value, launch: Launch, entry: e.Entry) -> Launch:
    """The launch after one more fact."""
    raise ValueError(f"{launch.id}: entry {entry.seq} cannot be read; it is of a newer tminus")


@apply.register
def _(data: e.OfItem, launch: Launch, entry: e.Entry) -> Launch:
    state = apply_item(data, launch.items[data.item], entry.actor, entry.at)
    return replace(launch, items={**launch.items, data.item: state})


@apply.register
def _(data: e.RunOpened, launch: Launch, entry: e.Entry) -> Launch:
    state = apply_item(data, launch.items[data.item], entry.actor, entry.at)
    # One that came too late has to be closed, and then the launch ends again.
    return replace(launch, items={**launch.items, data.item: state}, has_ended=False)


@apply.register
def _(data: e.FollowUpSettled, launch: Launch, entry: e.Entry) -> Launch:
    state = apply_item(data, launch.items[data.item], entry.actor, entry.at)
    # What is said once a launch is over has to be carried out, and then the launch ends again.
    return replace(launch, items={**launch.items, data.item: state}, has_ended=False)


@apply.register
def _(data: e.Content, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, contents={**launch.contents, data.item: data})


@apply.register
def _(data: e.Described, launch: Launch, entry: e.Entry) -> Launch:
    said = data.model_dump(by_alias=False, exclude={"kind"}, exclude_defaults=True)
    return replace(launch, release=launch.release.model_copy(update=said))


@apply.register
def _(data: e.Edited, launch: Launch, entry: e.Entry) -> Launch:
    release = launch.release.model_copy(update={"notes": data.notes})
    return replace(launch, release=release, edited_at=data.at or launch.edited_at)


@apply.register
def _(data: e.Questioned, launch: Launch, entry: e.Entry) -> Launch:
    todo, is_open = as_todo(data, launch), data.not_before is None
    state = ItemState(data.item, todo, status="open" if is_open else "waiting", opened_at=entry.at if is_open else None)
    asked = {**launch.questions, data.item: data}
    return replace(launch, items={**launch.items, data.item: state}, questions=asked)


@apply.register
def _(data: e.Attached, launch: Launch, entry: e.Entry) -> Launch:
    run = LaunchRun(data.run_id, data.table_id, data.progress_id)
    return replace(launch, run=run, runs=launch.runs + 1, has_ended=False)


@apply.register
def _(data: e.Detached, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, run=None)


@apply.register
def _(data: e.Rostered, launch: Launch, entry: e.Entry) -> Launch:
    return _rostered(launch, data.rosters)


@apply.register
def _(data: e.Compared, launch: Launch, entry: e.Entry) -> Launch:
    reaches = data.difference.is_known and data.difference.head == launch.release.commit
    return replace(launch, difference=data.difference, unread="" if reaches else launch.unread)


@apply.register
def _(data: e.Retagged, launch: Launch, entry: e.Entry) -> Launch:
    release = launch.release
    moved = release.model_copy(update={"commit": data.commit, "tag": data.tag or release.tag})
    past = (*launch.past_commits, release.commit) if release.commit else launch.past_commits
    wrote = frozenset(author.lower() for author in data.difference.authors)
    return replace(
        launch,
        release=moved,
        retagged=data.difference,
        past_commits=past,
        retag_authors=launch.retag_authors | wrote,
        unread=data.difference.why or launch.unread,
        items={key: _looked_at(state, data, launch) for key, state in launch.items.items()},
    )


def _looked_at(state: ItemState, data: e.Retagged, launch: Launch) -> ItemState:
    """The item beside a new commit: what does not touch it leaves it at the old one; an open question sees the new."""
    bound = binding(state.item)
    if bound.thing == "code" and state.opened_at:
        state = replace(state, commit=None if data.difference.touches(bound) else state.commit or launch.code)
    if state.status in UNSETTLED and data.commit != launch.release.commit:
        changes = of_code(launch.code, data.difference, data.commit)
        return replace(state, changes=(*changes, *state.changes)[:MOST])
    return state


@apply.register
def _(data: e.Proceeded, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, behind=())


@apply.register
def _(data: e.Held, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, held=data.reason)


@apply.register
def _(data: e.Resumed, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, held=None)


@apply.register
def _(data: e.Rescheduled, launch: Launch, entry: e.Entry) -> Launch:
    items = {k: replace(s, reminded=still_taken(s, data.dates, entry.at)) for k, s in launch.items.items()}
    return replace(launch, launch_on=data.launch_on, dates=data.dates, items=items)


@apply.register
def _(data: e.Launched, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, launched_at=entry.at)


@apply.register
def _(data: e.Closed, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, closed_at=entry.at)


@apply.register
def _(data: e.Abandoned, launch: Launch, entry: e.Entry) -> Launch:
    left = {k: s if s.has_ended else replace(s, status="skipped", ended_at=entry.at) for k, s in launch.items.items()}
    return replace(launch, abandoned=data.reason, ending=data.ending, successor=data.successor, items=left)


@apply.register
def _(data: e.Imported, launch: Launch, entry: e.Entry) -> Launch:
    items = {key: replace(state, status="skipped", ended_at=entry.at) for key, state in launch.items.items()}
    then = data.released_at
    return replace(launch, imported=True, launched_at=then, closed_at=then, items=items)


@apply.register
def _(data: e.Denied, launch: Launch, entry: e.Entry) -> Launch:
    return launch


@apply.register
def _(data: e.Ended, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, has_ended=True)
