"""What the board calls things: names, tags, keys and parameters of flow runs, and how they end."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from checklists.due import CloseRun, OpenRun
from checklists.entries import Form
from checklists.items import quorum
from checklists.launch import ItemState, Launch
from checklists.request import LaunchRequest

PLAIN = re.compile(r"[a-z]+(-[a-z]+)*-\d+(\.\d+)*")


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


def end_of(launch: Launch, step: CloseRun) -> str:
    """What a form's flow run is called that was ended without an answer: how its item went on without it."""
    state = launch.items[step.item]
    if launch.abandoned is not None:
        return last_word(launch)[0]
    if state.round > step.run.round:
        return "Reopened"
    if state.status == "passed":
        return "Approved" if state.is_signed_by_people else "Done"
    return {"waived": "Waived", "rejected": "Rejected"}.get(state.status, "Superseded")


def progress(launch: Launch) -> float:
    """Ended items in percent of all."""
    ended = sum(state.has_ended for state in launch.items.values())
    return round(100 * ended / len(launch.items), 1)
