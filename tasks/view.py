"""A launch as others read it: the JSON of `tminus show`, whose shape is a promise (README)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checklists.entries import Difference, Entry, FollowedUp
from checklists.item import Exhibit, Signature
from checklists.items import binding
from checklists.launch import ItemState, Launch
from checklists.opening import earliest
from tasks.boards.prefect_address import ui_url
from tasks.world import World


def as_shown(world: World, launch: Launch) -> dict[str, Any]:
    """The promised JSON, with instants in the product's time zone."""
    return show(launch, world.organisation.calendar_of(launch.release.product).timezone)


def show(launch: Launch, timezone: str = "UTC") -> dict[str, Any]:
    """The whole launch; instants are ISO 8601 in the product's time zone."""
    return {
        "id": launch.id,
        "product": launch.release.product,
        "version": launch.release.version,
        "commit": launch.release.commit,
        "status": launch.status,
        "reason": launch.reason,
        "run_id": launch.run.run_id if launch.run else None,
        "run_url": run_url(launch.run.run_id if launch.run else None),
        "checklist": launch.checklist.checklist,
        "launch_on": launch.launch_on.isoformat() if launch.launch_on else None,
        "title": launch.release.title,
        "tag": launch.release.tag,
        "tier": launch.checklist.tier,
        "started_by": launch.started_by,
        "started_at": _local(launch.started_at, timezone),
        "launched_at": _local(launch.launched_at, timezone),
        "closed_at": _local(launch.closed_at, timezone),
        "behind": list(launch.behind),
        "successor": launch.successor,
        "rehearsal": launch.rehearsal,
        "imported": launch.imported,
        "difference": _difference(launch.difference),
        "retagged": _difference(launch.retagged),
        "questions": {key: {"cause": one.cause, "said": one.said} for key, one in launch.questions.items()},
        "items": {key: _item(launch, state, timezone) for key, state in launch.items.items()},
    }


def _item(launch: Launch, state: ItemState, timezone: str) -> dict[str, Any]:
    run_id = state.run.run_id if state.run else state.last_run
    return {
        "title": state.item.label,
        "kind": state.item.kind,
        "status": state.status,
        "round": state.round,
        "run_id": run_id,
        "run_url": run_url(run_id),
        "due": _local(launch.dates.due.get(state.key), timezone),
        "needs": list(state.item.waits_for),
        "blocked_by": list(launch.blocked_by(state.key)),
        "signatures": [_signature(state, signature, timezone) for signature in state.signatures],
        "missing": list(state.missing),
        "question": state.question,
        "summary": state.summary,
        "findings": list(state.findings),
        "evidence": {name: exhibit.url for name, exhibit in state.evidence.items()},
        **_more(launch, state, timezone),
    }


def _more(launch: Launch, state: ItemState, timezone: str) -> dict[str, Any]:
    """What 0.1.0 did not have yet."""
    return {
        "since": _local(state.opened_at, timezone),
        "because": state.because,
        "changes": list(state.changes),
        "earlier": [_signature(state, signature, timezone) for signature in state.earlier],
        "asked": list(state.asked),
        "bound_to": binding(state.item).model_dump(),
        "bound_content": launch.bound_content(state.key),
        "self_sign": state.allows_self_sign,
        "exhibits": {name: _exhibit(exhibit, timezone) for name, exhibit in state.evidence.items()},
        "review": {"url": state.review.url, "standing": state.review.standing} if state.review else None,
        "paused": state.stopped,
        "follow_ups": [_follow_up(state, said) for said in state.follow_ups],
        "waived_until": _local(state.waived_until, timezone),
        "not_before": _local(earliest(state, launch), timezone),
        "not_after": _local(launch.dates.not_after.get(state.key), timezone),
        "ended_by": state.ended_by,
        "ended_at": _local(state.ended_at, timezone),
    }


def _follow_up(state: ItemState, said: FollowedUp) -> dict[str, Any]:
    """A correction or a recall; what has not left of one that was replaced does not leave any more."""
    words = said.model_dump(include={"what", "note", "text"})
    return {"purpose": said.purpose, **words, "replaced": said.purpose in state.replaced}


def _signature(state: ItemState, signature: Signature, timezone: str) -> dict[str, Any]:
    absent = signature.instead_of
    return {
        "by": signature.by,
        "place": state.places.get(signature.by),
        "decision": signature.decision,
        "at": _local(signature.at, timezone),
        "via": signature.via,
        "name": signature.name,
        "comment": signature.comment,
        "proof": signature.proof,
        "self_signed": signature.self_signed,
        "instead_of": absent.email if absent else None,
        "through": list(absent.through) if absent else [],
    }


def _exhibit(exhibit: Exhibit, timezone: str) -> dict[str, Any]:
    piece = exhibit.piece
    said = {"url": piece.url, "sha256": piece.sha256, "size": piece.size, "problem": piece.problem}
    return {**said, "by": exhibit.by, "at": _local(exhibit.at, timezone)}


def _difference(found: Difference | None) -> dict[str, Any] | None:
    """Without the text of it, which may be long; `why` says why it is not known."""
    return found.model_dump(mode="json", by_alias=False, exclude={"text"}) if found else None


def _local(at: datetime | None, timezone: str) -> str | None:
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds") if at else None


def run_url(run_id: str | None) -> str | None:
    """Where the flow run is to be seen; None where there is none or no server is known."""
    return f"{ui}/runs/flow-run/{run_id}" if run_id and (ui := ui_url()) else None


def line(entry: Entry) -> dict[str, Any]:
    """One entry of the log."""
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(timespec="seconds"),
        "actor": entry.actor,
        **entry.data.model_dump(mode="json", by_alias=False, exclude_defaults=True, exclude={"checklist"}),
        "kind": entry.kind,
    }
