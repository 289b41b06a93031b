"""The web room draws the feeds while it begins, so that whoever asks first need not wait for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from checklists.errors import Unreachable
from tasks.world import World
from templates.feeds import Format
from tests.tasks.channel import Draft, put
from tests.web.room import serving
from web.changes import FORMATS
from web.channel import feeds
from web.channel.feeds import Kept, draw_ahead
from web.channel.shelf import Drawn, Shelf
from web.speech import Speech


class Brush:
    """Draws, and remembers what."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drawn: list[tuple[str, str]] = []
        self._draw = feeds._drawn
        monkeypatch.setattr(feeds, "_drawn", self)

    def __call__(self, world: World, format_: Format, ids: Sequence[str], said: Speech) -> Iterator[Drawn]:
        self.drawn += [(format_, id_) for id_ in ids]
        return self._draw(world, format_, ids, said)


@pytest.fixture
def brush(monkeypatch: pytest.MonkeyPatch) -> Brush:
    return Brush(monkeypatch)


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()


def test_the_first_who_asks_finds_every_entry_drawn(channel: World, brush: Brush) -> None:
    put(channel, Draft("1.0.0", audience="partners"))
    open_ = [put(channel, Draft(f"2.{number}.0")).id for number in range(3)]
    with serving(channel) as client:
        assert soon(lambda: len(brush.drawn) == 9)
        for format_ in FORMATS:
            assert client.get(f"/changes.{format_}").status_code == 200
    assert sorted(brush.drawn) == sorted((format_, id_) for format_ in FORMATS for id_ in open_)


def test_a_change_between_is_drawn_when_it_is_asked_for(channel: World, brush: Brush) -> None:
    put(channel, Draft("1.0.0"))
    with serving(channel) as client:
        assert soon(lambda: len(brush.drawn) == 3)
        put(channel, Draft("2.0.0"))
        assert len(client.get("/changes.json").json()["items"]) == 2
    assert len(brush.drawn) == 4


def test_no_more_is_drawn_than_is_kept(channel: World, brush: Brush, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "FEW", 1)
    for number in range(9):
        put(channel, Draft(f"1.{number}.0"))
    kept = Kept(shelves={"en": Shelf(room=4_000)})
    draw_ahead(channel, kept, "atom", "en", lambda: False)
    assert 1 < len(brush.drawn) < 9
    assert len(kept.shelf("en").kept) == len(brush.drawn)
    newest = [id_ for id_, _ in channel.ledger.publications.found(feeds.EVERYTHING, 9)]
    assert [id_ for _, id_ in brush.drawn] == newest[: len(brush.drawn)]


def test_each_language_is_drawn_ahead(channel: World, brush: Brush) -> None:
    file = channel.settings.organisation
    file.write_text(f"languages: [en, de]\n{file.read_text()}")
    put(channel, Draft("1.0.0"))
    with serving(channel) as client:
        assert soon(lambda: len(brush.drawn) == 6)
        for format_ in FORMATS:
            assert client.get(f"/changes.{format_}?lang=de").status_code == 200
    assert len(brush.drawn) == 6


def test_a_room_that_ends_draws_no_more(channel: World, brush: Brush) -> None:
    put(channel, Draft("1.0.0"))
    draw_ahead(channel, Kept(), "atom", "en", lambda: True)
    assert not brush.drawn


def test_a_ledger_that_is_away_keeps_no_room_from_answering(channel: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise Unreachable("the ledger is away")

    put(channel, Draft("1.0.0"))
    with monkeypatch.context() as patch:
        patch.setattr(type(channel.ledger.publications), "found", away)
        with serving(channel) as client:
            assert client.get("/changes.json").status_code == 503
            patch.undo()
            assert len(client.get("/changes.json").json()["items"]) == 1
