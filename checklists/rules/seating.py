"""The largest seating of people at the places of a quorum, where some sign for others who are away.

Each line wants so many holders of a role, each holder is one place, and each place takes one human who signs: the
holder, or somebody who stands in. Nobody signs twice and nobody is signed for twice: a flow in three layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from checklists.people import Member
from checklists.quorum import QuorumLine


@dataclass(frozen=True, slots=True)
class Pair:
    """`signer` may fill the place of `holder`, themself or another.

    `held` is what that stands for in a quorum, `names` what all involved are known by.
    """

    signer: Member
    holder: Member
    held: frozenset[str]
    names: frozenset[str]

    @property
    def is_own(self) -> bool:
        """Whether somebody signs for themself."""
        return self.signer.email == self.holder.email


@dataclass(slots=True)
class Reached:
    """What a search for one more person has looked at; where it fails, that is what is too little."""

    lines: set[int] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)
    signers: set[str] = field(default_factory=set)


class Seating:
    """Who sits where; `seat` fills one more place of a line, moving others where that helps."""

    def __init__(self, lines: Sequence[QuorumLine], pairs: Iterable[Pair]) -> None:
        self._signers: dict[str, list[str]] = {}
        wanted = frozenset(name for line in lines for name in line.of)
        held: dict[str, dict[str, None]] = {}
        for pair in pairs:
            names = wanted & pair.held
            for name in names:
                held.setdefault(name, {})[pair.holder.email] = None
            if names:
                self._signers.setdefault(pair.holder.email, []).append(pair.signer.email)
        self._holders = [tuple(dict.fromkeys(h for name in line.of for h in held.get(name, ()))) for line in lines]
        self._line_of: dict[str, int] = {}
        self._signer_of: dict[str, str] = {}
        self._holder_of: dict[str, str] = {}

    def seat(self, line: int) -> Reached | None:
        """None once one more place of the line is filled, else all that was tried in vain."""
        reached = Reached()
        return None if self._fill(line, reached) else reached

    def _fill(self, line: int, reached: Reached) -> bool:
        """Find another holder for the line."""
        reached.lines.add(line)
        for holder in self._holders[line]:
            if holder in reached.holders or self._line_of.get(holder) == line:
                continue
            reached.holders.add(holder)
            if self._is_free(holder, reached):
                self._line_of[holder] = line
                return True
        return False

    def _is_free(self, holder: str, reached: Reached) -> bool:
        """Whether the holder can come here: somebody signs for them, or where they sit another takes their place."""
        if holder in self._line_of:
            return self._fill(self._line_of[holder], reached)
        return self._is_signed_for(holder, reached)

    def _is_signed_for(self, holder: str, reached: Reached) -> bool:
        """Find (another) signer for the holder."""
        for signer in self._signers[holder]:
            if signer in reached.signers or self._signer_of.get(holder) == signer:
                continue
            reached.signers.add(signer)
            if self._is_spared(signer, reached):
                self._holder_of[signer], self._signer_of[holder] = holder, signer
                return True
        return False

    def _is_spared(self, signer: str, reached: Reached) -> bool:
        """Whether nobody else needs this signer: another signs for their holder, or sits where that one sits."""
        holder = self._holder_of.get(signer)
        if holder is None or self._is_signed_for(holder, reached):
            return True
        if holder in reached.holders:
            return False
        reached.holders.add(holder)
        if not self._fill(self._line_of[holder], reached):
            return False
        del self._line_of[holder], self._signer_of[holder]
        return True


def shortages(lines: Sequence[QuorumLine], pairs: Sequence[Pair]) -> Iterator[tuple[int, ...]]:
    """Lines, by their index, that together want more people than there are; each time the fewest that explain it."""
    seating, told = Seating(lines, pairs), set[int]()
    for index, line in enumerate(lines):
        reached = _tried(seating, index, line.places)
        if reached and told.isdisjoint(reached.lines):
            told |= reached.lines
            yield _smallest(sorted(reached.lines), lines, pairs)


def _tried(seating: Seating, index: int, places: int) -> Reached | None:
    """Fill this many places of the line, or say what was tried in vain."""
    return next(filter(None, (seating.seat(index) for _ in range(places))), None)


def _smallest(short: list[int], lines: Sequence[QuorumLine], pairs: Sequence[Pair]) -> tuple[int, ...]:
    """Without the lines that may be left out and it is still too little."""
    for index in tuple(short):
        rest = [other for other in short if other != index]
        if rest and not _is_met([lines[other] for other in rest], pairs):
            short = rest
    return tuple(short)


def _is_met(lines: Sequence[QuorumLine], pairs: Sequence[Pair]) -> bool:
    seating = Seating(lines, pairs)
    return not any(_tried(seating, index, line.places) for index, line in enumerate(lines))
