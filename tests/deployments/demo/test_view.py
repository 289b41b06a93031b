"""The picture on the terminal: what stands in it, at which width."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from checklists.commands import Hold
from checklists.launch import Launch
from deployments.demo.screen import last_picture, screen
from deployments.demo.view import Line, Scene, picture
from tests.checklists.launches import NOW, decided, start, told
from tests.deployments.demo.test_people import LIBRARY, PEOPLE, actor, launch_of, played

NAMES = {address: person.name for address, person in PEOPLE.items()}


def scene_of(launch: Launch | None, *, began: datetime = NOW) -> Scene:
    """A scene without a clock: it is what time the last note says."""
    scene = Scene(NAMES, lambda: began, launch=launch)
    scene.now = lambda: scene.notes[-1].at if scene.notes else NOW
    return scene


def note(scene: Scene, text: str, at: datetime) -> None:
    scene.notes.append(Line(at, text))


def drawn(scene: Scene, width: int = 100, height: int = 30) -> list[str]:
    """The lines of the picture, as a terminal of this size would have them."""
    out = StringIO()
    console = Console(file=out, width=width, height=height, force_terminal=True, color_system=None, highlight=False)
    console.print(picture(scene, console))
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("name", LIBRARY)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 30), (200, 60)])
def test_it_fits_the_terminal(name: str, width: int, height: int) -> None:
    scene = scene_of(played(launch_of(name))[0])
    for number in range(40):
        note(scene, f"event {number} " + "x" * 300, NOW + timedelta(seconds=number))
    lines = drawn(scene, width, height)
    assert len(lines) < height
    assert max(map(len, lines)) <= width
    assert "event 39" in lines[-1]


def test_80_columns_are_enough_for_titles_and_names() -> None:
    launch = launch_of("saas-feature")
    waiting, signed = "\n".join(drawn(scene_of(launch), 80)), "\n".join(drawn(scene_of(played(launch)[0]), 80))
    assert "● Terms and privacy        gate     1 of legal" in waiting
    assert "✓ QA sign-off" in signed and "Ben Brandt, Kim Kaya" in signed
    assert "Docs are right · round 2" in signed


def test_an_item_shows_what_it_waits_for_and_then_who_did_it() -> None:
    launch = launch_of("base")
    (before,) = [line for line in drawn(scene_of(launch)) if "Look back" in line]
    assert before.split()[0] == "○" and before.endswith("go")
    (after,) = [line for line in drawn(scene_of(played(launch)[0])) if "Look back" in line]
    assert after.split()[0] == "✓" and after.endswith("Ada Abara")


def test_a_launch_on_hold_says_so() -> None:
    launch = told(launch_of("base"), Hold(by=actor("ada@example.com"), reason="wait"))
    assert "acme 2.4.0  on hold" in drawn(scene_of(launch))[0]


def test_what_happened_stands_in_the_records_words_without_what_the_table_shows() -> None:
    scene = scene_of(None, began=NOW - timedelta(seconds=7))
    scene.entries = decided(None, start())
    assert drawn(scene) == ["   7 s  eve@example.com started acme 2.4.0 with example", "   7 s  …"]


def test_notes_and_records_stand_in_the_order_of_time() -> None:
    scene = scene_of(None)
    scene.entries = decided(None, start())
    note(scene, "after", NOW + timedelta(seconds=1))
    note(scene, "before", NOW - timedelta(seconds=1))
    assert [line.text.split()[-1] for line in scene.lines()] == ["before", "example", "after"]


def test_nobodys_words_move_the_cursor() -> None:
    scene = scene_of(None)
    note(scene, "\x1b[2Jgone\r\n[bold]kept[/bold]", NOW)
    assert drawn(scene)[0] == "   0 s   [2Jgone  [bold]kept[/bold]"


def test_what_is_no_terminal_gets_every_line_once() -> None:
    out = StringIO()
    console = Console(file=out, width=100, highlight=False)
    scene = scene_of(None)
    with screen(console, scene) as tick:
        note(scene, "second", NOW + timedelta(seconds=2))
        tick()
        note(scene, "first, told late", NOW + timedelta(seconds=1))
        tick()
        tick()
    assert out.getvalue() == "   2 s  second\n   1 s  first, told late\n"


def test_what_is_no_terminal_gets_the_table_at_the_end() -> None:
    out = StringIO()
    last_picture(Console(file=out, width=100), scene_of(launch_of("base")))
    assert "QA sign-off" in out.getvalue()
    assert "\x1b" not in out.getvalue()
