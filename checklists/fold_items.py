"""What one more fact makes of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import singledispatch
from typing import Any

from checklists import item_entries as e
from checklists.delivery_entries import Fate, FollowUpSettled, Settled
from checklists.follow_up import FollowedUp
from checklists.item import Exhibit, ItemState, Run, Signature, Verdict, Wording
from checklists.people import TMINUS
from checklists.review_entries import UnderReview

ASKED = frozenset({"asked", "rerun"})
"""Why an item is in another round: because somebody wants something to be done first."""
SETTLED: Mapping[Fate, str] = {
    "arrived": "it arrived",
    "again": "it is sent again",
    "known": "reports say of each by now what became of it",
}


@singledispatch
def apply_item(data: e.OfItem, state: ItemState, actor: str, at: datetime) -> ItemState:
    """The item after one more fact, written down by `actor` at that moment."""
    raise ValueError(f"an entry of {state.key} cannot be read; it is of a newer tminus")


def _answered(state: ItemState, number: int | None) -> dict[str, Any]:
    """The item without the flow run whose form this answer came through: an answered form ends by itself.

    Somebody may answer before it was written down that the form is open; its number is taken all the same.
    """
    run = None if state.run and state.run.number == number else state.run
    return {"run": run, "runs": max(state.runs, number or 0)}


@apply_item.register
def _(data: e.Opened, state: ItemState, actor: str, at: datetime) -> ItemState:
    asked = bool(state.opened_at and state.asked_by and not state.signatures) and state.because in ASKED
    again = asked and state.is_signed_by_people
    return replace(state, status="changes-requested" if again else "open", round=data.round, opened_at=at)


@apply_item.register
def _(data: e.Shut, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, status="waiting", notice="", last_shut=state.runs, asked_for=None)


@apply_item.register
def _(data: e.RunOpened, state: ItemState, actor: str, at: datetime) -> ItemState:
    status = "running" if state.is_automated and state.status == "open" else state.status
    run = Run(data.run_id, data.number, data.round, data.form)
    return replace(state, run=run, runs=data.number, last_run=data.run_id, status=status)


@apply_item.register
def _(data: e.RunClosed, state: ItemState, actor: str, at: datetime) -> ItemState:
    if data.number != state.number:
        return state
    status = "open" if state.status == "running" else state.status
    return replace(state, **_answered(state, data.number), status=status, notice=data.why, rests_until=data.until)


@apply_item.register
def _(data: e.AskAgain, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, ask_again=data.people)


@apply_item.register
def _(data: e.Asked, state: ItemState, actor: str, at: datetime) -> ItemState:
    asked = tuple(dict.fromkeys((*state.asked, *data.people)))
    notice = "" if state.is_locked else state.notice  # new codes unlock the form
    told = replace(state, asked=asked, asked_for=data.form, ask_again=None, mailing=data.mailing)
    return replace(told, wrong_codes=0, notice=notice)


@apply_item.register
def _(data: e.Reminded, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, reminded=state.reminded | {data.step})


@apply_item.register
def _(data: e.Signed, state: ItemState, actor: str, at: datetime) -> ItemState:
    signature = Signature(
        by=actor,
        name=data.name,
        roles=data.roles,
        decision=data.decision,
        at=at,
        via=data.via,
        comment=data.comment,
        instead_of=data.instead_of,
        proof=data.proof,
        self_signed=data.self_signed,
    )
    return replace(
        state,
        status="open",
        signatures=(*state.signatures, signature),
        evidence=_with(state, data.evidence, actor, at),
        notice="",
        **_answered(state, data.number),
    )


@apply_item.register
def _(data: e.EvidenceAdded, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, evidence=_with(state, data.evidence, actor, at))


def _with(state: ItemState, evidence: e.Evidence, actor: str, at: datetime) -> Mapping[str, Exhibit]:
    """The evidence with these pieces. A digest that is known is not lost where nobody could take it again."""
    there = state.evidence
    pinned = {
        name for name, one in evidence.items() if one.sha256 is None and name in there and there[name].url == one.url
    }
    return {**there, **{name: Exhibit(one, actor, at) for name, one in evidence.items() if name not in pinned}}


@apply_item.register
def _(data: e.Refused, state: ItemState, actor: str, at: datetime) -> ItemState:
    wrong = state.wrong_codes + data.wrong_code
    if data.number != state.number:
        return replace(state, wrong_codes=wrong)
    return replace(state, **_answered(state, data.number), notice=data.reason, wrong_codes=wrong)


@apply_item.register
def _(data: e.Passed, state: ItemState, actor: str, at: datetime) -> ItemState:
    return _ended(state, actor, at, data.number, status="passed", summary=data.summary, findings=(), waived_until=None)


@apply_item.register
def _(data: Settled, state: ItemState, actor: str, at: datetime) -> ItemState:
    said = SETTLED[data.fate] + (f": {data.comment}" if data.comment else "")
    return _ended(state, actor, at, data.number, status="passed", summary=said, fate=data.fate)


@apply_item.register
def _(data: e.Waived, state: ItemState, actor: str, at: datetime) -> ItemState:
    return _ended(state, actor, at, data.number, status="waived", summary=data.reason, waived_until=data.expires_at)


def _ended(state: ItemState, actor: str, at: datetime, number: int | None, **changes: Any) -> ItemState:
    return replace(state, ended_at=at, ended_by=actor, notice="", **changes, **_answered(state, number))


@apply_item.register
def _(data: e.Failed, state: ItemState, actor: str, at: datetime) -> ItemState:
    changes = {"summary": data.summary, "findings": data.findings, **_answered(state, data.number)}
    return replace(state, status="failed", notice="", **changes)


@apply_item.register
def _(data: e.Rejected, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, status="rejected", summary=data.summary, notice="")


def _to_confirm(state: ItemState, because: e.Because) -> tuple[Signature, ...]:
    """The approvals that are void now, also those of rounds before that nobody has given again."""
    if because == "rerun":
        return ()
    spoken = {s.by for s in state.signatures}
    return (
        *(s for s in state.earlier if s.by not in spoken),
        *(s for s in state.signatures if s.decision == "approve"),
    )


@apply_item.register
def _(data: e.Reopened, state: ItemState, actor: str, at: datetime) -> ItemState:
    asked = state.is_signed_by_people and data.because in ASKED
    unanswered = not data.question and not state.has_ended  # what somebody asked for is still to be looked at
    return replace(
        state,
        status="changes-requested" if asked else "open",
        round=data.round,
        signatures=(),
        earlier=_to_confirm(state, data.because),
        question=state.question if unanswered else data.question,
        asked_by=state.asked_by if unanswered else actor,
        because=data.because,
        changes=data.changes,
        commit=None,
        summary="",
        findings=(),
        asked=(),
        asked_for=None,
        ask_again=None,
        mailing=0,
        wrong_codes=0,
        reminded=frozenset(),
        waived_until=None,
        rests_until=None,
        opened_at=at,
        ended_at=None,
        ended_by=None,
        notice="",
        **_answered(state, data.number),
    )


@apply_item.register
def _(data: e.Worded, state: ItemState, actor: str, at: datetime) -> ItemState:
    written = Wording(data.words, data.seen, data.author or actor, at, data.file, data.where)
    people = {data.author or actor, *data.others} - {TMINUS.email}
    return replace(state, wordings={**state.wordings, data.audience: written}, writers=state.writers | people)


@apply_item.register
def _(data: e.Paused, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, muted=data.reason) if state.has_ended else replace(state, paused=data.reason)


@apply_item.register
def _(data: e.Unpaused, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, muted=None) if state.has_ended else replace(state, paused=None)


@apply_item.register
def _(data: FollowedUp, state: ItemState, actor: str, at: datetime) -> ItemState:
    takes_their_place = data.what == "recall" or bool(data.text) or state.muted is not None
    before = {one.purpose for one in state.follow_ups} if takes_their_place else set()
    return replace(state, follow_ups=(*state.follow_ups, data), replaced=state.replaced | before)


@apply_item.register
def _(data: FollowUpSettled, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, verdicts=(*state.verdicts, Verdict(data.purpose, data.fate, actor, at)))


@apply_item.register
def _(data: UnderReview, state: ItemState, actor: str, at: datetime) -> ItemState:
    return replace(state, review=data)
