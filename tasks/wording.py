"""What the board says of a launch: names, tags, tables, and the values its templates are filled with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from checklists.due import OpenRun
from checklists.entries import Form
from checklists.items import Gate, Training, quorum
from checklists.launch import ItemState, Launch
from checklists.request import LaunchRequest
from ledger.deliveries import Delivery
from templates.render import render_markdown
from templates.words import cell, md

PLAIN = re.compile(r"[a-z]+(-[a-z]+)*-\d+(\.\d+)*")
SIGNS = {"waiting": "○", "open": "●", "running": "◐", "changes-requested": "↺", "passed": "✓", "waived": "~"}


def slug(text: str) -> str:
    """An artifact key: lower case letters, digits and dashes.

    What does not read like `acme-2.4.0` gets a mark of its own: `acme-2` may have a 4.0, and `+` looks like `-` here.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return plain if PLAIN.fullmatch(text) else f"{plain}-{sha256(text.encode()).hexdigest()[:6]}"


def launch_tags(launch: Launch) -> list[str]:
    return ["tminus", "launch", f"product:{launch.release.product}", f"tier:{launch.checklist.tier}"]


def item_tags(launch: Launch, state: ItemState, form: Form) -> list[str]:
    """Tags that make "my team's open gates" one filter."""
    what = "gate" if form == "sign" else form
    teams = dict.fromkeys(
        (*(role for line in quorum(state.item) for role in line.roles), *filter(None, [state.item.owner]))
    )
    base = ["tminus", what, f"product:{launch.release.product}", f"launch:{launch.id}", f"item:{state.key}"]
    return [*base, *(f"team:{team}" for team in teams)]


def run_name(launch: Launch, state: ItemState, step: OpenRun) -> str:
    """`acme 2.4.0 · QA sign-off`, and the round where it is not the first."""
    again = f" · round {step.round}" if step.round > 1 else ""
    failed = " · failed, what now?" if step.form == "rescue" else ""
    return f"{launch.name} · {state.item.label}{again}{failed}"


def request(launch: Launch) -> dict[str, Any]:
    release = launch.release
    asked = LaunchRequest(
        product=release.product,
        version=release.version,
        checklist=launch.checklist.checklist,
        tag=release.tag,
        commit=release.commit,
        repository=release.repository,
        launch_on=launch.launch_on,
        requested_by=launch.started_by,
    )
    return asked.model_dump(mode="json", exclude_none=True)


def parameters(launch: Launch, step: OpenRun) -> dict[str, Any]:
    return {
        "launch_id": launch.id,
        "item": step.item,
        "round": step.round,
        "number": step.number,
        "form": step.form,
    }


def last_word(launch: Launch) -> tuple[str, str]:
    """How the flow run of a launch that came to nothing is to be called, and its message."""
    by = f" by {launch.successor}" if launch.successor else ""
    return launch.status.capitalize(), f"{launch.status}{by}: {launch.abandoned}"


def progress(launch: Launch) -> float:
    """Ended items in percent of all."""
    ended = sum(state.has_ended for state in launch.items.values())
    return round(100 * ended / len(launch.items), 1)


def table(launch: Launch) -> list[dict[str, str]]:
    """The checklist as people read it, one row an item."""
    return [_row(launch, state) for state in launch.items.values()]


def _row(launch: Launch, state: ItemState) -> dict[str, str]:
    due = launch.dates.due.get(state.key)
    row = {
        " ": SIGNS.get(state.status, "✗"),
        "item": state.item.label,
        "status": state.status,
        "waits for": ", ".join(launch.blocked_by(state.key) if state.status == "waiting" else state.missing),
        "signed by": ", ".join(s.name for s in state.signatures if s.decision == "approve"),
        "since": f"{state.opened_at:%Y-%m-%d %H:%M}" if state.opened_at else "",
        "due": f"{due:%Y-%m-%d %H:%M} UTC" if due else "",
        "round": str(state.round),
        "kind": state.item.kind,
        "said": state.summary or state.question,
    }
    return {column: cell(text) for column, text in row.items()}


def description(launch: Launch, state: ItemState, form: Form) -> str:
    """What stands on top of the form: what is asked and why, who has signed and who is missing."""
    return render_markdown("gate", "form.md", form_values(launch, state, form))


def form_values(launch: Launch, state: ItemState, form: Form) -> dict[str, object]:
    item = state.item
    return {
        "title": item.label if form != "rescue" else f"{item.label} failed: {state.summary}",
        "product": launch.release.title,
        "version": launch.release.version,
        "round": state.round,
        "due": launch.dates.due.get(state.key),
        "refused": state.notice,
        "asked": {"text": state.question, "by": state.asked_by} if state.question else None,
        "about": _about(state, form),
        "quorum": [str(line) for line in state.lines],
        "signed": [
            {"by": s.name, "place": state.places.get(s.by, ""), "at": s.at}
            for s in state.signatures
            if s.decision == "approve"
        ],
        "missing": list(state.missing),
        "evidence": [
            {"name": n, "url": state.evidence[n].url if n in state.evidence else ""} for n in _evidence(state)
        ],
        "materials": list(item.training.materials) if isinstance(item, Training) else [],
    }


def _evidence(state: ItemState) -> list[str]:
    asked = state.item.evidence if isinstance(state.item, Gate) else ()
    return list(dict.fromkeys((*asked, *state.evidence)))


def _about(state: ItemState, form: Form) -> str:
    if form != "rescue":
        return state.item.about or ""
    remedy = "It can be run again, or waived with a reason by a launch manager."
    return "\n".join([remedy, "", *(f"- {md(finding)}" for finding in state.findings)])


def report(launch: Launch, deliveries: Sequence[Delivery]) -> str:
    """The report a launch leaves behind, in markdown."""
    told = Counter((d.item, d.channel, d.state) for d in deliveries)
    return render_markdown(
        "report",
        "report.md",
        {
            "product": launch.release.title,
            "version": launch.release.version,
            "status": launch.status,
            "checklist": launch.checklist.title or launch.checklist.checklist,
            "started": launch.started_at,
            "ended": launch.closed_at or launch.updated_at,
            "items": [_reported(state) for state in launch.items.values()],
            "deliveries": [
                {"announcement": launch.items[item].item.label, "channel": channel, "state": state, "count": count}
                for (item, channel, state), count in sorted(told.items())
            ],
        },
    )


def _reported(state: ItemState) -> dict[str, object]:
    signed = [s.name for s in state.signatures if s.decision == "approve"] or [n for n in [state.ended_by] if n]
    return {
        "title": state.item.label,
        "status": state.status,
        "rounds": state.round,
        "signed": signed,
        "ended": state.ended_at,
    }
