"""Edits notes in the editor of whoever sits at the terminal. What they wrote is saved, or kept in a file."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience
from checklists.people import Actor
from checklists.rules.items import a_stranger
from checklists.rules.refusal import Refusal
from checklists.rules.wording import not_theirs
from deployments.answers import No, plain
from deployments.wiring import found, known_at, reach, refused
from tasks.carrying_out import carry_out
from tasks.notes.editing import base_of, notes_of, only_notes, saving, tidy, which
from tasks.notices.delivering import deliver_notices
from tasks.people.identity import terminal
from tasks.world import World


def edit_notes(name: str, item: str | None, audience: str | None, as_: str | None) -> None:
    """Who it is is known before the editor opens: nobody writes a page for nothing."""
    world = reach()
    launch = found(world, name)
    state, reader = meant(launch, item, audience)
    by = known_at(world, as_)
    if no := a_stranger(by) or not_theirs(by, state):
        raise refused(world, no, by)
    there = state.wordings.get(reader)
    file = _kept(world, launch, state, reader, there.words if there else "")
    _open(file)
    words = tidy(file.read_text("utf-8", errors="replace"))
    if words == (there.words if there else ""):
        file.unlink()
        print("nothing was changed", file=sys.stderr)
        return
    _save(world, launch, state, reader, words, by, file)


def meant(launch: Launch, item: str | None, audience: str | None) -> tuple[ItemState, Audience]:
    """The notes and the audience these words mean. Raises No."""
    state = only_notes(launch, item)
    if isinstance(state, Refusal):
        raise No(state.reason)
    reader = which(state, audience)
    if isinstance(reader, Refusal):
        raise No(reader.reason)
    return state, reader


def _kept(world: World, launch: Launch, state: ItemState, reader: Audience, words: str) -> Path:
    """The file to edit; one that was left by an earlier try is not written over."""
    folder = world.settings.make_home() / "editing"
    folder.mkdir(mode=0o700, exist_ok=True)
    names = (f"{launch.id}.{state.key}.{reader}{more}.md" for more in ("", *(f".{n}" for n in range(2, 1_000))))
    file = next(path for name in names if not (path := folder / name).exists())
    file.touch(mode=0o600)
    file.write_text(words, "utf-8")
    return file


def _open(file: Path) -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        status = subprocess.run([*shlex.split(editor), str(file)], check=False).returncode
    except (OSError, ValueError) as error:
        file.unlink()
        raise No(f"the editor {editor} does not start ({error}); set EDITOR to one that does") from error
    if status:
        raise No(f"the editor ended with status {status}, so nothing was saved; what you wrote is kept in {file}")


def _save(world: World, launch: Launch, state: ItemState, reader: Audience, words: str, by: Actor, file: Path) -> None:
    base = base_of(state, reader)
    asked = saving(world, launch, state, reader, words, by=by, via="command", address=terminal(), base=base)
    try:
        after, later = carry_out(world, launch.id, asked)
    except BaseException:
        print(f"what you wrote is kept in {file}", file=sys.stderr)
        raise
    if isinstance(after, Refusal):
        raise No(f"{after.reason}; what you wrote is kept in {file}")
    file.unlink()
    now = notes_of(after, state.key) or replace(state)
    print(f"saved; {state.key} is {now.status}")
    for line in (*now.findings, *filter(None, [later])):
        print(plain(line), file=sys.stderr)
    sys.stdout.flush()
    deliver_notices(world)
