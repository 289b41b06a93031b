"""A new draft over words that people have edited: theirs stay, new changes are added, vanished ones are marked.

The draft a person began with is remembered beside their text, line by line and by change, so that it shows which lines
they left alone, which they wrote anew, and which changes they have dealt with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

ADDED = "Added since this was written"
GONE = " *(no longer part of this release)*"


@dataclass(frozen=True, slots=True)
class Passage:
    """What a draft says of one change: its heading, and the lines of its entry."""

    change: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Somebody's text, and what was drafted of each change by then (`seen`, by change)."""

    words: str
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileSeen:
    """The file under review that was known when words were saved; the rest if they were taken from it."""

    sha256: str
    where: str = ""
    author: str = ""
    others: tuple[str, ...] = ()


def tidy(words: str) -> str:
    """One line end at the end, and none but `\\n`; control characters are nobody's words."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in plain if sign in "\n\t" or (sign >= " " and sign != "\x7f"))
    return kept.strip("\n") + "\n" if kept.strip() else ""


def drafted(passages: Sequence[Passage]) -> Text:
    """The first draft: passages under their headings."""
    return Text(_laid_out(passages), {one.change: one.text for one in passages})


def rewritten(text: Text, passages: Sequence[Passage]) -> Text:
    """The text with what is new in this draft; nothing that a person wrote is lost or changed."""
    now = {one.change: one for one in passages}
    words = text.words
    for change, before in text.seen.items():
        after = now.get(change)
        if after is None:
            words = _marked(words, before)
        elif after.text != before and holds(words, before):
            words = _replaced(words, before, after.text)  # nobody touched it: the better draft may stand
    for one in passages:
        if one.change not in text.seen and not holds(words, one.text):
            words = _added(words, one)
    unmarked = {change: said for change, said in text.seen.items() if change in now}
    return Text(words, {**unmarked, **{change: one.text for change, one in now.items()}})


def _laid_out(passages: Iterable[Passage]) -> str:
    under: dict[str, list[str]] = {}
    for one in passages:
        under.setdefault(one.heading, []).append(one.text)
    return "\n\n".join(f"## {heading}\n\n" + "\n".join(texts) for heading, texts in under.items()) + "\n"


def holds(words: str, passage: str) -> bool:
    """Whether the passage stands in the text as it was drafted: whole lines, not a part of somebody's sentence."""
    return f"\n{passage}\n" in f"\n{words}\n"


def _replaced(words: str, passage: str, by: str) -> str:
    return f"\n{words}\n".replace(f"\n{passage}\n", f"\n{by}\n", 1)[1:-1]


def _marked(words: str, passage: str) -> str:
    """The passage of a vanished change gets a mark; where a person wrote it anew, it is theirs to take out."""
    if not holds(words, passage):
        return words
    first, *rest = passage.split("\n")
    return _replaced(words, passage, "\n".join([first + GONE, *rest]))


def _added(words: str, one: Passage) -> str:
    """Under its heading where the text still has that, else at the end."""
    lines = words.rstrip("\n").split("\n")
    heading = f"## {one.heading}"
    if heading not in lines:
        return _at_the_end(words, one)
    start = lines.index(heading)
    end = next((i for i in range(start + 1, len(lines)) if lines[i].startswith("#")), len(lines))
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    between = [""] if end == start + 1 else []
    return "\n".join([*lines[:end], *between, *one.text.split("\n"), *lines[end:]]) + "\n"


def _at_the_end(words: str, one: Passage) -> str:
    kept = words.rstrip("\n")
    if f"## {ADDED}" not in kept.split("\n"):
        kept = f"{kept}\n\n## {ADDED}\n" if kept else f"## {ADDED}\n"
    return f"{kept}\n{one.text}\n"
