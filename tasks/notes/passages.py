"""Drafts of notes, change by change: what the templates say of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checklists.notes.change import Audience, Change
from checklists.notes.grouping import sections
from checklists.notes.rewriting import Passage
from checklists.notes.told import line_values
from templates.filling import render_markdown


def passages(changes: Iterable[Change], audience: Audience, links: Mapping[str, str]) -> tuple[Passage, ...]:
    """What an audience is told of each change, in the order in which it reads them. `links` are those it may follow."""
    return tuple(_passages(tuple(changes), audience, links))


def _passages(changes: tuple[Change, ...], audience: Audience, links: Mapping[str, str]) -> Iterator[Passage]:
    for section in sections(changes, audience):
        for line in section.lines:
            values = {
                "sections": [{"group": section.group, "lines": [line_values(line, audience, links)]}],
                "links": links,
                "silent": 0,
            }
            heading, _, text = render_markdown("notes", f"{audience}.md", values).partition("\n")
            yield Passage(line.change.id, heading.removeprefix("## "), text.strip("\n"))
