"""A form that was sent: is it ours, may it be, and then the command it stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import Response

from checklists.commands import Actor
from checklists.decide import Refusal
from checklists.launch import Launch
from checklists.rules.attaching import missing_evidence
from tasks.act import refuse
from tasks.carrying_out import carry_out
from tasks.people.codes import NOBODY, count_wrong_code, whose_code
from tasks.people.links import mark_used
from tasks.world import World
from web.signing import answers, differences
from web.signing.choices import command, values_of
from web.signing.fields import Filled, Problems, problems
from web.signing.seals import Shown, shown
from web.signing.showing import Look, as_shown
from web.signing.verdicts import Verdict, verdict
from web.signing.visitor import Visitor


def receive(world: World, launch: Launch, visitor: Visitor, filled: Filled) -> Response:
    """The answer to a form; its decision is written down and carried out before that is made."""
    before = Shown(filled.seen, filled.shown)
    if not before.is_sealed(world, visitor, filled.seal):
        return answers.bare("foreign", 403)
    look = Look(world, launch, visitor, filled)
    if no := verdict(look):
        return _void(look, no)
    if shown(launch, visitor.item).digest != before.digest:
        return _changed(look)
    found = values_of(launch, look.state)
    if not found:
        return answers.whole(look, 409)
    if wrong := problems(filled, found, missing_evidence(look.state, {})):
        return answers.whole(replace(look, problems=wrong), 422)
    return _from(look)


def _void(look: Look, no: Verdict) -> Response:
    """The person tried, and the record says so."""
    _note(look, Refusal(no.reason))
    return answers.void(look, no, was_sent=True)


def _changed(look: Look) -> Response:
    """What is signed is not what was shown: nothing counts, and the page comes again."""
    old = as_shown(look, look.filled.seen)
    since = differences.since(old, look.launch, look.state.key) if old else ()
    _note(look, Refusal("what was shown has changed since"))
    fresh = replace(look.filled, choice="")
    return answers.whole(replace(look, filled=fresh, since=since or ("It is not what you were shown.",)), 409)


def _from(look: Look) -> Response:
    """Whose decision it is, which the door has made sure of, or the form asks for."""
    by = look.visitor.actor or look.world.person(look.filled.email)
    if not by.is_known:
        _note(look, Refusal("nobody in this organisation has the address that was typed"))
        return _put_right(look, {"email": "Nobody in this organisation has this address."}, 422)
    if look.visitor.asks_code and not _knows_the_code(look):
        return _wrong_code(look)
    return _carried_out(look, by)


def _put_right(look: Look, wrong: Problems, status: int) -> Response:
    return answers.whole(replace(look, problems=wrong), status)


def _knows_the_code(look: Look) -> bool:
    return whose_code(look.world, look.launch, look.state.key, look.filled.code) == look.visitor.email


def _wrong_code(look: Look) -> Response:
    """It is counted: after some of them nobody can sign with a code until new ones are mailed."""
    visitor = look.visitor
    of = {"via": visitor.via, "address": visitor.address, "shown": look.filled.shown, "round": look.state.round}
    told = count_wrong_code(look.world, look.launch.id, visitor.item, by=visitor.actor or NOBODY, **of)
    tried = replace(look, launch=look.world.launch(look.launch.id) or look.launch)
    if no := verdict(tried):
        return answers.void(tried, no, was_sent=True)
    return _put_right(tried, {"code": _sentence(told.reason)}, 403)


def _note(look: Look, refusal: Refusal) -> None:
    by = look.visitor.actor or look.world.person(look.filled.email)
    refuse(look.world, look.launch.id, command(look.launch, look.visitor, look.filled, by), refusal)


def _carried_out(look: Look, by: Actor) -> Response:
    asked = command(look.launch, look.visitor, look.filled, by)
    after, later = carry_out(look.world, look.launch.id, asked)
    if isinstance(after, Refusal):
        now = look.world.launch(look.launch.id) or look.launch
        return answers.whole(replace(look, launch=now, refused=_sentence(after.reason)), 403 if after.may_not else 409)
    if look.visitor.link:
        mark_used(look.world, look.visitor.link)
    done = replace(look, launch=after, visitor=replace(look.visitor, actor=by))
    return answers.counted(done, _news(look, done, later))


def _news(look: Look, done: Look, later: str) -> dict[str, Any]:
    """What was decided, for whom, and what is open now that was not."""
    mine = [s for s in done.state.signatures if s.by == done.visitor.email and s.instead_of]
    opened = [
        {"label": state.item.label, "needs": list(state.missing)}
        for key, state in done.launch.items.items()
        if look.launch.items[key].status == "waiting" and state.opened_at and not state.has_ended
    ]
    for_whom = mine[-1].instead_of.name if mine and mine[-1].instead_of else ""
    return {"decision": look.filled.choice, "for_whom": for_whom, "opened": opened, "later": bool(later)}


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}{'' if reason.endswith('.') else '.'}"
