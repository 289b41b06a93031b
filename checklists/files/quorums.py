"""How the quorum of a checklist and that of one which extends it become one: never fewer people, never others.

A line of the child takes the place of the parent's lines it makes sure of: the same names and no fewer people, or some
of the names, or all of them. Parent's lines that no line of the child is about stay. What is in between is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from checklists.files.reader import Node
from checklists.files.tightening import asks
from checklists.quorum import QuorumLine, place

Problem = tuple[Node, str]


@dataclass(frozen=True)
class Demand:
    """What the parent's lines of the same names ask for together."""

    names: frozenset[str]
    count: int | None
    nodes: tuple[Node, ...]

    @property
    def places(self) -> int:
        return self.count or 1

    @property
    def written(self) -> str:
        of = self.nodes[0]
        return str(_line(of)) if len(self.nodes) == 1 else f"{self.count or 'all'} of {' or '.join(sorted(self.names))}"


def merged_lines(old: Sequence[Node], new: Sequence[Node]) -> tuple[list[Node], list[Problem]]:
    """The lines that hold, the parent's first, and what is wrong with those of the child."""
    demands = _demands(old)
    child = [(node, line) for node in new if (line := _line(node))]
    fills = _matched(demands, [line for _, line in child])
    kept: list[Node] = []
    problems: list[Problem] = []
    for index, demand in enumerate(demands):
        if sum(places.count(index) for places in fills) >= demand.places:
            continue
        kept += demand.nodes
        about = [node for (node, line), at in zip(child, fills, strict=True) if _is_meant(line, at, index, demands)]
        problems += [(cause, _lowered(cause, demand)) for cause in about[:1]]
    return [node for node in old if node in kept] + list(new), problems


def _demands(nodes: Sequence[Node]) -> list[Demand]:
    """The few names first: a line of the child makes sure of the parent's line that is closest to it."""
    groups: dict[frozenset[str], list[Node]] = {}
    for node in nodes:
        if line := _line(node):
            groups.setdefault(frozenset(line.of), []).append(node)
    found = [Demand(names, _count(nodes), tuple(nodes)) for names, nodes in groups.items()]
    return sorted(found, key=lambda demand: len(demand.names))


def _count(nodes: Sequence[Node]) -> int | None:
    counts = [line.count for node in nodes if (line := _line(node))]
    return None if None in counts else sum(count or 0 for count in counts)


def _line(node: Node) -> QuorumLine | None:
    try:
        return QuorumLine.model_validate(node.plain)
    except ValidationError:
        return None  # the model says so once everything is merged


def _matched(demands: Sequence[Demand], lines: Sequence[QuorumLine]) -> list[list[int]]:
    """Of which demands each line of the child fills places, one entry a place."""
    most = sum(demand.places for demand in demands)
    people = {
        f"{at} {number}": {str(index) for index in _targets(line, demands) if _is_sure(line, demands[index])}
        for at, line in enumerate(lines)
        for number in range(most if line.count is None else min(line.count, most))
    }
    asked = [QuorumLine(count=demand.places, of=(str(index),)) for index, demand in enumerate(demands)]
    placed = place(asked, people)
    return [[index for who, index in placed.items() if who.split()[0] == str(at)] for at in range(len(lines))]


def _targets(line: QuorumLine, demands: Sequence[Demand]) -> list[int]:
    """The demands a line is about: the one with its names, else all with more or fewer of them.

    Everybody of a role has a place of their own in `all of` it, so that is about all demands within it.
    """
    names, numbered = frozenset(line.of), list(enumerate(demands))
    same = [index for index, demand in numbered if demand.names == names]
    if line.count is None:
        same = [index for index, demand in numbered if demand.names <= names]
    return same or [index for index, demand in numbered if names < demand.names or demand.names < names]


def _is_sure(line: QuorumLine, demand: Demand) -> bool:
    """Whether whoever fills a place of the line fills one of the demand."""
    names = frozenset(line.of)
    if demand.count is None:
        return line.count is None and demand.names <= names
    return names <= demand.names or (line.count is None and demand.names <= names)


def _is_meant(line: QuorumLine, filled: list[int], index: int, demands: Sequence[Demand]) -> bool:
    """Whether the line was to take the place of this demand, which stays open, and of no other."""
    if index not in _targets(line, demands):
        return False
    return index in filled or (not filled and not _is_sure(line, demands[index]))


def _lowered(cause: Node, demand: Demand) -> str:
    says = asks(demand.nodes[0], demand.written)
    line = _line(cause)
    if line and frozenset(line.of) == demand.names:
        return f"a quorum cannot be lowered; {says}"
    return f"this is less; repeat the other line where this one comes on top of it; {says}"
