"""What is different since the last round, as a letter tells it: in words, without the marks of a `diff`."""

from __future__ import annotations

from collections.abc import Iterator

from templates.markup import PLAIN, blocks

SIGNS = {"+": "Added", "-": "Removed"}
HEAD = "--- before\n+++ now\n"


def in_sentences(change: str) -> Iterator[str]:
    """A line for each that was added or removed. The difference of code is for the page, which shows all of it."""
    if "\n" not in change:
        yield change
    elif change.startswith(HEAD):
        for line in change.removeprefix(HEAD).splitlines():
            if line[:1] in SIGNS and (words := _plain(line[1:])):
                yield f"{SIGNS[line[0]]}: {words}"


def _plain(line: str) -> str:
    """Without the marks of markdown; what underlines a heading is left out."""
    first = next(iter("\n".join(blocks(line, PLAIN)).splitlines()), "")
    return first.strip().removeprefix("- ")
