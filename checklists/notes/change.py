"""A change: one thing a release brings, where it comes from, who sees it, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

Audience = Literal["customer", "admin", "developer", "internal"]
AUDIENCES: tuple[Audience, ...] = ("customer", "admin", "developer", "internal")
"""`internal` is everybody in the house, support included."""
Source = Literal["commit", "pull-request", "fragment"]

UNSORTED = "unsorted"
"""The type of a change whose author followed no convention: visible, never lost."""
NONE = "NONE"
"""What an author writes where a change has nothing to say to an audience. It has to be written."""

SEEN_BY: Mapping[str, tuple[Audience, ...]] = {
    "feat": AUDIENCES,
    "fix": AUDIENCES,
    "perf": AUDIENCES,
    "security": AUDIENCES,
    "deprecated": AUDIENCES,
    "removed": AUDIENCES,
    "revert": ("developer", "internal"),
    "docs": ("developer", "internal"),
    "build": ("developer", "internal"),
    "refactor": ("internal",),
    "test": ("internal",),
    "ci": ("internal",),
    "style": ("internal",),
    "chore": ("internal",),
}
"""Who a change of this type concerns unless it says so itself. Unsorted ones concern the people of the house."""


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote a change; `login` is their name at its host. Bots are marked, not hidden."""

    name: str
    email: str = ""
    login: str = ""

    @property
    def is_bot(self) -> bool:
        name = self.name.lower()
        return "[bot]" in name or "[bot]" in self.email or name.endswith("-bot") or name == "github-actions"


NO_NOTES: Mapping[Audience, str] = MappingProxyType({})


class Change(NamedTuple):
    """`id` is a short commit hash, `#123`, or the name of a fragment file; `action` is what a reader must do.

    `notes` are the words an author wrote for an audience; without them the title has to do, where it may. `problem` is
    what is wrong with the file that should say more.
    """

    id: str
    title: str
    source: Source = "commit"
    type: str = UNSORTED
    scope: str = ""
    is_breaking: bool = False
    breaks: str = ""
    action: str = ""
    notes: Mapping[Audience, str] = NO_NOTES
    audiences: tuple[Audience, ...] = ()
    references: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    commits: tuple[str, ...] = ()
    problem: str = ""

    @property
    def concerns(self) -> tuple[Audience, ...]:
        """Who sees it: those it names or has words for, else those its type concerns; never those it says NONE to."""
        said = {audience for audience, words in self.notes.items() if words != NONE}
        usual = set(self.audiences or SEEN_BY.get(self.type, ("internal",)))
        broken: set[Audience] = {"admin", "developer", "internal"} if self.is_breaking else set()
        silent = {audience for audience, words in self.notes.items() if words == NONE}
        return tuple(one for one in AUDIENCES if one in (usual | said | broken) - silent)

    def words(self, audience: Audience) -> str:
        """What this audience reads: its own words, those for everybody above it in the house, or the title."""
        return self.notes.get(audience) or self.notes.get("customer", "") or self.title

    def has_words(self, audience: Audience) -> bool:
        """Whether somebody wrote for this audience, rather than for those who read commits."""
        return bool(self.notes.get(audience) or self.notes.get("customer"))

    @property
    def is_by_bots(self) -> bool:
        return bool(self.authors) and all(author.is_bot for author in self.authors)


def left_over(changes: Iterable[Change], audiences: Iterable[Audience]) -> tuple[Change, ...]:
    """The changes nobody sorted that one of these is not told of."""
    wanted = set(audiences)
    return tuple(one for one in changes if one.type == UNSORTED and not wanted <= set(one.concerns))


def unsorted(changes: Iterable[Change], audiences: Iterable[Audience]) -> str:
    """How many of them there are; nothing where there are none."""
    wanted = set(audiences)
    count = len(left_over(changes, wanted))
    follow = "change follows" if count == 1 else "changes follow"
    has = "has" if count == 1 else "have"
    who = "this audience" if len(wanted) == 1 else "everybody"
    return f"{count} {follow} no convention and {has} no words for {who}" if count else ""
