"""What a merged pull request says of its change: title, labels, note blocks, the issues it closes.

It can be edited after the merge, where a commit cannot: so it knows better than the commits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from checklists.notes.change import UNSORTED, Author, Change
from checklists.notes.commit import Commit, read
from checklists.value import Value

LABELS: Mapping[str, str] = {
    "bug": "fix", "bugfix": "fix", "fix": "fix", "regression": "fix", "enhancement": "feat", "feature": "feat",
    "feat": "feat", "new feature": "feat", "security": "security", "performance": "perf", "perf": "perf",
    "documentation": "docs", "docs": "docs", "deprecation": "deprecated", "deprecated": "deprecated",
    "removal": "removed", "removed": "removed", "refactor": "refactor", "refactoring": "refactor",
    "tests": "test", "test": "test",
    "ci": "ci", "build": "build", "dependencies": "build", "chore": "chore", "internal": "chore",
    "maintenance": "chore",
    "skip-changelog": "chore", "skip news": "chore", "ignore-for-release": "chore",
}  # fmt: skip
"""Labels that projects have in common; with or without a word before them, such as `type: bug` or `kind/bug`."""
BREAKING = ("breaking", "breaking change", "breaking-change", "semver-major")
PREFIX = re.compile(r"^(?:type|kind|area|changelog|category|t|c)\s*[:/-]\s*", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+((?:[\w.-]+/[\w.-]+)?#\d+)", re.IGNORECASE)


class Pull(Value):
    """A pull or merge request as its host tells it; `author` is the login of who opened it."""

    title: str
    body: str = ""
    labels: tuple[str, ...] = ()
    author: str = ""


def told_by_pull(change: Change, pull: Pull) -> Change:
    """The change in the words of its pull request; what that does not say stands as it was."""
    body = _uncommented(pull.body).replace("\r\n", "\n")
    said = read(pull.title.strip() or change.title, body, Commit("", (), "", "", pull.title, body), change.id)
    labels = [PREFIX.sub("", label.strip()).lower() for label in pull.labels]
    types = [LABELS[label] for label in labels if label in LABELS]
    sorted_ = said.type if said.type != UNSORTED else change.type
    return change._replace(
        title=said.title,
        type=types[0] if types else sorted_,
        scope=said.scope or change.scope,
        is_breaking=change.is_breaking or said.is_breaking or any(label in BREAKING for label in labels),
        breaks=said.breaks or change.breaks,
        action=said.action or change.action,
        notes={**change.notes, **said.notes},
        references=tuple(dict.fromkeys((*change.references, *said.references, *CLOSES.findall(body)))),
        authors=_written_by(change.authors, pull.author),
    )


def _written_by(authors: tuple[Author, ...], login: str) -> tuple[Author, ...]:
    """With the login of who opened it, where one person wrote all of it: of several nobody says who that was."""
    people = [author for author in authors if not author.is_bot]
    if not login or len(people) != 1:
        return authors
    return tuple(replace(author, login=login) if author in people else author for author in authors)


def _uncommented(text: str) -> str:
    """Without the hints of a template. What nobody ended is no comment: after the last end none is looked for."""
    before, end, rest = text.rpartition("-->")
    return COMMENT.sub("", before + end) + rest
