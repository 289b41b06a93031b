"""`decide`: may this happen, and what would it record? The one authorisation path of every door."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from checklists import commands as c
from checklists import entries as e
from checklists.delivery_commands import RaiseDoubt, Settle
from checklists.launch import Launch
from checklists.review_commands import Review
from checklists.rules.asking import ask
from checklists.rules.attaching import add_evidence
from checklists.rules.following import follow_up
from checklists.rules.importing import import_
from checklists.rules.items import complete, report, rerun
from checklists.rules.launches import abandon, describe, edit, hold, reschedule, resume
from checklists.rules.observing import observe
from checklists.rules.pausing import pause, unpause
from checklists.rules.proving import wrong_code
from checklists.rules.questioning import question, raise_doubt
from checklists.rules.refusal import LONGEST, Facts, Refusal
from checklists.rules.retagging import retag
from checklists.rules.reviewing import review
from checklists.rules.settling import settle
from checklists.rules.signing import sign
from checklists.rules.starting import dates, launch_id, start
from checklists.rules.superseding import proceed
from checklists.rules.waiving import waive
from checklists.rules.wording import word

__all__ = ["Refusal", "attempt", "dates", "decide", "launch_id"]

LONGEST_ADDRESS = 254
LONGEST_SAID = 64


def decide(launch: Launch | None, command: c.Command, now: datetime) -> tuple[e.Entry, ...] | Refusal:
    """The entries this command adds, none where everything it asks for is already so, or why it may not happen."""
    if isinstance(command, c.Start):
        name = launch_id(command.release.product, command.release.version)
        return _written(start(command, launch, now), name, launch, command, now)
    if isinstance(command, c.Import):
        name = launch_id(command.release.product, command.release.version)
        return _written(import_(command, launch), name, launch, command, now)
    if launch is None:
        return Refusal("no such launch; `tminus list` shows the launches there are")
    return _written(_rule(command, launch, now), launch.id, launch, command, now)


RULES: Mapping[type[c.Command], Callable[[Any, Launch], Facts | Refusal]] = {
    c.Describe: describe,
    c.Edit: edit,
    c.Question: question,
    c.Sign: sign,
    c.Complete: complete,
    c.Rerun: rerun,
    c.Report: report,
    c.AddEvidence: add_evidence,
    c.Ask: ask,
    c.Observe: observe,
    c.Retag: retag,
    c.Proceed: proceed,
    c.WrongCode: wrong_code,
    c.Hold: hold,
    c.Resume: resume,
    c.Abandon: abandon,
    c.Word: word,
    c.Pause: pause,
    c.Unpause: unpause,
    c.FollowUp: follow_up,
    RaiseDoubt: raise_doubt,
    Review: review,
}
"""What a command on a running launch records, or why it is refused."""


def _rule(command: c.Command, launch: Launch, now: datetime) -> Facts | Refusal:
    if isinstance(command, c.Reschedule):
        return reschedule(command, launch, now)
    if isinstance(command, c.Waive):
        return waive(command, launch, now)
    if isinstance(command, Settle):
        return settle(command, launch, now)
    if type(command) not in RULES:
        raise TypeError(f"no rule for {type(command).__name__}")
    return RULES[type(command)](command, launch)


def _written(
    answer: Facts | Refusal, name: str, launch: Launch | None, command: c.Command, now: datetime
) -> tuple[e.Entry, ...] | Refusal:
    if isinstance(answer, Refusal):
        return answer
    first = launch.seq + 1 if launch else 1
    return tuple(
        e.Entry(launch_id=name, seq=seq, at=now, actor=_name(command.by), data=fact)
        for seq, fact in enumerate(answer, start=first)
    )


def attempt(launch: Launch, command: c.Command, refusal: Refusal, now: datetime) -> tuple[e.Entry, ...]:
    """The record of a refused try; nothing once the launch is over, and its record closed."""
    if launch.is_over:
        return ()
    tried = _tried(launch, command, refusal)
    return (e.Entry(launch_id=launch.id, seq=launch.seq + 1, at=now, actor=_name(command.by), data=tried),)


def _tried(launch: Launch, command: c.Command, refusal: Refusal) -> e.Refused | e.Denied:
    reason = _legible(refusal.reason)[:LONGEST]
    said = {key: _legible(str(text))[:LONGEST_SAID] for key, text in command.said.items()}
    if not isinstance(command, c.OnItem) or command.item not in launch.items:
        what = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(command).__name__).lower()
        return e.Denied(what=what, reason=reason, **said)
    state = launch.items[command.item]
    number = command.number if command.round in (None, state.round) else None  # numbers count within a round's forms
    return e.Refused(item=state.key, round=state.round, reason=reason, number=number, **said)


def _name(by: c.Actor) -> str:
    return _legible(by.email)[:LONGEST_ADDRESS] or "nobody"


def _legible(text: str) -> str:
    """What anybody typed as their address, without what no file can hold."""
    return text.encode(errors="replace").decode()
