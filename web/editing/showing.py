"""What the page of notes shows: the editor, how its words look, what they lack, and how they came to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response

from checklists.notes.change import left_over
from tasks.notes.drafting import audiences_of, changes_at_hand
from tasks.notes.editing import Version, difference, history, tidy
from web.editing.desk import Desk, barred
from web.pages import page
from web.signing import differences
from web.signing.times import moment, zone_of

MOST_VERSIONS = 30
MOST_UNSORTED = 200


def page_of(desk: Desk, *, status: int = 200, news: str = "", why: str = "", since: str = "", **more: Any) -> Response:
    """The page. `news` says what became of a form: saved, discarded, overtaken, refused."""
    zone = zone_of(desk.world, desk.visitor.email or desk.email, desk.launch.release.product)
    versions = history(desk.world.ledger.read(desk.launch.id), desk.state.key, desk.audience)
    unsaved = desk.unsaved if desk.words is None else None
    words = desk.words if desk.words is not None else (unsaved.words if unsaved else desk.saved)
    began = since or (unsaved.base if unsaved else "")
    values = {
        **_standing(desk),
        "words": words,
        "is_changed": tidy(words) != desk.saved,
        "base": desk.base,
        "review": _review(desk),
        "seal": desk.seal(desk.base),
        "findings": _findings(desk),
        "unsorted": _unsorted(desk),
        "unsaved": moment(unsaved.at, zone) if unsaved else None,
        "overtaken": _overtaken(desk, versions, began, zone) if began and began != desk.base else None,
        "history": list(_history(desk, versions[: MOST_VERSIONS + 1], zone))[:MOST_VERSIONS],
        "barred": barred(desk),
        "news": news,
        "why": why,
        "problems": desk.problems,
        **more,
    }
    return page("edit/page.html", {"later": False, **values}, status=status, has_form=True, has_script=True)


def shut_page(desk: Desk, reason: str) -> Response:
    """Why a link opens no notes any more."""
    return page("edit/shut.html", {"why": reason[:1].upper() + reason[1:]}, status=410)


def _standing(desk: Desk) -> dict[str, Any]:
    launch, state, visitor = desk.launch, desk.state, desk.visitor
    return {
        "launch": {"name": f"{launch.release.title} {launch.release.version}", "id": launch.id},
        "item": {"key": state.key, "label": state.item.label, "status": state.status, "about": state.item.about or ""},
        "audience": desk.audience,
        "audiences": [{"name": one, "path": f"{desk.path}?for={one}"} for one in audiences_of(state)],
        "reader": {"name": visitor.actor.name, "email": visitor.email} if visitor.actor else None,
        "email": desk.email,
        "asks_code": visitor.asks_code,
        "decide_path": desk.path.replace("/notes/", "/sign/") if visitor.link else desk.path.removesuffix("/notes"),
    }


def _findings(desk: Desk) -> dict[str, list[str]]:
    """What is missing here, and elsewhere, while it holds the notes back."""
    found = desk.state.findings if desk.state.is_troubled else ()
    others = tuple(f"{one} " for one in audiences_of(desk.state) if one != desk.audience)
    return {
        "here": [one for one in found if not one.startswith((*others, *(f"{one.strip()}:" for one in others)))],
        "elsewhere": [one for one in found if one.startswith((*others, *(f"{one.strip()}:" for one in others)))],
    }


def _review(desk: Desk) -> dict[str, str] | None:
    """The pull request in which these words are reviewed, too."""
    there = desk.state.review
    if there is None or desk.audience not in (there.files or [desk.audience]):
        return None
    return {"url": there.url, "standing": there.standing}


def _unsorted(desk: Desk) -> dict[str, Any]:
    """The changes that follow no convention and that some audience is not told of, as the item counts them."""
    found = left_over(changes_at_hand(desk.world, desk.launch), audiences_of(desk.state))
    shown = [{"title": one.title, "id": one.id, "commit": "".join(one.commits[:1])[:10]} for one in found]
    return {"count": len(found), "changes": shown[:MOST_UNSORTED], "more": len(shown[MOST_UNSORTED:])}


def _overtaken(desk: Desk, versions: tuple[Version, ...], began: str, zone: ZoneInfo) -> dict[str, Any] | None:
    """What others have saved since these words were begun."""
    if not versions:
        return None
    now = versions[0]
    old = next((one for one in versions if one.sha256 == began), None)
    told = difference(old.words if old else "", now.words)
    return {"by": _name(desk, now), "at": moment(now.at, zone), "lines": differences.lines(told), "words": now.words}


def _history(desk: Desk, versions: tuple[Version, ...], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    for place, one in enumerate(versions):
        before = versions[place + 1].words if place + 1 < len(versions) else ""
        yield {
            "number": one.number,
            "by": _name(desk, one),
            "at": moment(one.at, zone),
            "where": one.where,
            "is_now": place == 0,
            "lines": differences.lines(difference(before, one.words)),
        }


def _name(desk: Desk, version: Version) -> str:
    if version.is_drafted:
        return ""
    person = desk.world.organisation.people.get(version.by)
    return person.name if person else version.by
