"""What is kept of feeds between two readers: entries as they are drawn, and how far searches have come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from ledger.publication_search import Sought
from ledger.publications import Publications, State

SEARCHES = 500
ROOM = 32 * 2**20
"""Bytes of entries kept in one language: five thousand of 1.7 kB in three formats; larger ones are drawn more often."""
BESIDE = 450
"""Bytes that an entry takes beside its own: its keys, and its places in what holds it. Measured."""


class Drawn(NamedTuple):
    """An entry of a feed. Nothing in it depends on who reads it: their address is put in where it leaves."""

    id: str
    revision: int
    updated_at: datetime
    body: bytes


Draw = Callable[[Sequence[str]], Iterable[Drawn]]
"""Draws the entries of these ids, in any order, as they stand now."""


@dataclass
class Searches:
    """How far each search has come; looked for anew only where anything at all has changed."""

    states: dict[Sought, tuple[int, State]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def state(self, publications: Publications, sought: Sought) -> State:
        now = publications.revision()
        with self.lock:
            at, known = self.states.get(sought, (-1, None))
        if known is None or at != now:
            known = publications.state(sought)
            with self.lock:
                if len(self.states) >= SEARCHES:
                    self.states.clear()
                self.states[sought] = now, known
        return known


@dataclass
class Shelf:
    """Entries by the look they were drawn in; a change of one draws that one. Those asked for longest ago go first."""

    room: int = ROOM
    kept: OrderedDict[tuple[str, str], Drawn] = field(default_factory=OrderedDict)
    size: int = 0
    lock: Lock = field(default_factory=Lock)

    def entries(self, look: str, found: Sequence[tuple[str, int]], draw: Draw) -> list[Drawn]:
        """Those that were found, in their order. One at a time: who waits finds what was drawn meanwhile."""
        with self.lock:
            here = {one.id: one for one in self._known(look, found)}
            missing = [id_ for id_, _ in found if id_ not in here]
            drawn = {one.id: one for one in draw(missing)} if missing else {}
            for id_ in reversed(missing):
                self._keep(look, drawn[id_])
            self._make_room()
        return [here.get(id_) or drawn[id_] for id_, _ in found]

    def _known(self, look: str, found: Sequence[tuple[str, int]]) -> Iterator[Drawn]:
        """The newest last, so that they stay longest."""
        for id_, revision in reversed(found):
            one = self.kept.get((look, id_))
            if one and one.revision == revision:
                self.kept.move_to_end((look, id_))
                yield one

    def _keep(self, look: str, one: Drawn) -> None:
        before = self.kept.pop((look, one.id), None)
        self.size += _size(one) - (_size(before) if before else 0)
        self.kept[look, one.id] = one

    def _make_room(self) -> None:
        while self.size > self.room:
            _, gone = self.kept.popitem(last=False)
            self.size -= _size(gone)


def _size(one: Drawn) -> int:
    return len(one.body) + BESIDE
