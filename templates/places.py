"""Where in a mail something of its reader may stand: among its words, not in addresses, styles, scripts or tags."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

from templates.personal import LINKS, MARK, name_of

SHOWN = ("alt", "title", "abbr", "summary", "class", "id", "lang")
"""Attributes that only say something; so do those that begin with `aria-`."""
RAW = ("script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext")
"""What stands in them is no text in which signs are escaped."""


def misplaced(html: str) -> list[str]:
    """What of a reader stands where it must not, in HTML as css-inline writes it: each attribute in quotes.

    The addresses that are made here may stand everywhere; what was not seen at all stands nowhere good.
    """
    found = _Marks(html)
    unseen = Counter(MARK.findall(html)) - Counter(found.seen)
    return [name for mark in (*found.wrong, *unseen) if (name := name_of(mark)) not in LINKS]


class _Marks(HTMLParser):
    """Every mark of a page. What stands in a comment is HTML to some mail programs, and nobody has put it in quotes."""

    def __init__(self, html: str, *, is_comment: bool = False) -> None:
        super().__init__()
        self.is_comment = is_comment
        self.seen: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self._take(value or "", (name in SHOWN or name.startswith("aria-")) and not self.is_comment)
        if tag in RAW:
            self.set_cdata_mode(tag)

    def handle_data(self, data: str) -> None:
        self._take(data, self.cdata_elem not in RAW)

    def handle_comment(self, data: str) -> None:
        inner = _Marks(data, is_comment=True)
        self.seen += inner.seen
        self.wrong += inner.wrong

    def _take(self, text: str, is_shown: bool) -> None:
        marks = MARK.findall(text)
        self.seen += marks
        self.wrong += [] if is_shown else marks
