"""What stands on top of a form in Prefect: what is asked and why, who has signed, who is missing, what is different."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.entries import Form
from checklists.item import Exhibit, Signature
from checklists.items import Gate, Training, binding
from checklists.launch import ItemState, Launch
from tasks.boards.around import Around, Waiting, waited_for
from templates.rehearsal import REHEARSED
from templates.render import render_markdown
from templates.words import md

NAMED = 5
SHORT = 12
PLAIN = Around()


def description(launch: Launch, state: ItemState, form: Form, around: Around = PLAIN) -> str:
    """The form's description, in markdown."""
    return render_markdown("gate", "form.md", form_values(launch, state, form, around))


def form_values(launch: Launch, state: ItemState, form: Form, around: Around = PLAIN) -> dict[str, object]:
    item = state.item
    signs = form == "sign"
    return {
        "title": item.label if form != "rescue" else f"{item.label} failed: {state.summary}",
        "product": launch.release.title,
        "version": launch.release.version,
        "round": state.round,
        "due": launch.dates.due.get(state.key),
        "rehearsal": REHEARSED if launch.rehearsal else "",
        "refused": state.notice,
        "code": around.identity == "verified",
        "locked": state.is_locked,
        "page": around.page(launch, state),
        "asked": {"text": state.question, "by": state.asked_by} if state.question else None,
        "changes": list(state.changes),
        "confirm": [one.signer for one in state.earlier],
        "about": _about(state, form),
        "quorum": [str(line) for line in state.lines],
        "signed": [_signed(state, one) for one in state.signatures if one.decision == "approve"],
        "missing": [told(one) for one in waited_for(launch, state, around.members())],
        "bound": _bound(launch, state) if signs else "",
        "self_sign": signs and state.allows_self_sign,
        "authors_unknown": around.authors_unknown(launch, state) if signs else "",
        "evidence": [_piece(name, state.evidence.get(name)) for name in _evidence(state)],
        "materials": list(item.training.materials) if isinstance(item, Training) else [],
    }


def told(waiting: Waiting) -> str:
    """`1 of qa: Ada Abara, Ben Brandt and 3 more`."""
    names, more = waiting.people[:NAMED], len(waiting.people) - NAMED
    said = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    return f"{waiting.place}: {said}" if said else waiting.place


def _signed(state: ItemState, one: Signature) -> dict[str, object]:
    notes = [state.places.get(one.by, ""), "their own work" if one.self_signed else ""]
    return {"by": one.signer, "notes": [note for note in notes if note], "at": one.at}


def _bound(launch: Launch, state: ItemState) -> str:
    """What a signature is about: when that changes, it is asked for again."""
    bound = binding(state.item)
    if bound.thing == "code":
        where = f" in {', '.join(bound.paths)}" if bound.paths else ""
        return f"the code{where} at {launch.bound_content(state.key)[:SHORT]}"
    if bound.item:
        found = launch.contents.get(bound.item)
        return f"what {launch.items[bound.item].item.label} says" + (
            f", sha256 {found.sha256[:SHORT]}…" if found else ""
        )
    return "its evidence" if bound.thing == "evidence" else ""


def _piece(name: str, found: Exhibit | None) -> dict[str, object]:
    if found is None:
        return {"name": name, "url": "", "notes": []}
    digest = f"sha256 {found.piece.sha256[:SHORT]}…" if found.piece.sha256 else ""
    unread = f"no digest: {found.piece.problem}" if found.piece.problem else ""
    return {"name": name, "url": found.url, "notes": [note for note in (digest, unread, f"from {found.by}") if note]}


def _evidence(state: ItemState) -> Iterator[str]:
    asked = state.item.evidence if isinstance(state.item, Gate) else ()
    yield from dict.fromkeys((*asked, *state.evidence))


def _about(state: ItemState, form: Form) -> str:
    if form != "rescue":
        return state.item.about or ""
    remedy = "It can be run again, or waived with a reason by somebody who may."
    return "\n".join([remedy, "", *(f"- {md(finding)}" for finding in state.findings)])
