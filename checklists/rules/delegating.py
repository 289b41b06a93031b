"""Who may let whom sign for somebody: dated, to somebody who is there, two steps at most, never in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from checklists.people import LONGEST_CHAIN, MANAGERS, Actor, Delegation, Directory, Member, When
from checklists.rules.refusal import Refusal

LONGEST = timedelta(days=366)


def delegate(by: Actor, new: Delegation, directory: Directory, now: When) -> Refusal | None:
    """Why this delegation may not be granted; None where it may."""
    if refusal := may_arrange(by, new.who):
        return refusal
    who, to = directory.member(new.who), directory.member(new.to)
    if who is None or to is None:
        return Refusal(f"{new.to if who else new.who} is not a person of this organisation")
    reason = _no_such_days(new, who, now) or objection(new, directory.delegations) or _is_away_too(new, to, directory)
    return Refusal(reason) if reason else None


def may_arrange(by: Actor, who: str) -> Refusal | None:
    """People arrange who signs for themselves; those who run launches do it for anybody."""
    if by.is_known and (by.email == who or by.is_manager):
        return None
    name = by.name or by.email or "nobody"
    return Refusal(f"{name} may not say who signs for {who}; they may themselves, and so may {MANAGERS}", may_not=True)


def _no_such_days(new: Delegation, who: Member, now: When) -> str:
    today = who.day(now)
    if new.ends < new.starts:
        return f"a delegation ends after it begins; {new.ends} is before {new.starts}"
    if new.ends < today:
        return f"{new.ends} is over, today is {today}; name a day that is to come"
    if new.ends - max(new.starts, today) > LONGEST:
        return f"a delegation lasts a year at most; until {new.ends} is longer"
    return ""


def _is_away_too(new: Delegation, to: Member, directory: Directory) -> str:
    """Somebody who is away in all these days signs nothing, unless somebody signs for them in turn."""
    until = to.away_until(new.starts)
    passes_on = any(d.who == to.email and _holds_at_once((d, new)) for d in directory.delegations)
    if until is None or until < new.ends or passes_on:
        return ""
    return f"{to.name} is away until {until}, too; name somebody who is there"


def objection(new: Delegation, others: Sequence[Delegation]) -> str:
    """What is wrong with this delegation beside the others; empty where nothing is. It may be one of them itself."""
    if new.who == new.to:
        return f"{new.who} cannot sign for themself in their own absence; name somebody else"
    for way in _ways(new, [other for other in others if other != new]):
        if way[0].who == way[-1].to:
            at = way.index(new)
            return f"that goes round in a circle, {_said((*way[at:], *way[:at]))}; name somebody else"
        if len(way) > LONGEST_CHAIN:
            return (
                f"that makes {len(way)} steps, {_said(way)}; {LONGEST_CHAIN} are the most, name somebody who is there"
            )
    return ""


def _ways(new: Delegation, others: Sequence[Delegation]) -> Iterator[tuple[Delegation, ...]]:
    """The chains through the new one that hold on some day, the short ones first, up to one step too long."""
    ways: list[tuple[Delegation, ...]] = [(new,)]
    for _ in range(LONGEST_CHAIN):
        longer = [(other, *way) for way in ways for other in others if other.to == way[0].who]
        longer += [(*way, other) for way in ways for other in others if other.who == way[-1].to]
        ways = [way for way in longer if _holds_at_once(way)]
        yield from ways


def _said(way: Sequence[Delegation]) -> str:
    return " -> ".join([way[0].who, *(step.to for step in way)])


def _holds_at_once(way: Sequence[Delegation]) -> bool:
    return max(step.starts for step in way) <= min(step.ends for step in way)
