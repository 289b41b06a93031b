"""The rows of a CSV file; one whose quotes are wrong takes none of those below it along."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 1_000
"""Lines of one row: a quote that nothing closes within so many is a stray one."""
STRAY = "a quote that opens here is not closed; close it, or take it out"


@dataclass(frozen=True, slots=True)
class Row:
    """Where it begins and ends, and its cells; or the `problem` for which it is none."""

    begins: int
    ends: int
    cells: tuple[str, ...] = ()
    problem: str = ""


def rows(lines: Iterable[str], separator: str, first: int) -> Iterator[Row]:
    """Every row, where the first line has this number. What follows a stray quote is read again, as rows."""
    given = _Lines(lines, first)
    reader = csv.reader(given, delimiter=separator, strict=True)
    while True:
        given.begin()
        try:
            cells = tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            is_stray = given.ends > given.begins or "end of data" in str(error)
            given.back()
            problem = STRAY if is_stray else f"this is no row of a CSV file ({error}); check its quotes"
            yield Row(given.begins, given.ends, problem=problem)
        else:
            yield Row(given.begins, given.ends, cells)


class _Lines:
    """Lines for a reader that takes none before it needs it; all but the first of a row can be given again."""

    def __init__(self, lines: Iterable[str], first: int) -> None:
        self.begins = first
        self._rest = iter(lines)
        self._again: deque[str] = deque()
        self._row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._row) == LONGEST:
            raise StopIteration
        self._row.append(self._again.popleft() if self._again else next(self._rest))
        return self._row[-1]

    @property
    def ends(self) -> int:
        return self.begins + max(len(self._row), 1) - 1

    def begin(self) -> None:
        """The next line begins a row."""
        self.begins += len(self._row)
        self._row = []

    def back(self) -> None:
        self._again.extendleft(reversed(self._row[1:]))
        del self._row[1:]
