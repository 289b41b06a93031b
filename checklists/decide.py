"""`decide`: may this happen, and what would it record? The one authorisation path of every door."""

from __future__ import annotations

import re
from datetime import datetime

from checklists import commands as c
from checklists import entries as e
from checklists.launch import Launch
from checklists.rules.asking import ask
from checklists.rules.attaching import add_evidence
from checklists.rules.items import complete, report, rerun
from checklists.rules.launches import abandon, describe, hold, reschedule, resume
from checklists.rules.observing import observe
from checklists.rules.proving import wrong_code
from checklists.rules.refusal import LONGEST, Facts, Refusal
from checklists.rules.retagging import retag
from checklists.rules.signing import sign
from checklists.rules.starting import dates, launch_id, start
from checklists.rules.superseding import proceed
from checklists.rules.waiving import waive

__all__ = ["Refusal", "attempt", "dates", "decide", "launch_id"]

LONGEST_ADDRESS = 254
LONGEST_SAID = 64


def decide(launch: Launch | None, command: c.Command, now: datetime) -> tuple[e.Entry, ...] | Refusal:
    """The entries this command adds, none where everything it asks for is already so, or why it may not happen."""
    if isinstance(command, c.Start):
        name = launch_id(command.release.product, command.release.version)
        return _written(start(command, launch, now), name, launch, command, now)
    if launch is None:
        return Refusal("no such launch; `tminus list` shows the launches there are")
    return _written(_rule(command, launch, now), launch.id, launch, command, now)


def _rule(command: c.Command, launch: Launch, now: datetime) -> Facts | Refusal:
    """What a command on a running launch records, or why it is refused."""
    match command:
        case c.Describe():
            return describe(command, launch)
        case c.Sign():
            return sign(command, launch)
        case c.Complete():
            return complete(command, launch)
        case c.Waive():
            return waive(command, launch, now)
        case c.Rerun():
            return rerun(command, launch)
        case c.Report():
            return report(command, launch)
        case c.AddEvidence():
            return add_evidence(command, launch)
        case c.Ask():
            return ask(command, launch)
        case c.Observe():
            return observe(command, launch)
        case c.Retag():
            return retag(command, launch)
        case c.Proceed():
            return proceed(command, launch)
        case c.WrongCode():
            return wrong_code(command, launch)
        case c.Hold():
            return hold(command, launch)
        case c.Resume():
            return resume(command, launch)
        case c.Reschedule():
            return reschedule(command, launch, now)
        case c.Abandon():
            return abandon(command, launch)
    raise TypeError(f"no rule for {type(command).__name__}")


def _written(
    answer: Facts | Refusal, name: str, launch: Launch | None, command: c.Command, now: datetime
) -> tuple[e.Entry, ...] | Refusal:
    if isinstance(answer, Refusal):
        return answer
    first = launch.seq + 1 if launch else 1
    return tuple(
        e.Entry(launch_id=name, seq=seq, at=now, actor=command.by.email, data=fact)
        for seq, fact in enumerate(answer, start=first)
    )


def attempt(launch: Launch, command: c.Command, refusal: Refusal, now: datetime) -> tuple[e.Entry, ...]:
    """The record of a refused try; nothing once the launch is over, and its record closed."""
    if launch.is_over:
        return ()
    actor = _legible(command.by.email)[:LONGEST_ADDRESS] or "nobody"
    tried = _tried(launch, command, refusal)
    return (e.Entry(launch_id=launch.id, seq=launch.seq + 1, at=now, actor=actor, data=tried),)


def _tried(launch: Launch, command: c.Command, refusal: Refusal) -> e.Refused | e.Denied:
    reason = _legible(refusal.reason)[:LONGEST]
    said = {key: _legible(str(text))[:LONGEST_SAID] for key, text in command.said.items()}
    if not isinstance(command, c.OnItem) or command.item not in launch.items:
        what = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(command).__name__).lower()
        return e.Denied(what=what, reason=reason, **said)
    state = launch.items[command.item]
    number = command.number if command.round in (None, state.round) else None  # numbers count within a round's forms
    return e.Refused(item=state.key, round=state.round, reason=reason, number=number, **said)


def _legible(text: str) -> str:
    """What anybody typed as their address, without what no file can hold."""
    return text.encode(errors="replace").decode()
