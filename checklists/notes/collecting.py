"""From the commits of a release to its changes: a pull request counts once, and what was taken back not at all.

Reads the history as git lists it (newest first, children before parents), and remembers only its edge.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from checklists.notes.change import UNSORTED, Author, Change
from checklists.notes.commit import Commit, change_of, pull_request

WEIGHT = ("security", "feat", "removed", "deprecated", "fix", "perf", "docs", "refactor", "build")
STRONG = 6
"""So many of them are what a pull request is, whatever else it brings."""


@dataclass(frozen=True, slots=True)
class Collected:
    """The changes of a release, the newest first; how many commits lie behind them, and how many were taken back."""

    changes: tuple[Change, ...]
    commits: int = 0
    reverted: int = 0


class _Found:
    """A change on its way; of a pull request, with the commits it is made of."""

    parts: Sequence[_Found] = ()
    has_words = True
    is_gone = False

    def __init__(self, change: Change) -> None:
        self.change = change

    def whole(self) -> Change:
        """One change: the title of the pull request, and the rest of all its commits."""
        parts = [part.change for part in self.parts if not part.is_gone]
        all_ = [self.change, *parts]
        typed = self.change if self.change.type != UNSORTED else _typed(parts) or self.change
        return self.change._replace(
            title=parts[0].title if len(parts) == 1 and not self.has_words else self.change.title,
            type=typed.type,
            scope=self.change.scope or typed.scope,
            is_breaking=any(one.is_breaking for one in all_),
            breaks=next((one.breaks for one in all_ if one.breaks), ""),
            action=next((one.action for one in all_ if one.action), ""),
            notes={who: words for one in reversed(all_) for who, words in one.notes.items()},
            references=tuple(dict.fromkeys(name for one in all_ for name in one.references)),
            authors=_written_by(parts),
            commits=tuple(sha for one in all_ for sha in one.commits),
        )


def _typed(parts: Sequence[Change]) -> Change | None:
    """The commit that says of what type the whole is: tests beside a commit that says nothing of itself do not make
    it inside, and reverts are how something was done."""
    said = [part for part in parts if part.type != "revert"]
    first = min(said, key=_weight, default=None)
    is_inside = first is not None and _weight(first) >= STRONG
    return next((part for part in said if part.type == UNSORTED), first) if is_inside else first


def _weight(change: Change) -> int:
    return WEIGHT.index(change.type) if change.type in WEIGHT else len(WEIGHT)


def _written_by(parts: list[Change]) -> tuple[Author, ...]:
    """Those who wrote the commits, not who pressed the button."""
    return tuple(dict.fromkeys(author for part in parts for author in part.authors))


class Collector:
    """Takes commits one by one; `changes` are those of all it took, or of those `only` that are named.

    A pull request counts where one of its commits does: who brought it in touched nothing.
    """

    def __init__(self, only: Container[str] | None = None) -> None:
        self._only = only
        self.commits = 0
        self.reverted = 0
        self._found: list[_Found] = []
        self._pulls: dict[str, list[_Found]] = {}
        self._owners: dict[str, str] = {}
        self._reverts: dict[str, _Found] = {}
        self._short: dict[str, str] = {}

    def take(self, commit: Commit) -> None:
        sha, parents = commit.hash, commit.parents
        owner, is_merge = self._owners.pop(sha, ""), len(parents) > 1
        number = commit.pull if is_merge and not owner else None
        if owner or is_merge:
            self._hand_down(parents, owner, sha if number else owner)
        elif parents:
            self._owners[parents[0]] = ""
        if self._only is None or sha in self._only:
            self.commits += 1
        elif not number:
            return
        if is_merge and not number:
            return
        found = _Found(pull_request(commit, number) if number else change_of(commit))
        if number:
            found.parts, found.has_words = self._pulls.setdefault(sha, []), bool(commit.rest.strip())
        (self._pulls.get(owner, self._found) if owner else self._found).append(found)
        if not (self._reverts and self._is_taken_back(commit, found)):
            for target in commit.reverts:
                self._reverts.setdefault(target, found)
                self._short[target[:7]] = target

    def collected(self) -> Collected:
        changes = [found.whole() if found.parts else found.change for found in self._found if self._counts(found)]
        return Collected(tuple(changes), self.commits, self.reverted)

    def _counts(self, found: _Found) -> bool:
        """Whether anything of it is left, and meant: a pull request all of whose commits were taken back is gone."""
        if found.parts:
            return not found.is_gone and not all(part.is_gone for part in found.parts)
        return not found.is_gone and (self._only is None or found.change.commits[0] in self._only)

    def _is_taken_back(self, commit: Commit, found: _Found) -> bool:
        """Whether a later commit reverts this one: then both are gone."""
        target = self._short.get(commit.hash[:7], "")
        known = target if target and commit.hash.startswith(target) else found.change.id
        revert = self._reverts.pop(known, None)
        if revert is None or revert.is_gone:
            return False
        revert.is_gone = found.is_gone = True
        self.reverted += 1
        return True

    def _hand_down(self, parents: Sequence[str], owner: str, others: str) -> None:
        """The first parent is whose the commit is, the others of the pull request it brings in. The main line wins."""
        whose = owner
        for parent in parents:
            if not whose or self._owners.get(parent, "-"):
                self._owners[parent] = whose
            whose = others


def collect(commits: Iterable[Commit], only: Container[str] | None = None) -> Collected:
    """The changes that these commits are; all of these are needed to tell what belongs together, `only` some count."""
    collector = Collector(only)
    for commit in commits:
        collector.take(commit)
    return collector.collected()


def merged(changes: Iterable[Change], fragments: Iterable[Change]) -> tuple[Change, ...]:
    """The changes with the words of the fragment files about them; a fragment about none is a change of its own.

    It is about the change of its number, else about the one whose commit brought it; of several that a commit brought
    each is told, and the first in its place. A fragment says it better than a title or a commit; a note that the author
    wrote for an audience stands.
    """
    spoken = list(changes)
    places = {name: index for index, one in enumerate(spoken) for name in (one.id, *one.references) if name[:1] in "#!"}
    brought = {sha: index for index, one in enumerate(spoken) for sha in one.commits}
    told: set[int] = set()
    alone = []
    for fragment in fragments:
        index = places.get(fragment.id, next((brought[sha] for sha in fragment.commits if sha in brought), None))
        if index is None or (index in told and fragment.id not in places):
            alone.append(fragment if index is None else _beside(fragment, spoken[index]))
        else:
            spoken[index] = _told_by(fragment, spoken[index])
            told.add(index)
    return (*spoken, *alone)


def _beside(fragment: Change, change: Change) -> Change:
    """Told by itself, with the number and the people of the change that brought it."""
    numbers = dict.fromkeys((*fragment.references, *(name for name in (change.id,) if name[:1] in "#!")))
    return fragment._replace(references=tuple(numbers), authors=change.authors)


def _told_by(fragment: Change, change: Change) -> Change:
    if fragment.problem:
        notes = {**fragment.notes, **change.notes}
        return change._replace(problem=fragment.problem, notes=notes, audiences=change.audiences or fragment.audiences)
    return change._replace(
        title=fragment.title,
        type=fragment.type,
        is_breaking=change.is_breaking or fragment.is_breaking,
        action=change.action or fragment.action,
        notes={**fragment.notes, **change.notes},
        audiences=fragment.audiences or change.audiences,
        references=tuple(dict.fromkeys((*change.references, *fragment.references))),
    )
