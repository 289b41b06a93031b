from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from web.channel.shelf import BESIDE, Drawn, Shelf

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FOUND = [("c", 3), ("b", 2), ("a", 1)]


class Drawing:
    """Draws entries of a hundred bytes at these revisions, and remembers which."""

    def __init__(self, **revisions: int) -> None:
        self.revisions = {"a": 1, "b": 2, "c": 3} | revisions
        self.drew: list[str] = []

    def __call__(self, ids: Sequence[str]) -> Iterator[Drawn]:
        self.drew += ids
        return (Drawn(id_, self.revisions[id_], NOW, id_.encode() * 100) for id_ in sorted(ids))


def ids(entries: list[Drawn]) -> str:
    return "".join(one.id for one in entries)


def test_a_change_draws_one_entry() -> None:
    shelf, draw = Shelf(), Drawing(b=4)
    assert ids(shelf.entries("atom", FOUND[1:], Drawing())) == "ba"
    assert ids(shelf.entries("atom", FOUND[1:], draw)) == "ba"
    assert draw.drew == []
    changed = shelf.entries("atom", [("c", 3), ("b", 4), ("a", 1)], draw)
    assert [(one.id, one.revision) for one in changed] == [("c", 3), ("b", 4), ("a", 1)]
    assert draw.drew == ["c", "b"]


def test_each_look_has_entries_of_its_own() -> None:
    shelf, draw = Shelf(), Drawing()
    for look in ("atom", "rss", "atom"):
        shelf.entries(look, FOUND, draw)
    assert draw.drew == ["c", "b", "a"] * 2


def test_what_changed_while_it_was_looked_for_is_shown_as_it_is_now() -> None:
    shelf, draw = Shelf(), Drawing(b=5)
    assert [one.revision for one in shelf.entries("atom", FOUND, draw)] == [3, 5, 1]
    shelf.entries("atom", [("c", 3), ("b", 5), ("a", 1)], draw)
    assert draw.drew == ["c", "b", "a"]


def test_a_feed_without_room_is_whole_and_its_newest_stay() -> None:
    shelf, draw = Shelf(room=2 * (100 + BESIDE)), Drawing()
    assert ids(shelf.entries("atom", FOUND, draw)) == "cba"
    assert (len(shelf.kept), shelf.size) == (2, shelf.room)
    draw.drew.clear()
    assert ids(shelf.entries("atom", FOUND, draw)) == "cba"
    assert draw.drew == ["a"]
    assert (len(shelf.kept), shelf.size) == (2, shelf.room)


def test_corrections_take_no_more_room() -> None:
    shelf = Shelf()
    for revision in range(3, 50):
        shelf.entries("atom", [("c", revision)], Drawing(c=revision))
    assert (len(shelf.kept), shelf.size) == (1, 100 + BESIDE)


def test_many_who_ask_at_once_have_it_drawn_once() -> None:
    shelf, draw, together = Shelf(), Drawing(), Barrier(8, timeout=10)

    def ask(_: int) -> str:
        together.wait()
        return ids(shelf.entries("atom", FOUND, draw))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"cba"}
    assert draw.drew == ["c", "b", "a"]
