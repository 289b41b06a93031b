"""A form that came from the editor: is it ours, may it be, and then what it asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse, JSONResponse

from checklists.decide import Refusal, decide
from checklists.item_entries import MOST_WORDS
from ledger.unsaved import Unsaved
from tasks.act import refuse
from tasks.carrying_out import carry_out
from tasks.notes.editing import history, notes_of, saving, tidy, unjudged
from tasks.people.codes import count_wrong_code, whose_code
from templates.markup import html
from web.editing.desk import Desk, barred
from web.editing.showing import page_of
from web.editing.typed import Typed
from web.signing import answers


def receive(desk: Desk, typed: Typed) -> Response:
    """The answer to a form. What somebody typed is on it again, whatever became of it."""
    if not desk.is_sealed(typed.base, typed.seal):
        return _json(said="reload") if typed.what == "keep" else answers.bare("foreign", 403)
    if len(typed.words) > 2 * MOST_WORDS:
        return answers.bare("unreadable", 422)
    if typed.what == "look":
        return HTMLResponse(str(html(typed.words)))
    desk = replace(desk, words=typed.words, email="" if desk.visitor.actor else typed.email)
    match typed.what:
        case "keep":
            return _kept(desk, typed)
        case "preview":
            _keep(desk, typed)
            return page_of(desk)
    return _answered(desk, typed)


def _answered(desk: Desk, typed: Typed) -> Response:
    """What only somebody who is known may ask for."""
    if not desk.by.is_known:
        return _wrong(desk, {"email": "Nobody in this organisation has this address."}, 422)
    if typed.what == "discard":
        _drop(desk)
        return page_of(replace(desk, words=None), news="discarded")
    if desk.visitor.asks_code and (why := _wrong_code(desk, typed)):
        return _wrong(desk, {"code": why}, 403)
    if typed.what == "bring-back":
        return _brought_back(desk, typed)
    return _saved(desk, typed)


def _wrong(desk: Desk, problems: dict[str, str], status: int) -> Response:
    return page_of(replace(desk, problems=problems), status=status)


def _wrong_code(desk: Desk, typed: Typed) -> str:
    """Why the code does not do; wrong ones are counted, and too many lock the form."""
    visitor, state = desk.visitor, desk.launch.items[desk.visitor.item]
    if why := barred(desk):
        return why
    if not state.is_locked and whose_code(desk.world, desk.launch, visitor.item, typed.code) == visitor.email:
        return ""
    of = {"via": visitor.via, "address": visitor.address, "round": state.round}
    return count_wrong_code(desk.world, desk.launch.id, visitor.item, by=desk.by, **of).reason


def _saved(desk: Desk, typed: Typed) -> Response:
    """Whether it may be is asked first: nobody's links are followed for somebody who may not save."""
    of: dict[str, Any] = {**desk.said, "base": {desk.audience: typed.base}}
    first = decide(desk.launch, unjudged(desk.state, desk.audience, typed.words, **of), desk.world.now())
    if isinstance(first, Refusal):
        refuse(desk.world, desk.launch.id, unjudged(desk.state, desk.audience, typed.words, **of), first)
        return _refused(desk, typed, first)
    of["base"] = typed.base
    asked = saving(desk.world, desk.launch, desk.state, desk.audience, typed.words, **of)
    after, later = carry_out(desk.world, desk.launch.id, asked)
    if isinstance(after, Refusal):
        return _refused(desk, typed, after)
    _drop(desk)
    fresh = notes_of(after, desk.state.key) or desk.state
    return page_of(replace(desk, launch=after, state=fresh, words=None), news="saved", later=bool(later))


def _refused(desk: Desk, typed: Typed, no: Refusal) -> Response:
    """Nothing is lost: their words are in the editor, kept beside, and under them what others have saved."""
    launch = desk.world.launch(desk.launch.id) or desk.launch
    now = replace(desk, launch=launch, state=notes_of(launch, desk.state.key) or desk.state)
    if now.base != typed.base and not no.may_not:
        _keep(now, typed)
        return page_of(now, status=409, news="overtaken", since=typed.base)
    return page_of(now, status=403 if no.may_not else 409, news="refused", why=no.reason)


def _brought_back(desk: Desk, typed: Typed) -> Response:
    """An old version is the newest one again; what was unsaved stays kept until somebody saves."""
    entries = desk.world.ledger.read(desk.launch.id)
    old = next((one for one in history(entries, desk.state.key, desk.audience) if one.number == typed.version), None)
    if old is None:
        return page_of(replace(desk, words=None), status=404, news="refused", why="there is no such version")
    return _saved(replace(desk, words=old.words), replace(typed, words=old.words))


def _kept(desk: Desk, typed: Typed) -> Response:
    """The answer to the page's own script."""
    if not _keep(desk, typed):
        return _json(said="unknown")
    there = desk.state.wordings.get(desk.audience)
    others = there is not None and desk.base != typed.base and tidy(typed.words) != desk.saved
    who = desk.world.organisation.people.get(there.by) if there else None
    return _json(said="kept", by=(who.name if who else there.by) if others and there else "")


def _keep(desk: Desk, typed: Typed) -> bool:
    """Whether it is kept for this person; not where nobody knows who they are, or they may not write here."""
    if not desk.by.is_known or barred(desk) or len(typed.words) > MOST_WORDS:
        return False
    words = desk.world.ledger.unsaved
    if tidy(typed.words) == desk.saved:
        words.drop(desk.launch.id, desk.state.key, desk.audience, desk.by.email)
        return True
    clean = typed.words.encode(errors="replace").decode().replace("\0", "")
    words.keep(
        Unsaved(desk.launch.id, desk.state.key, desk.audience, desk.by.email, clean, typed.base[:64], desk.world.now())
    )
    return True


def _drop(desk: Desk) -> None:
    desk.world.ledger.unsaved.drop(desk.launch.id, desk.state.key, desk.audience, desk.by.email)


def _json(**said: str) -> JSONResponse:
    return JSONResponse(said)
