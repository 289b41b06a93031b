"""Which changes stand together in the notes of an audience, and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from checklists.notes.change import Audience, Change

Group = Literal["action", "security", "new", "better", "fixed", "gone", "docs", "inside", "unsorted", "bots"]
ORDER: tuple[Group, ...] = (
    "action", "security", "new", "better", "fixed", "gone", "docs", "inside", "unsorted", "bots",
)  # fmt: skip
OF_TYPE: dict[str, Group] = {
    "security": "security",
    "feat": "new",
    "perf": "better",
    "fix": "fixed",
    "revert": "gone",
    "removed": "gone",
    "deprecated": "gone",
    "docs": "docs",
    "unsorted": "unsorted",
}


DUNDER = re.compile(r"(?<!\w)(?<!\w\.)((?:\w+\.)*__\w+?__(?:\.\w+)*)(?!\w)")
"""What markdown would print in bold: `__init__`, `Requirement.__hash__`."""


@dataclass(frozen=True, slots=True)
class Line:
    """A change as one audience reads it. `must` is what they have to do, empty where they need not do anything."""

    words: str
    change: Change
    must: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    group: Group
    lines: tuple[Line, ...]


def sections(changes: Iterable[Change], audience: Audience) -> tuple[Section, ...]:
    """What this audience is told: what breaks or asks them to act first. Release commits are told to nobody."""
    groups: dict[Group, list[Line]] = {group: [] for group in ORDER}
    for change in changes:
        if change.type != "release" and audience in change.concerns:
            groups[group_of(change)].append(_line(change, audience))
    return tuple(Section(group, tuple(lines)) for group, lines in groups.items() if lines)


def group_of(change: Change) -> Group:
    if change.is_breaking or change.action:
        return "action"
    if change.is_by_bots:
        return "bots"
    return OF_TYPE.get(change.type, "inside")


def _line(change: Change, audience: Audience) -> Line:
    return Line(_sentence(change.words(audience)), change, change.action or change.breaks)


def _sentence(words: str) -> str:
    """`export reports` reads `Export reports`; code and names keep their letters, and `__slots__` its lines."""
    if "__" in words and "`" not in words:
        words = DUNDER.sub(r"`\1`", words)
    first, rest = words[:1], words[1:]
    head = rest.partition(" ")[0].replace("’", "").replace("'", "")
    is_word = head.isalpha() and head.islower() if head else first == "a"
    return first.upper() + rest if first.islower() and is_word else words
