"""What a text of notes lacks: words, instructions, living links, and everything its readers must not see."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from checklists.notes.change import Audience, Change
from checklists.notes.findings import ADDRESS, Finding, lines_of, of_changes, of_text, origin, place, together
from checklists.notes.rewriting import Text, holds
from checklists.notes.style import Style
from tasks.checks.links import follow
from tasks.checks.subject import Subject
from templates.parsing import is_laid_out

LINKS = 50
PATIENCE = 15.0  # seconds for all links of a text


def lacking(text: Text, changes: Iterable[Change], audience: Audience, style: Style) -> Iterator[str]:
    """In the order in which a person mends it. What is missing behind a change counts as long as its draft stands."""
    known = tuple(changes)
    missing = of_changes(known, (audience,))
    yield from map(str, together(one for one in missing if _counts(one, text)))
    if not is_laid_out(text.words):
        problem = (
            "tables too wide, lists or emphasis too deep, or too many brackets: all of it is shown as it was typed"
        )
        yield str(Finding(audience, problem, "make them fewer"))
    yield from map(str, of_text(text.words, audience, style, lines_of(known, text.seen)))


def _counts(finding: Finding, text: Text) -> bool:
    """Whether the draft of that change stands still; a person's words are enough."""
    return finding.change not in text.seen or holds(text.words, text.seen[finding.change])


def dead_links(
    texts: Mapping[str, Text], changes: Iterable[Change], subject: Subject, made: Container[str] = ()
) -> list[str]:
    """The links in these texts that do not answer, one sentence each, with the change that is told of there.

    Those that were `made` from the numbers of issues are not followed: of a private repository, who has not signed in
    sees nothing, and they are many.
    """
    known, found = tuple(changes), dict[str, str]()
    for audience, text in texts.items():
        lines = lines_of(known, text.seen)
        for line in text.words.splitlines():
            where = place(audience, *origin(lines.get(line.strip())))
            for link in ADDRESS.findall(line):
                found.setdefault(link.rstrip(".,;:!?"), where)
    sources = {link: where for link, where in found.items() if link not in made}
    return follow(dict(list(sources.items())[:LINKS]), subject, PATIENCE)
