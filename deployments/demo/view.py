"""The launch on a terminal: the checklist as it moves, and beneath it what has happened, in the record's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.console import Console, Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from checklists.entries import Entry
from checklists.launch import ItemState, Launch
from deployments.answers import plain
from tasks.boards.table_text import SIGNS
from templates.story import told

STYLES = {
    "passed": "green",
    "waived": "green",
    "open": "bold yellow",
    "running": "bold cyan",
    "changes-requested": "bold magenta",
    "failed": "bold red",
}
QUIET = frozenset({"opened", "run-opened", "run-closed", "attached"})
"""What the table shows better than a line."""
FEWEST, MOST = 3, 14  # lines
SPACIOUS = 96  # columns


@dataclass(frozen=True)
class Line:
    """Something that happened."""

    at: datetime
    text: str


@dataclass
class Scene:
    """Everything there is to see: the launch, what the record says, and what the demo itself did."""

    people: Mapping[str, str]
    now: Callable[[], datetime]
    launch: Launch | None = None
    entries: tuple[Entry, ...] = ()
    notes: list[Line] = field(default_factory=list)
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.now()

    def note(self, text: str) -> None:
        self.notes.append(Line(self.now(), text))

    def lines(self) -> list[Line]:
        """In the order of time."""
        recorded = [Line(entry.at, told(entry)) for entry in self.entries if entry.kind not in QUIET]
        return sorted([*self.notes, *recorded], key=lambda line: line.at)

    def numbered(self, line: Line) -> Text:
        """One line of what happened, after the seconds since the demo began."""
        seconds = max((line.at - self.began).total_seconds(), 0)
        text = Text(no_wrap=True, overflow="ellipsis")
        return text.append(f"{seconds:4.0f} s  ", "dim").append(plain(line.text))


def picture(scene: Scene, console: Console) -> Group:
    """The whole view, as high as the terminal at most."""
    room = console.height - 1
    if scene.launch is None:
        return Group(*_newest(scene, room - 1), scene.numbered(Line(scene.now(), "…")))
    newest = _newest(scene, max(room - len(scene.launch.items) - 4, FEWEST))
    return Group(_head(scene.launch), Text(), checklist(scene.launch, scene.people, console.width), Text(), *newest)


def _newest(scene: Scene, room: int) -> Sequence[Text]:
    return [scene.numbered(line) for line in scene.lines()[-min(room, MOST) :]]


def _head(launch: Launch) -> Table:
    ended = sum(state.has_ended for state in launch.items.values())
    head = Table.grid(expand=True, padding=(0, 1, 0, 0))
    head.add_column(ratio=1)
    head.add_column(width=24)
    head.add_column(justify="right")
    name = Text.assemble((launch.name, "bold"), "  ", (launch.status.replace("-", " "), _tone(launch)))
    bar = ProgressBar(total=len(launch.items), completed=ended, complete_style="green", finished_style="green")
    head.add_row(name, bar, Text(f"{ended} of {len(launch.items)}"))
    return head


def _tone(launch: Launch) -> str:
    return {"closed": "green", "launched": "green", "on-hold": "yellow", "abandoned": "red"}.get(launch.status, "dim")


def checklist(launch: Launch, people: Mapping[str, str], width: int) -> Table:
    """One row an item."""
    gap = 2 if width >= SPACIOUS else 1
    table = Table(box=None, expand=True, header_style="dim", padding=(0, gap, 0, 0), pad_edge=False)
    table.add_column("", width=1)
    table.add_column("item", no_wrap=True, overflow="ellipsis", min_width=24, max_width=34)
    table.add_column("kind", no_wrap=True, width=8)
    table.add_column("waits for", no_wrap=True, overflow="ellipsis", ratio=5)
    table.add_column("signed by", no_wrap=True, overflow="ellipsis", ratio=6)
    for state in launch.items.values():
        table.add_row(*row(launch, state, people), style="dim" if state.status == "waiting" else "")
    return table


def row(launch: Launch, state: ItemState, people: Mapping[str, str]) -> tuple[Text, ...]:
    label = Text(plain(state.item.label))
    if state.round > 1:
        label.append(f" · round {state.round}", "magenta")
    return (
        Text(SIGNS.get(state.status, "✗"), STYLES.get(state.status, "")),
        label,
        Text(state.item.kind),
        Text(plain(", ".join(_waits_for(launch, state)))),
        Text(plain(_word(state, people)), "" if state.is_signed_by_people else "dim"),
    )


def _waits_for(launch: Launch, state: ItemState) -> tuple[str, ...]:
    if state.status == "waiting":
        return launch.blocked_by(state.key)
    if state.has_ended or state.is_automated:
        return ()
    return state.missing or ((state.item.owner or "somebody"),)


def _word(state: ItemState, people: Mapping[str, str]) -> str:
    """Who has signed; of what a machine did, how it came out; of what was sent back, why."""
    if state.is_automated or state.status == "failed":
        return state.summary
    if state.is_signed_by_people:
        return ", ".join(s.name for s in state.signatures if s.decision == "approve")
    return people.get(state.ended_by or "", "")
