"""Everything the page shows, as plain data for its template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from checklists.commands import TMINUS, Word
from checklists.decide import Refusal, decide
from checklists.due import wanted
from checklists.fold import fold
from checklists.items import Gate, Training, binding
from checklists.launch import ItemState, Launch
from checklists.rules.attaching import missing_evidence
from checklists.rules.authors import unknown_authors
from tasks.notes.editing import notes_of
from tasks.people.links import token_of
from tasks.world import World
from templates.rehearsal import REHEARSED
from web.signing import differences, people
from web.signing.choices import Choice, choices, principals
from web.signing.fields import Filled, Problems
from web.signing.seals import shown
from web.signing.times import due, moment, zone_of
from web.signing.visitor import Visitor

NOTHING = Filled()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the page: `refused` says why the last try did not count, `since` what changed while it was open."""

    world: World
    launch: Launch
    visitor: Visitor
    filled: Filled = NOTHING
    problems: Problems = field(default_factory=dict)
    refused: str = ""
    since: tuple[str, ...] = ()

    @property
    def state(self) -> ItemState:
        return self.launch.items[self.visitor.item]


def values(look: Look) -> dict[str, Any]:
    """What the template `sign/page.html` is filled with."""
    found = choices(look.world, look.launch, look.visitor, look.filled.instead_of)
    return {
        **standing(look),
        **matter(look),
        **_evidence(look),
        **_form(look, found),
        "confirm": _confirm(look, found),
        "refused": look.refused,
        "since": list(look.since),
        "problems": dict(look.problems),
    }


def standing(look: Look) -> dict[str, Any]:
    """Which item of which launch this is, and where it stands: what every answer shows, too."""
    launch, state, here = look.launch, look.state, zone(look)
    at = launch.dates.due.get(state.key)
    return {
        "launch": {"name": f"{launch.release.title} {launch.release.version}", "id": launch.id},
        "launch_status": launch.status,
        "launch_reason": launch.reason,
        "rehearsal": REHEARSED if launch.rehearsal else "",
        "item": {"key": state.key, "label": state.item.label, "kind": state.item.kind, "status": state.status},
        "round": state.round,
        "due": due(at, look.world.now(), here) if at and not state.has_ended else None,
        "summary": state.summary,
        "ended": moment(state.ended_at, here) if state.ended_at else None,
        "blocked_by": [launch.items[key].item.label for key in launch.blocked_by(state.key)],
        "signed": people.signed(state, here),
        "places": people.places(state),
        "missing": people.missing(look.world, launch, state),
        "self_sign": state.allows_self_sign,
        "reader": {"name": look.visitor.actor.name, "email": look.visitor.email} if look.visitor.actor else None,
    }


def zone(look: Look) -> ZoneInfo:
    """Where the reader lives."""
    return zone_of(look.world, look.visitor.email, look.launch.release.product)


def matter(look: Look) -> dict[str, Any]:
    """What it is about: what to look at, what was asked, what is bound to it and how that has changed."""
    launch, state = look.launch, look.state
    return {
        "about": state.item.about or "",
        "question": state.question if state.because in ("asked", "rerun") else "",
        "asked_by": _name(look, state.asked_by),
        "because": state.because or "",
        "changes": differences.told(state),
        "findings": list(state.findings) if state.is_troubled else [],
        "materials": list(state.item.training.materials) if isinstance(state.item, Training) else [],
        "content": _content(launch, state),
        "difference": differences.of_commits(launch, state),
        "notes_path": _notes_path(look),
        "authors": _authors(look),
    }


def _notes_path(look: Look) -> str:
    """Where the notes it is about are edited, by those who may; empty for others, and where it is about none."""
    notes, visitor = notes_of(look.launch, look.state.key), look.visitor
    if notes is None or look.launch.is_over:
        return ""
    asked = Word(by=visitor.actor or TMINUS, item=notes.key, texts={})
    if isinstance(decide(look.launch, asked, look.world.now()), Refusal):
        return ""
    if visitor.link:
        return f"/notes/{token_of(look.world, visitor.link)}"
    return f"/launches/{visitor.launch_id}/{visitor.item}/notes"


def _content(launch: Launch, state: ItemState) -> dict[str, str | int | None] | None:
    """The very words that are signed, where the item is bound to an announcement or to notes."""
    bound = binding(state.item).item
    found = launch.contents.get(bound or "")
    if bound is None or found is None:
        return None
    return {"label": launch.items[bound].item.label, "text": found.text, "sha256": found.sha256, "reach": found.reach}


def _authors(look: Look) -> str:
    """Why nobody can tell who wrote what is signed (`no git`: for good); empty where it is known or does not matter."""
    if binding(look.state.item).thing != "code":
        return ""
    product = look.world.organisation.products.get(look.launch.release.product)
    if product is None or not product.git:
        return "no git"
    return unknown_authors(look.launch, look.state.key)


def _evidence(look: Look) -> dict[str, Any]:
    state, here = look.state, zone(look)
    named = state.item.evidence if isinstance(state.item, Gate) else ()
    pieces = [
        {
            "name": name,
            "url": one.url,
            "by": _name(look, one.by),
            "at": moment(one.at, here),
            "sha256": one.piece.sha256 or "",
            "size": _size(one.piece.size),
            "problem": one.piece.problem,
        }
        for name, one in state.evidence.items()
    ]
    return {"evidence": pieces, "lacking": list(missing_evidence(state, {})), "asks_evidence": bool(named)}


def _size(count: int | None) -> str:
    if count is None:
        return ""
    units = ((1_000_000, "MB"), (1_000, "kB"))
    return next((f"{count / unit:.1f} {name}" for unit, name in units if count >= unit), f"{count} bytes")


def _name(look: Look, email: str) -> str:
    """What people call whoever has this address."""
    person = look.world.organisation.people.get(email)
    return person.name if person else email


def _form(look: Look, found: tuple[Choice, ...]) -> dict[str, Any]:
    now, filled = shown(look.launch, look.state.key), look.filled
    free = [choice for choice in found if not choice.barred]
    return {
        "form": wanted(look.state, look.launch) or "",
        "choices": [{"value": one.value, "barred": one.barred} for one in found],
        "barred": found[0].barred if found and not free else "",
        "instead_of": free[0].instead_of if free else "",
        "self_signing": any(one.self_signed for one in free),
        "principals": [{"email": email, "name": name} for email, name in _others(look)],
        "hidden": {"seen": now.seen, "shown": now.digest, "seal": now.sealed(look.world, look.visitor)},
        "asks_code": look.visitor.asks_code,
        "asks_email": look.visitor.actor is None,
        "typed": _typed(filled),
    }


def _others(look: Look) -> list[tuple[str, str]]:
    return list(principals(look.world, look.launch, look.visitor)) if look.state.is_signable else []


def _typed(filled: Filled) -> Mapping[str, Any]:
    """What was typed before, but for the code."""
    return {
        "choice": filled.choice,
        "comment": filled.comment,
        "evidence": dict(filled.evidence),
        "more_name": filled.more_name,
        "more_url": filled.more_url,
        "instead_of": filled.instead_of,
        "email": filled.email,
        "until": filled.until,
    }


def _confirm(look: Look, found: tuple[Choice, ...]) -> dict[str, Any] | None:
    """The approval of this person that a change made void, where one click can give it again."""
    void = next((one for one in look.state.earlier if one.by == look.visitor.email), None)
    is_free = any(choice.value == "approve" and not choice.barred for choice in found)
    if void is None or not is_free or missing_evidence(look.state, {}):
        return None
    return {"at": moment(void.at, zone(look)), "for": void.instead_of.name if void.instead_of else ""}


def as_shown(look: Look, seen: int) -> Launch | None:
    """The launch as it was when the page was made."""
    entries = look.world.ledger.read(look.launch.id)[:seen]
    return fold(entries) if entries and len(entries) == seen else None
