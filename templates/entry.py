"""What the change channel shows of an announcement's words: as HTML, in a few words, and of which types it is."""

from __future__ import annotations

import re
from dataclasses import replace

from templates import markup
from templates.words import MARKS, SUBJECT_LENGTH, clean, cut, cut_at_word, in_one_line, one_line

DRAWN = 3
"""Raised with every change of how words become HTML or an excerpt: what was drawn before is drawn again."""
EXCERPT = 240
LONGEST_FOUND = 100_000
NO_CHARACTER = re.compile("[\ufffe\uffff]")  # which XML may not hold either
HEADING = re.compile(r"^#{1,4} +(.+)$", re.MULTILINE)
TITLE = re.compile(r"\s*# +(\S[^\n]*)(?:\n|\Z)")
LONGEST_TITLE = 1_000
NO_TITLE = frozenset({"v", "release", "notes", "version", "changelog"})
TEASER = replace(markup.PLAIN, link=lambda name, url: name, code_span=str)
ENDED = tuple(".!?…:;,。！？：；" + MARKS)
CLOSED = "\"'”’»)]"
TYPES = {
    "what you need to do": "action",
    "before you update": "action",
    "breaking changes": "action",
    "customers or admins have to act": "action",
    "security": "security",
    "new": "new",
    "added": "new",
    "features": "new",
    "better than before": "improved",
    "performance": "improved",
    "faster": "improved",
    "improved": "improved",
    "changed": "improved",
    "fixed": "fixed",
    "fixes": "fixed",
    "no longer there": "removed",
    "removed or deprecated": "removed",
    "removed, deprecated, reverted": "removed",
    "removed": "removed",
    "deprecated": "removed",
}
"""The headings of the notes (`templates/notes/`) and those of keepachangelog.com, as change types."""


def titled(text: str, *known: str) -> tuple[str, str]:
    """The title that notes begin with, as `# Exports in seconds`, in plain text; and what follows it.

    A line that says only what is `known` (the product, the version) is no title, and nobody has to read it twice.
    """
    found = TITLE.match(text)
    if found is None:
        return "", text
    said = found[1].rstrip()[:LONGEST_TITLE]
    bare = said.rstrip("#")  # what closes a heading stands after a space: C# is none
    line = one_line(plain(bare if bare[-1:] in (" ", "\t") else said), SUBJECT_LENGTH)
    rest = text[found.end() :].lstrip()
    left = line.casefold()
    for word in sorted((one.casefold() for one in known if one), key=len, reverse=True):
        left = left.replace(word, " ")
    is_new = any(word not in NO_TITLE for word in re.findall(r"\w+", left))
    return (line if is_new else ""), rest


def body(text: str) -> str:
    """The markdown without what nobody can see: one line ending, no control characters."""
    return NO_CHARACTER.sub("", str(clean(text.replace("\r\n", "\n").replace("\r", "\n"))))


def title(text: str) -> str:
    return NO_CHARACTER.sub("", one_line(text, SUBJECT_LENGTH))


def html(text: str) -> str:
    return str(markup.html(text)).strip()


def plain(text: str) -> str:
    return "\n\n".join(markup.blocks(text, markup.PLAIN))


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """The first sentences on one line, without headings and tables: all that leaves of what is private."""
    said = " ".join(map(_sentence, markup.passages(text, TEASER)))
    return in_one_line(said, limit, cut_at_word)


def _sentence(passage: str) -> str:
    """With a full stop where it has no end, as most entries of lists have none."""
    said = passage.strip()
    return said if not said or said.rstrip(CLOSED).endswith(ENDED) else f"{said}."


def types(text: str) -> tuple[str, ...]:
    """The change types that the headings of the notes name, in their order."""
    found = (TYPES.get(one_line(heading.rstrip().rstrip("#")).casefold()) for heading in HEADING.findall(text))
    return tuple(dict.fromkeys(filter(None, found)))


def findable(*texts: str) -> str:
    """All that a search looks through."""
    return cut("\n".join(texts), LONGEST_FOUND)
