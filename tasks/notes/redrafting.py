"""A release that was edited where it was published: its launch's notes are drafted again, over what people wrote."""

from __future__ import annotations

from dataclasses import replace

from checklists.commands import Word
from checklists.items import Notes
from checklists.launch import Launch
from checklists.request import ItemRun
from tasks.act import act
from tasks.notes.drafting import drafted_by_machine
from tasks.world import World
from templates.words import clean, cut

LONGEST = 8_000  # what is kept of what a release says
SETTLED = frozenset({"waiting", "waived", "skipped"})


def is_ours(launch: Launch, notes: str) -> bool:
    """Whether the release says what was written here: an edit that tminus made itself is none."""
    ours = (cut(clean(one.words), LONGEST) for state in launch.items.values() for one in state.wordings.values())
    return any(words.split() == notes.split() for words in ours if words.strip())


def redraft(world: World, launch: Launch) -> None:
    """The draft of every notes item that has one; what waits, or is at work, reads the release by itself."""
    for state in launch.items.values():
        if isinstance(state.item, Notes) and state.wordings and state.status not in SETTLED:
            run = ItemRun(launch_id=launch.id, item=state.key, round=state.round, number=state.number, form="work")
            act(world, launch.id, _of_no_run(world, run))


def _of_no_run(world: World, run: ItemRun) -> Word:
    """A draft that no flow run has made, so that it ends none."""
    return replace(drafted_by_machine(world, run), number=None, via="webhook")
