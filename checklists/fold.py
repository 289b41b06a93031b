"""`fold`: what is true now, from what has happened. It only writes down; every rule was applied by `decide`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch
from typing import Any

from checklists import entries as e
from checklists.launch import ItemState, Launch, LaunchRun, Run, Signature


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
    items = {key: ItemState(key, data.checklist.items[key]) for key in data.order}
    return Launch(
        id=entry.launch_id,
        seq=entry.seq,
        release=data.release,
        checklist=data.checklist,
        folder=data.folder,
        started_at=entry.at,
        started_by=entry.actor,
        items=items,
        launch_on=data.launch_on,
        dates=data.dates,
        updated_at=entry.at,
    )


def _next(launch: Launch, entry: e.Entry) -> Launch:
    changed = apply(entry.data, launch, entry)
    return replace(changed, seq=entry.seq, updated_at=entry.at)


@singledispatch
def apply(data: e.Data, launch: Launch, entry: e.Entry) -> Launch:
    """The launch after one more fact."""
    raise ValueError(f"{launch.id}: entry {entry.seq} cannot be read; it is of a newer tminus")


def _with(launch: Launch, key: str, **changes: Any) -> Launch:
    return replace(launch, items={**launch.items, key: replace(launch.items[key], **changes)})


def _answered(state: ItemState, number: int | None) -> dict[str, Any]:
    """The item without the flow run whose form this answer came through: an answered form ends by itself.

    Somebody may answer before it was written down that the form is open; its number is taken all the same.
    """
    run = None if state.run and state.run.number == number else state.run
    return {"run": run, "runs": max(state.runs, number or 0)}


@apply.register
def _(data: e.Described, launch: Launch, entry: e.Entry) -> Launch:
    said = data.model_dump(by_alias=False, exclude={"kind"}, exclude_defaults=True)
    return replace(launch, release=launch.release.model_copy(update=said))


@apply.register
def _(data: e.Attached, launch: Launch, entry: e.Entry) -> Launch:
    run = LaunchRun(data.run_id, data.table_id, data.progress_id)
    return replace(launch, run=run, runs=launch.runs + 1, has_ended=False)


@apply.register
def _(data: e.Detached, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, run=None)


@apply.register
def _(data: e.Opened, launch: Launch, entry: e.Entry) -> Launch:
    return _with(launch, data.item, status="open", round=data.round, opened_at=entry.at)


@apply.register
def _(data: e.RunOpened, launch: Launch, entry: e.Entry) -> Launch:
    state = launch.items[data.item]
    status = "running" if state.is_automated and state.status == "open" else state.status
    run = Run(data.run_id, data.number, data.round, data.form)
    opened = _with(launch, data.item, run=run, runs=data.number, last_run=data.run_id, status=status)
    return replace(opened, has_ended=False)  # one that came too late has to be closed, and then the launch ends again


@apply.register
def _(data: e.RunClosed, launch: Launch, entry: e.Entry) -> Launch:
    state = launch.items[data.item]
    if data.number != state.number:
        return launch
    status = "open" if state.status == "running" else state.status
    return _with(launch, data.item, **_answered(state, data.number), status=status, notice=data.why)


@apply.register
def _(data: e.Signed, launch: Launch, entry: e.Entry) -> Launch:
    state = launch.items[data.item]
    signature = Signature(entry.actor, data.name, data.roles, data.decision, entry.at, data.via, data.comment)
    return _with(
        launch,
        data.item,
        status="open",
        signatures=(*state.signatures, signature),
        evidence={**state.evidence, **data.evidence},
        notice="",
        **_answered(state, data.number),
    )


@apply.register
def _(data: e.Refused, launch: Launch, entry: e.Entry) -> Launch:
    state = launch.items[data.item]
    if data.number != state.number:
        return launch
    return _with(launch, data.item, **_answered(state, data.number), notice=data.reason)


@apply.register
def _(data: e.Passed, launch: Launch, entry: e.Entry) -> Launch:
    return _ended(launch, entry, data, status="passed", summary=data.summary, findings=())


@apply.register
def _(data: e.Waived, launch: Launch, entry: e.Entry) -> Launch:
    return _ended(launch, entry, data, status="waived", summary=data.reason)


def _ended(launch: Launch, entry: e.Entry, data: e.Passed | e.Waived, **changes: Any) -> Launch:
    changes |= _answered(launch.items[data.item], data.number)
    return _with(launch, data.item, ended_at=entry.at, ended_by=entry.actor, notice="", **changes)


@apply.register
def _(data: e.Failed, launch: Launch, entry: e.Entry) -> Launch:
    changes = {"summary": data.summary, "findings": data.findings, **_answered(launch.items[data.item], data.number)}
    return _with(launch, data.item, status="failed", notice="", **changes)


@apply.register
def _(data: e.Reopened, launch: Launch, entry: e.Entry) -> Launch:
    state = launch.items[data.item]
    return _with(
        launch,
        data.item,
        status="changes-requested" if state.is_signed_by_people else "open",
        round=data.round,
        signatures=(),
        question=data.question,
        asked_by=entry.actor,
        summary="",
        findings=(),
        opened_at=entry.at,
        ended_at=None,
        ended_by=None,
        notice="",
        **_answered(state, data.number),
    )


@apply.register
def _(data: e.Held, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, held=data.reason)


@apply.register
def _(data: e.Resumed, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, held=None)


@apply.register
def _(data: e.Rescheduled, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, launch_on=data.launch_on, dates=data.dates)


@apply.register
def _(data: e.Launched, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, launched_at=entry.at)


@apply.register
def _(data: e.Closed, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, closed_at=entry.at)


@apply.register
def _(data: e.Abandoned, launch: Launch, entry: e.Entry) -> Launch:
    left = {k: s if s.has_ended else replace(s, status="skipped", ended_at=entry.at) for k, s in launch.items.items()}
    return replace(launch, abandoned=data.reason, items=left)


@apply.register
def _(data: e.Ended, launch: Launch, entry: e.Entry) -> Launch:
    return replace(launch, has_ended=True)
