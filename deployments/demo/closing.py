"""The end of the demo: what happened, how long it took, who was told, and where to look."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which

from rich.console import Console
from rich.table import Table
from rich.text import Text

from checklists.entries import Entry, Failed, Passed, Reopened, Retagged, Signed, Via, Waived, Worded
from checklists.items import Announce
from checklists.launch import Launch
from checklists.people import TMINUS
from checklists.reach import Reach
from deployments.answers import plain
from tasks.announcements.reaching import Told
from tasks.settings import Settings
from templates.left_out import left_out

Row = tuple[str, str]
SHELL = "settings.sh"
"""In the demo's folder: what a shell sources to talk to its people."""
EDITED: dict[Via, str] = {"link": "on the page behind a personal link", "page": "on the page of notes"}
READERS = {"customer": "customers", "internal": "support", "admin": "admins", "developer": "developers"}
DOORS: dict[Via, str] = {"form": "in Prefect's form", "link": "through a personal link", "command": "by command"}


def summary(launch: Launch, entries: Sequence[Entry], reached: Sequence[Told], seconds: float) -> list[Row]:
    """What happened, each row under one word."""
    ended = sum(state.has_ended for state in launch.items.values())
    rows = [("launched", f"{ended} of {len(launch.items)} items ended, {seconds:.0f} s from the tag to the last")]
    rows += [("signed", _signed([entry for entry in entries if isinstance(entry.data, Signed)]))]
    rows += [("edited", text) for text in _edited(entries)]
    rows += [(f"{who} read", text) for who, text in _read(launch)]
    rows += [("stood in", text) for text in _for_others(entries)]
    rows += [("sent back", text) for text in _sent_back(launch, entries)]
    rows += [("tag moved", text) for text in _moved(entries)]
    rows += [("waived", text) for text in _waived(entries)]
    rows += [("checked", text) for text in _checked(launch, entries)]
    return [*rows, *(("told", text) for text in _told(reached))]


def _signed(signed: Sequence[Entry]) -> str:
    doors = Counter(entry.data.via for entry in signed if isinstance(entry.data, Signed))
    people = len({entry.actor for entry in signed})
    told = [f"{doors[door]} {how}" for door, how in DOORS.items() if doors[door]]
    return f"{len(signed)} times by {people} people: {', '.join(told)}"


def _edited(entries: Sequence[Entry]) -> Iterator[str]:
    """Which notes people wrote anew, and through which door."""
    for entry in entries:
        if isinstance(entry.data, Worded) and entry.actor != TMINUS.email:
            yield f"the {entry.data.audience} notes by {entry.actor}, {EDITED.get(entry.data.via, 'by command')}"


def _read(launch: Launch) -> Iterator[Row]:
    """The first line of the notes, in the words of each audience."""
    for state in launch.items.values():
        for audience, wording in state.wordings.items():
            first = next((line for line in wording.words.splitlines() if line.startswith("- ")), "")
            if first:
                yield READERS[audience], f"“{first.removeprefix('- ')}”"


def _for_others(entries: Sequence[Entry]) -> Iterator[str]:
    """Who signed for somebody who was away."""
    for entry in entries:
        if isinstance(entry.data, Signed) and entry.data.instead_of:
            yield f"{entry.data.name} for {entry.data.instead_of.name}, who is away: {entry.data.item}"


def _moved(entries: Sequence[Entry]) -> Iterator[str]:
    """What a moved tag opened again; everything else stayed signed."""
    for entry in entries:
        if isinstance(entry.data, Retagged):
            again = [e.data.item for e in entries if isinstance(e.data, Reopened) and e.data.because == "code"]
            yield f"to {entry.data.commit[:7]}: {', '.join(again) or 'nothing'} had to be signed again, the rest stayed"


def _waived(entries: Sequence[Entry]) -> Iterator[str]:
    return (f"{entry.data.item}: {entry.data.reason}" for entry in entries if isinstance(entry.data, Waived))


def _sent_back(launch: Launch, entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry.data, Reopened) and entry.data.because == "asked":
            state = launch.items[entry.data.item]
            yield f"{state.item.label}: “{entry.data.question}”; {state.status} in round {state.round}"


def _checked(launch: Launch, entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        data = entry.data
        if isinstance(data, Passed | Failed) and launch.items[data.item].item.kind == "check":
            yield f"{launch.items[data.item].item.label}: {data.summary}"


def _told(reached: Sequence[Told]) -> Iterator[str]:
    for one in reached:
        if ways := [_way(row) for row in one.channels if row.handed_over]:
            yield f"{one.title}: {', '.join(ways)}"


def _way(row: Reach) -> str:
    """How many were told on a channel, and who of those that were meant was not."""
    why = left_out(row.excluded)
    return f"{row.handed_over:,} by {row.channel}" + (f" ({row.left_out} left out: {why})" if why else "")


def looks(launch: Launch, settings: Settings, ui: str, web: str, *, stays: bool) -> list[Row]:
    """Where to look now; what needs the servers only while they are up."""
    called = program(settings)
    commands = [("look", f"{called} {verb} {launch.id}") for verb in ("show", "log", "reach", "verify")]
    sourced = f"source {shlex.quote(str(near(settings.home.resolve() / 'demo' / SHELL)))}"
    commands += [("play", f"{sourced}   # first: then commands in that shell know the demo's people, and no others")]
    commands += [("", f"{called} {words}") for words in ("audience customers", *_previews(launch))]
    run = f"/runs/flow-run/{launch.run.run_id}" if launch.run else ""
    if stays:
        return [("launch", f"{ui}{run}"), ("outbox", f"{web}/outbox"), ("changes", f"{web}/changes"), *commands]
    again = f"{called} up, then http://127.0.0.1:4200{run}"
    return [("launch", again), ("outbox", str(near(settings.outbox))), *commands]


def _previews(launch: Launch) -> Iterator[str]:
    """How the announcement to customers is looked at."""
    for key, state in launch.items.items():
        if isinstance(state.item, Announce) and state.item.announce.audience == "customers":
            yield f"preview {launch.id} {key}"


def program(settings: Settings) -> str:
    """How the command is called in another terminal, in this folder, for the same home."""
    home = settings.home.resolve()
    set_ = "" if home == (Path.cwd() / ".tminus").resolve() else f"TMINUS_HOME={shlex.quote(str(home))} "
    beside = "" if settings.database_url is None else "TMINUS_DATABASE_URL= "
    return f"{set_}{beside}{_word()}"


def _word() -> str:
    found, own = which("tminus"), Path(sys.executable).with_name("tminus")
    if found and Path(found) == own:
        return "tminus"
    return shlex.quote(str(near(own))) if own.exists() else f"{shlex.quote(sys.executable)} -m deployments.command"


def near(path: Path) -> Path:
    """As seen from here, where it is below here."""
    whole = path if path.is_absolute() else Path.cwd() / path
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole


def print_summary(console: Console, title: str, rows: Sequence[Row]) -> None:
    """Rows under a title; long ones go on in their column."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim")
    grid.add_column()
    for word, text in _once(rows):
        grid.add_row(word, Text(plain(text)))
    console.print(Text(title, "bold"), grid, sep="\n")


def print_looks(console: Console, rows: Sequence[Row]) -> None:
    """Rows to copy from: the terminal itself wraps them, so that they stay whole."""
    for word, text in _once(rows):
        console.print(Text.assemble((f"{word:<8}", "dim"), text), soft_wrap=True)


def _once(rows: Sequence[Row]) -> Iterator[Row]:
    """A word that repeats is said once."""
    before = ""
    for word, text in rows:
        yield ("" if word == before else word), text
        before = word
