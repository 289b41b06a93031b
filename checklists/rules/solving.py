"""Whether every gate can be met by distinct people who are there and had no hand in what it is bound to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from checklists.checklist import Checklist
from checklists.items import Gate, Item, Todo, binding, quorum
from checklists.people import MANAGERS, Directory, Member, When
from checklists.quorum import QuorumLine, Rosters, spelled_out
from checklists.rules.authors import wrote
from checklists.rules.seating import Pair, shortages

MOST_NAMES = 6


@dataclass(frozen=True)
class Outlook:
    """Who there is, what time it is, and who had a hand in the release. `due` are local days."""

    directory: Directory
    now: datetime
    due: Mapping[str, date] = field(default_factory=dict)
    authors: Sequence[str] = ()
    requester: str = ""

    def pairs(self, key: str) -> tuple[Pair, ...]:
        """Everybody who can sign this item now, or will be back when it is due, each with those they stand for."""
        days = [day for day in self._turns if day <= self.due.get(key, date.min)]
        return self._pairs_of[len(days)]

    @cached_property
    def _turns(self) -> list[date]:
        """The days on which somebody comes back, or begins to stand in for another."""
        today, last = self.now.date(), max(self.due.values(), default=date.min)
        back = (ends + timedelta(days=1) for member in self.directory.members for _, ends in member.away)
        begins = (delegation.starts for delegation in self.directory.delegations)
        return sorted({day for day in (*back, *begins) if today < day <= last})

    @cached_property
    def _pairs_of(self) -> list[tuple[Pair, ...]]:
        """Who can sign for whom by now, by the first of these days, by the second, and so on."""
        found: dict[Way, Pair] = {}
        by_then = []
        for when in (self.now, *self._turns):
            found |= _pairs(self.directory, when)
            by_then.append(tuple(found.values()))
        return by_then


Way = tuple[str, str, tuple[str, ...]]
"""Who signs for whom, and through whom."""


def _pairs(directory: Directory, when: When) -> dict[Way, Pair]:
    stand_ins = {one.to for one in directory.delegations}
    members = {one.email: one for one in directory.members}
    found: dict[Way, Pair] = {}
    for signer in directory.members:
        if signer.is_away(when):
            continue
        found[signer.email, signer.email, ()] = Pair(signer, signer, signer.held, signer.names)
        for away in directory.actor(signer.email, when).stands_for if signer.email in stand_ins else ():
            names = signer.names | away.names | away.go_between
            found[signer.email, away.email, away.through] = Pair(signer, members[away.email], away.held, names)
    return found


def unsolvable(checklist: Checklist, outlook: Outlook) -> tuple[str, ...]:
    """The gates that could never be met, with the fewest reasons that explain it, one sentence each."""
    roles = {name for item in checklist.items.values() for line in quorum(item) for name in line.roles}
    rosters = outlook.directory.rosters(roles)
    found = (_unmet(key, item, outlook, rosters) for key, item in checklist.items.items())
    return tuple(said for sentences in found for said in sentences)


def _unmet(key: str, item: Item, outlook: Outlook, rosters: Rosters) -> Iterator[str]:
    barred = _barred(item, outlook)
    everybody = outlook.pairs(key)
    pairs = [pair for pair in everybody if _may_act(pair, item, barred)]
    for written, asked in _short(_lines(item), pairs, rosters).items():
        able = [pair for pair in pairs if not pair.held.isdisjoint(asked)]
        reasons = [*_able(able), *_unable(asked, everybody, barred, outlook)]
        if len(written) > 1 and len(reasons) == 1:
            reasons.append("one person fills one place")
        yield f"{key} needs {_and(map(str, written))}; {_and(reasons) or f'nobody holds {_and(sorted(asked))}'}"


def _short(
    lines: Sequence[QuorumLine], pairs: Sequence[Pair], rosters: Rosters
) -> dict[tuple[QuorumLine, ...], set[str]]:
    """The lines that stay open as they are written, and the names they ask for and lack."""
    spelled = [(line, one) for line in lines for one in spelled_out([line], rosters)]
    found: dict[tuple[QuorumLine, ...], set[str]] = {}
    for short in shortages([one for _, one in spelled], pairs):
        written = tuple(dict.fromkeys(spelled[index][0] for index in short))
        found.setdefault(written, set()).update(name for index in short for name in spelled[index][1].of)
    return found


def _lines(item: Item) -> tuple[QuorumLine, ...]:
    """Who has to act; a to-do is marked done by somebody of its owner's role, or by who runs launches."""
    if isinstance(item, Todo) and item.owner:
        return (QuorumLine(count=1, of=tuple(dict.fromkeys((item.owner, MANAGERS)))),)
    return quorum(item)


def _barred(item: Item, outlook: Outlook) -> Mapping[str, str]:
    """What people did that keeps them from signing the item, by each of their names."""
    if isinstance(item, Gate) and item.self_sign == "allowed":
        return {}
    return wrote(binding(item), outlook.authors, outlook.requester)


def _may_act(pair: Pair, item: Item, barred: Mapping[str, str]) -> bool:
    """Nobody marks a to-do done for somebody else."""
    return barred.keys().isdisjoint(pair.names) and (pair.is_own or not isinstance(item, Todo))


def _able(pairs: Sequence[Pair]) -> Iterator[str]:
    """Those who could sign, and are too few."""
    own = {pair.signer.email for pair in pairs if pair.is_own}
    names = dict.fromkeys(
        pair.signer.name if pair.signer.email in own else f"{pair.signer.name} for {pair.holder.name}" for pair in pairs
    )
    if names:
        yield f"only {_and(names)} can sign"


def _unable(
    asked: AbstractSet[str], everybody: Sequence[Pair], barred: Mapping[str, str], outlook: Outlook
) -> Iterator[str]:
    """Why others whom the lines ask for cannot sign, and neither can those who would sign for them."""
    present = {pair.signer.email for pair in everybody if pair.is_own}
    for one in outlook.directory.members:
        if one.held.isdisjoint(asked):
            continue
        if did := _did(one.names, barred):
            yield f"{one.name} {did}"
        elif one.email not in present:
            yield f"{one.name} is away until {_spoken(one.away_until(outlook.now) or outlook.now.date(), outlook.now)}"
            yield from _barred_stand_ins(one, everybody, barred)


def _barred_stand_ins(away: Member, everybody: Sequence[Pair], barred: Mapping[str, str]) -> Iterator[str]:
    for pair in everybody:
        if pair.holder == away and (did := _did(pair.names, barred)):
            yield f"{pair.signer.name}, who signs for {away.name}, {did}"


def _did(names: frozenset[str], barred: Mapping[str, str]) -> str:
    return next((barred[name] for name in sorted(names) if name in barred), "")


def _spoken(day: date, now: datetime) -> str:
    """`4 May`, with the year where it is not this one."""
    return f"{day.day} {day:%B}" if day.year == now.year else f"{day.day} {day:%B %Y}"


def _and(words: Iterable[str]) -> str:
    """`a, b and c`; not all of very many."""
    said = list(words)
    if len(said) > MOST_NAMES:
        said = [*said[:MOST_NAMES], f"{len(said) - MOST_NAMES} more"]
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))
