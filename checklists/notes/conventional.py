"""Conventional Commits 1.0.0 (conventionalcommits.org), read whole: header, body, footers.

`!` and the footer BREAKING CHANGE both mean breaking; types are read in any letter case, BREAKING CHANGE is not; a
footer's token has dashes for spaces, and its value goes on until the next token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

HEADER = re.compile(r"(?P<type>[A-Za-z][\w-]*)(?:\((?P<scope>[^()\n]*)\))?(?P<mark>!)?:[ \t]+(?P<title>\S.*)", re.ASCII)
WORD = r"(?:BREAKING[ -]CHANGE|[A-Za-z][\w-]*+)"
SIGN = r"(?:: | (?=#))"
FOOTER = re.compile(rf"\n*{WORD}{SIGN}", re.ASCII)
FOOTERS = re.compile(rf"^({WORD}){SIGN}(.*(?:\n(?!{WORD}{SIGN}).*)*)", re.ASCII | re.MULTILINE)
BREAKING = re.compile(r"BREAKING[ -]CHANGE: ")
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


def header(subject: str) -> tuple[str, str, str, bool] | None:
    """The type, the scope, the title, and whether a `!` says that something breaks; None where it has another form."""
    found = HEADER.fullmatch(subject) if ":" in subject else None
    if found is None:
        return None
    named, scope, mark, title = found.groups()
    type_ = named.lower()
    return KNOWN.get(type_, type_), scope.strip() if scope else "", title.strip(), mark is not None


def footers(text: str) -> Sequence[tuple[str, str]]:
    """Token and value of each, as they stand there; they begin at the first paragraph that begins with a token.

    Where a paragraph such as `Note: ...` has prose after it, both are body, unless it says that something breaks.
    """
    if ": " not in text and " #" not in text:
        return ()
    if "\n " in text or "\n\t" in text:
        text = BLANK.sub("\n", text)
    text = text.strip()
    return FOOTERS.findall(text, first_footer(text))


def is_breaking(token: str) -> bool:
    return token in ("BREAKING CHANGE", "BREAKING-CHANGE")


def first_footer(text: str) -> int:
    """Where the footers begin; looked for from the end, since histories are long and bodies, too."""
    if "BREAKING" in text:
        for found in BREAKING.finditer(text):
            if found.start() == 0 or text.endswith("\n\n", 0, found.start()):
                return found.start()
    start = end = len(text)
    while end >= 0:
        blank = text.rfind("\n\n", 0, end)
        while blank > 0 and text[blank - 1] == "\n":
            blank -= 1
        paragraph = blank + 2 if blank >= 0 else 0
        if not FOOTER.match(text, paragraph):
            break
        start, end = paragraph, blank
    return start
