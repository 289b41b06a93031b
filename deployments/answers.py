"""How commands answer: a JSON value, a table, or a "no" with its reason."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from templates.render import Rendered

MANY = 500
WIDEST = 60
SPACIOUS = 100


class No(Exception):
    """Refused, or not valid: exit status 1 with these words on stderr."""


def as_json(value: Any) -> None:
    """One JSON value on stdout and nothing else."""
    from templates.words import in_json

    sys.stdout.write(in_json(value, 2 if sys.stdout.isatty() else None) + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], spare: str = "") -> None:
    """A table as wide as the terminal allows, without its `spare` column where that is narrow.

    Text from people is shown as text; what is too wide goes on in the next line.
    """
    said = [[plain(cell) for cell in row] for row in rows]
    if len(said) > MANY:
        _print_many(title, [list(columns), *said])
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    screen = Console(width=None if sys.stdout.isatty() else 160)
    shown = [place for place, name in enumerate(columns) if name != spare or screen.width >= SPACIOUS]
    made = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for place in shown:
        made.add_column(columns[place], overflow="fold", no_wrap=place == 0)  # nothing is cut; a name is whole to copy
    for row in said:
        made.add_row(*(Text(row[place]) for place in shown))
    screen.print(made)


def _print_many(title: str, rows: Sequence[Sequence[str]]) -> None:
    """So many rows that nobody wants them wrapped, and that wrapping them would take seconds."""
    widths = [min(max(map(len, column)), WIDEST) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    sys.stdout.write("\n".join((title, *lines, "")))


def plain(text: str) -> str:
    """Without control characters: nobody's comment moves the cursor of who reads it."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)


def all_of(words: Sequence[str]) -> str:
    """`email`, `email and feed`, `email, feed and slack`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def as_text(message: Rendered) -> str:
    """What a message says, as a terminal can show it: the text of a mail, or what is posted as JSON."""
    payload = message.slack or message.teams
    return json.dumps(payload, ensure_ascii=False, indent=2) if payload else message.text
