"""Plain data of changes, for templates and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from checklists.notes.change import Audience, Author, Change
from checklists.notes.grouping import Line, sections

SHOWN: Mapping[Audience, frozenset[str]] = {
    "customer": frozenset(),
    "admin": frozenset({"id", "references"}),
    "developer": frozenset({"id", "references", "title", "commits", "authors"}),
    "internal": frozenset({"id", "references", "title", "commits", "authors"}),
}
"""What an audience is told of a change beside the words for it, as in `templates/notes/`. Of its authors the house
reads the names, and developers the logins that are known."""
NOWHERE: Mapping[str, str] = MappingProxyType({})
KEPT_BACK = frozenset().union(*SHOWN.values())


def values(changes: Iterable[Change], audience: Audience, links: Mapping[str, str] = NOWHERE) -> list[dict[str, Any]]:
    """What the templates of `templates/notes/` are filled with: sections and their lines."""
    return [
        {"group": section.group, "lines": [line_values(line, audience, links) for line in section.lines]}
        for section in sections(changes, audience)
    ]


def line_values(line: Line, audience: Audience, links: Mapping[str, str]) -> dict[str, Any]:
    """One change as the templates read it."""
    return {
        "words": line.words,
        "must": line.must,
        "scope": line.change.scope,
        "references": list(line.change.references),
        "authors": _people(line.change, audience, links),
    }


def _people(change: Change, audience: Audience, links: Mapping[str, str]) -> list[dict[str, str]]:
    """Who wrote it, once each, as its audience reads it."""
    found: dict[str, str] = {}
    for author in change.authors:
        url = _page(author, links)
        name = author.name.removesuffix("[bot]") if audience == "internal" else f"@{author.login}"
        if url or audience == "internal":
            found[name] = found.get(name) or url
    return [{"name": name, "url": url} for name, url in found.items()]


def _page(author: Author, links: Mapping[str, str]) -> str:
    return links.get(f"@{author.login}", "") if author.login else ""


def as_data(change: Change, audience: Audience, links: Mapping[str, str] = NOWHERE) -> dict[str, Any]:
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
        "authors": [said for author in change.authors if (said := _author(author, audience, links))],
        "commits": list(change.commits),
    }
    return {name: value for name, value in told.items() if name not in KEPT_BACK or name in SHOWN[audience]}


def _author(author: Author, audience: Audience, links: Mapping[str, str]) -> dict[str, Any]:
    url = _page(author, links)
    page = {"login": author.login, "url": url} if url else {}
    return {"name": author.name, "email": author.email, "bot": author.is_bot} | page if audience == "internal" else page
