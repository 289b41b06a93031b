"""Conventional Commits 1.0.0 (conventionalcommits.org), read whole: header, body, footers.

`!` and the footer BREAKING CHANGE both mean breaking; types are read in any letter case, BREAKING CHANGE is not; a
footer's token has dashes for spaces, and its value goes on until the next token.
"""

from __future__ import annotations

import re
from typing import NamedTuple

HEADER = re.compile(r"(?P<type>[A-Za-z][\w-]*)(?:\((?P<scope>[^()\n]*)\))?(?P<mark>!)?:[ \t]+(?P<title>\S.*)", re.ASCII)
WORD = r"(BREAKING[ -]CHANGE|[A-Za-z][\w-]*)(?:: | (?=#))"
FOOTER = re.compile(rf"{WORD}(.*)", re.ASCII)
BREAKING = re.compile(r"(?:(?<=\n\n)|\A)BREAKING[ -]CHANGE: ")
BLANK = re.compile(r"\n[ \t]+(?=\n)")
KNOWN = {
    "feature": "feat",
    "features": "feat",
    "added": "feat",
    "bugfix": "fix",
    "fixes": "fix",
    "fixed": "fix",
    "hotfix": "fix",
    "performance": "perf",
    "doc": "docs",
    "documentation": "docs",
    "tests": "test",
    "deprecate": "deprecated",
    "deprecation": "deprecated",
    "remove": "removed",
}


class Conventional(NamedTuple):
    """What a conventional message says. `footers` keep their order; a token may come more than once."""

    type: str
    scope: str
    title: str
    body: str
    footers: tuple[tuple[str, str], ...] = ()
    is_breaking: bool = False

    @property
    def breaks(self) -> str:
        """What breaks, in the words of the footer."""
        return next((said for token, said in self.footers if is_breaking(token)), "")


def is_breaking(token: str) -> bool:
    return token in ("BREAKING CHANGE", "BREAKING-CHANGE")


def parse(subject: str, rest: str) -> Conventional | None:
    """The message as its header and footers tell it, or None where the header is not of this form."""
    found = HEADER.fullmatch(subject) if ":" in subject else None
    if found is None:
        return None
    named, scope, mark, title = found.groups()
    type_ = named.lower()
    type_ = KNOWN.get(type_, type_)
    body, footers = split_footers(rest) if rest else ("", ())
    breaking = mark is not None or ("BREAKING" in rest and any(is_breaking(token) for token, _ in footers))
    return Conventional(type_, scope.strip() if scope else "", title.strip(), body, footers, breaking)


def split_footers(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The body, and the footers after it: they begin at the first paragraph that begins with a token.

    Where a paragraph such as `Note: ...` has prose after it, both are body, unless it says that something breaks.
    """
    text = BLANK.sub("\n", text).strip() if "\n " in text or "\n\t" in text else text.strip()
    if ": " not in text and " #" not in text:
        return text, ()
    start = _first_footer(text)
    return text[:start].rstrip(), _footers(text[start:]) if start < len(text) else ()


def _first_footer(text: str) -> int:
    """Where the footers begin; looked for from the end, since histories are long and bodies, too."""
    if "BREAKING" in text and (found := BREAKING.search(text)):
        return found.start()
    start = end = len(text)
    while end >= 0:
        blank = text.rfind("\n\n", 0, end)
        paragraph = blank + 2 if blank >= 0 else 0
        while text.startswith("\n", paragraph):
            paragraph += 1
        if not FOOTER.match(text, paragraph):
            break
        start, end = paragraph, blank
    return start


def _footers(text: str) -> tuple[tuple[str, str], ...]:
    footers: list[tuple[str, str]] = []
    goes_on = False
    for line in text.split("\n"):
        if found := FOOTER.match(line):
            footers.append((found[1], found[2].strip()))
        else:  # the first line is a footer, so there is one
            token, value = footers[-1]
            footers[-1], goes_on = (token, f"{value}\n{line}"), True
    return tuple((token, value.strip()) for token, value in footers) if goes_on else tuple(footers)
