"""Any number of receivers in the order of the ids of their deliveries, with few of them in memory.

Ids are hashes. Written as they come, each batch of them would touch pages from all over the index of a large table;
written in their order, it grows at one place.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from operator import itemgetter
from tempfile import TemporaryFile
from typing import IO, NamedTuple

IN_MEMORY = 40_000
"""Receivers that are sorted where they are; of more, as many wait for the file that they are sorted in."""
SHELVES = 256
"""By how the ids begin: of ten million receivers one shelf holds forty thousand."""
_ID = itemgetter(0)


class Named(NamedTuple):
    """A receiver with the id of their delivery, as they are written."""

    id: str
    address: str
    facts: str | None
    segment: str
    not_before: datetime | None


def in_order(named: Iterable[Named]) -> Iterator[Named]:
    """All of them by id; those with the same id as they came."""
    rest = iter(named)
    first = list(islice(rest, IN_MEMORY))
    if len(first) < IN_MEMORY:
        yield from sorted(first, key=_ID)
        return
    with TemporaryFile() as file:  # it has no name, and is gone with this process
        for shelf in _shelved(chain(first, rest), file):
            yield from sorted(_read(file, shelf), key=_ID)


def _shelved(named: Iterable[Named], file: IO[bytes]) -> list[list[int]]:
    """Put all of them into the file; for each shelf, where in it its parts begin."""
    places: list[list[int]] = [[] for _ in range(SHELVES)]
    waiting: list[list[tuple[object, ...]]] = [[] for _ in range(SHELVES)]
    for one in named:
        shelf = int(one.id[:2], 16)
        waiting[shelf].append(tuple(one))
        if len(waiting[shelf]) * SHELVES >= IN_MEMORY:
            _put(file, waiting[shelf], places[shelf])
    for shelf, some in enumerate(waiting):
        _put(file, some, places[shelf])
    return places


def _put(file: IO[bytes], some: list[tuple[object, ...]], places: list[int]) -> None:
    places.append(file.tell())
    pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
    some.clear()


def _read(file: IO[bytes], shelf: Iterable[int]) -> Iterator[Named]:
    for place in shelf:
        file.seek(place)
        yield from map(Named._make, pickle.load(file))  # noqa: S301 - nobody else can write into it
