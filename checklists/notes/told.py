"""Plain data of changes, for templates and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checklists.notes.change import Audience, Change
from checklists.notes.grouping import Line, sections

SHOWN: Mapping[Audience, frozenset[str]] = {
    "customer": frozenset(),
    "admin": frozenset({"id", "references"}),
    "developer": frozenset({"id", "references", "title", "commits"}),
    "internal": frozenset({"id", "references", "title", "commits", "authors"}),
}
"""What an audience is told of a change beside the words for it, as in `templates/notes/`."""
KEPT_BACK = frozenset().union(*SHOWN.values())


def values(changes: Iterable[Change], audience: Audience) -> list[dict[str, Any]]:
    """What the templates of `templates/notes/` are filled with: sections and their lines."""
    return [
        {"group": section.group, "lines": [line_values(line) for line in section.lines]}
        for section in sections(changes, audience)
    ]


def line_values(line: Line) -> dict[str, Any]:
    """One change as the templates read it."""
    return {
        "words": line.words,
        "must": line.must,
        "scope": line.change.scope,
        "references": list(line.change.references),
        "authors": list(dict.fromkeys(author.name.removesuffix("[bot]") for author in line.change.authors)),
    }


def as_data(change: Change, audience: Audience) -> dict[str, Any]:
    """One change as JSON says it; a promise to programs that read `tminus notes --format json`.

    What its audience is not to read is not there.
    """
    told = {
        "id": change.id,
        "source": change.source,
        "type": change.type,
        "scope": change.scope,
        "breaking": change.is_breaking,
        "title": change.title,
        "words": change.words(audience),
        "action": change.action or change.breaks,
        "audiences": list(change.concerns),
        "references": list(change.references),
        "authors": [{"name": author.name, "email": author.email, "bot": author.is_bot} for author in change.authors],
        "commits": list(change.commits),
    }
    return {name: value for name, value in told.items() if name not in KEPT_BACK or name in SHOWN[audience]}
