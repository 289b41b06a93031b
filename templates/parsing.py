"""Markdown as tokens: in time that grows with the text, no deeper than its readers can follow, and no word of it lost.

What would take longer, or would be cut, is read as paragraphs and nothing else.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from templates.words import is_web

LINE_END = re.compile(r"\r\n?|\n")  # markdown's; others stand within a line
DEEPEST = 50  # emphases within each other
SPARE = 10_000  # cells
BRACKETS = 5_000  # and one for ten signs: each is tried as the beginning of a link, which takes thirty times as long


class _Parser(MarkdownIt):
    """Raw HTML stays text, and a link leads to the web or to a mailbox."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable(["table", "strikethrough"])

    def validateLink(self, url: str) -> bool:
        return is_web(url)


PARSER = _Parser()
WORDS = MarkdownIt("zero")


def tokens(text: str) -> list[Token]:
    """What the markdown consists of; of paragraphs alone where it cannot be laid out."""
    return _laid_out(text) or WORDS.parse(text)


def is_laid_out(text: str) -> bool:
    """Whether it is read as the markdown it is."""
    return _laid_out(text) is not None


def _laid_out(text: str) -> list[Token] | None:
    if swells(text) or text.count("[") > BRACKETS + len(text) // 10:
        return None
    found = PARSER.parse(text)
    return None if any(_is_cut(token) or _is_deep(token) for token in found) else found


def swells(text: str) -> bool:
    """Whether its tables have many more cells than anybody wrote: each row is filled up to the width of the head."""
    cells = columns = 0
    for line in LINE_END.split(text):
        bare = line.strip(" \t>")
        if not bare:
            columns = 0
        elif "|" in bare and "-" in bare and not bare.strip(" \t|:-"):
            columns = max(columns, bare.strip("|").count("|") + 1)
        cells += columns
    return cells > SPARE + text.count("|")


def _is_cut(token: Token) -> bool:
    """Whether the parser leaves out what is in this list item or quotation, for it stands too deep."""
    return token.type in ("list_item_open", "blockquote_open") and token.level + 1 >= PARSER.options["maxNesting"]


def _is_deep(token: Token) -> bool:
    depth = deepest = 0
    for child in token.children or ():
        depth += child.nesting
        deepest = max(deepest, depth)
    return deepest > DEEPEST
