"""What people who edit notes need: which notes are meant, what saving them asks for, and how they came to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from hashlib import sha256
from typing import Any

from checklists import entries as e
from checklists.checklist import unknown
from checklists.commands import TMINUS, Word
from checklists.entries import Entry
from checklists.items import Notes, binding
from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience, unsorted
from checklists.notes.rewriting import Text
from checklists.notes.rewriting import tidy as tidy
from checklists.rules.refusal import Refusal
from tasks.notes.drafting import audiences_of, findings, material_of
from tasks.world import World

CONTEXT = 2  # lines around each difference


@dataclass(frozen=True, slots=True)
class Version:
    """The notes for one audience as somebody left them; `number` is that of the entry in the record."""

    number: int
    words: str
    by: str
    at: datetime
    where: str = ""

    @property
    def sha256(self) -> str:
        return sha256(self.words.encode()).hexdigest()

    @property
    def is_drafted(self) -> bool:
        return self.by == TMINUS.email


def notes_of(launch: Launch, key: str) -> ItemState | None:
    """The notes item that is meant: the one of this name, or the one that the item of this name is bound to."""
    state = launch.items.get(key)
    if state is not None and not isinstance(state.item, Notes):
        state = launch.items.get(binding(state.item).item or "")
    return state if state is not None and isinstance(state.item, Notes) else None


def only_notes(launch: Launch, key: str | None) -> ItemState | Refusal:
    """The notes item of this name, or the only one there is."""
    there = [state for state in launch.items.values() if isinstance(state.item, Notes)]
    if key:
        found = notes_of(launch, key)
        return found or Refusal(unknown(key, [state.key for state in there], "notes item"))
    if len(there) == 1:
        return there[0]
    names = ", ".join(state.key for state in there)
    return Refusal(f"{launch.name} has several notes; name one: {names}" if there else f"{launch.name} has no notes")


def which(state: ItemState, audience: str | None) -> Audience | Refusal:
    """The audience of this name, the first one where none is named."""
    audiences = audiences_of(state)
    found = next((one for one in audiences if one == audience), None) if audience else audiences[0]
    return found or Refusal(f"{state.key} has no notes for {audience}; there are {', '.join(audiences)}")


def base_of(state: ItemState, audience: Audience) -> str:
    """The digest of the words that stand there; empty where none do."""
    there = state.wordings.get(audience)
    return there.sha256 if there else ""


def saving(world: World, launch: Launch, state: ItemState, audience: Audience, words: str, **of: Any) -> Word:
    """The command that makes these words the notes. `of` says who asks and how, and what `base` they began with."""
    there, base = state.wordings.get(audience), of.pop("base", None)
    text = Text(tidy(words), there.seen if there else {})
    material = material_of(world, launch, state)
    return Word(
        item=state.key,
        texts={audience: text},
        findings=findings(world, launch, state, {audience: text}, material, audience),
        notice=unsorted(material.changes, audiences_of(state)),
        files={one: file.known for one, file in material.files.items() if one == audience},
        base={} if base is None else {audience: base},
        commit=launch.release.commit,
        **of,
    )


def unjudged(state: ItemState, audience: Audience, words: str, **of: Any) -> Word:
    """The same, for `decide` to say whether it may happen at all before anybody looks for what they lack."""
    return Word(item=state.key, texts={audience: Text(tidy(words))}, **of)


def history(entries: Iterable[Entry], item: str, audience: Audience) -> tuple[Version, ...]:
    """Every version there was, the newest first. What only the draft behind it changed is none."""
    found: list[Version] = []
    for entry in entries:
        data = entry.data
        is_ours = isinstance(data, e.Worded) and (data.item, data.audience) == (item, audience)
        if isinstance(data, e.Worded) and is_ours and not (found and found[-1].words == data.words):
            found.append(Version(entry.seq, data.words, data.author or entry.actor, entry.at, data.where))
    return tuple(reversed(found))


def difference(before: str, after: str) -> str:
    """What is different, line by line; empty where nothing is."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=CONTEXT, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))
