"""How commands answer: a JSON value, a table, or a "no" with its reason."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any


class No(Exception):
    """Refused, or not valid: exit status 1 with these words on stderr."""


def as_json(value: Any) -> None:
    """One JSON value on stdout and nothing else."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.write("\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as wide as the terminal allows; text from people is shown as text."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column)
    for row in rows:
        made.add_row(*(Text(plain(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160).print(made)


def plain(text: str) -> str:
    """Without control characters: nobody's comment moves the cursor of who reads it."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
