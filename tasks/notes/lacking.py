"""What a text of notes lacks: words, instructions, living links, and everything its readers must not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checklists.notes.change import Audience, Change
from checklists.notes.findings import ADDRESS, Style, of_changes, of_text
from checklists.notes.rewriting import holds
from tasks.checks.links import follow
from tasks.checks.subject import Subject

LINKS = 50
PATIENCE = 15.0  # seconds for all links of a text


def lacking(
    text: str, seen: Mapping[str, str], changes: Iterable[Change], audience: Audience, style: Style
) -> Iterator[str]:
    """In the order in which a person mends it. What is missing behind a change counts as long as its draft stands."""
    for finding in of_changes(changes, (audience,)):
        if finding.change not in seen or holds(text, seen[finding.change]):
            yield str(finding)
    yield from map(str, of_text(text, audience, style))


def dead_links(texts: Iterable[str], subject: Subject) -> list[str]:
    """The links in these texts that do not answer, one sentence each."""
    found = dict.fromkeys(link.rstrip(".,;:!?") for text in texts for link in ADDRESS.findall(text))
    return follow(list(found)[:LINKS], "the notes", subject, PATIENCE)
