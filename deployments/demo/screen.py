"""Where the demo is shown: live on a terminal, line by line anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live

from deployments.demo.view import Line, Scene, checklist, picture

WIDTH = 100  # of what is no terminal
OFTEN = 5  # pictures a second

Tick = Callable[[], None]


def console() -> Console:
    """Standard output."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=WIDTH)


@contextmanager
def screen(console: Console, scene: Scene) -> Iterator[Tick]:
    """Shows the scene as it changes; what is yielded is to be called often. A terminal keeps the last picture."""
    if not console.is_terminal:
        yield _line_by_line(console, scene)
        return
    with Live(console=console, get_renderable=lambda: picture(scene, console), refresh_per_second=OFTEN):
        yield lambda: None  # the picture moves by itself


def _line_by_line(console: Console, scene: Scene) -> Tick:
    shown: set[Line] = set()

    def tick() -> None:
        for line in [line for line in scene.lines() if line not in shown]:
            shown.add(line)
            console.print(scene.numbered(line), soft_wrap=True)

    return tick


def last_picture(console: Console, scene: Scene) -> None:
    """Where no table moved, show the whole checklist once."""
    if scene.launch is not None and not console.is_terminal:
        console.print()
        console.print(checklist(scene.launch, scene.people, console.width))
