"""The draft of a launch's notes: from what changed, over what people have written already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checklists.commands import TMINUS, Word
from checklists.errors import LaunchError
from checklists.items import Notes
from checklists.launch import ItemState, Launch
from checklists.notes.change import AUDIENCES, Audience, Change
from checklists.notes.findings import Style
from checklists.notes.rewriting import Text, drafted, rewritten
from checklists.request import ItemRun
from tasks.changes.git import GitFailed
from tasks.changes.history import NoHistory
from tasks.changes.mirror import mirror
from tasks.checking import subject
from tasks.notes.from_git import draft
from tasks.notes.lacking import dead_links, lacking
from tasks.notes.passages import passages
from tasks.world import World

PATIENCE = 60.0  # seconds
RELEASE = "release"
"""The id of what the release itself says, where that is all there is."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the notes of a launch can be made of; `why` says what is missing of it."""

    changes: tuple[Change, ...]
    why: str = ""


def drafted_by_machine(world: World, run: ItemRun) -> Word:
    """The command that puts the new draft in place. Raises LaunchError where the run is for no notes."""
    launch = world.launch(run.launch_id)
    state = launch.items.get(run.item) if launch else None
    if launch is None or state is None or not isinstance(state.item, Notes):
        raise LaunchError(f"{run.launch_id}: {run.item} is no notes item of this launch")
    texts, material = _texts(world, launch, state)
    found = (*([material.why] if material.why else []), *findings(world, launch, state, texts, material.changes))
    return Word(by=TMINUS, via="tminus", item=run.item, round=run.round, number=run.number, texts=texts, findings=found)


def _texts(world: World, launch: Launch, state: ItemState) -> tuple[dict[Audience, Text], Material]:
    material = material_of(world, launch)
    return {audience: _over(state, audience, material.changes) for audience in audiences_of(state)}, material


def audiences_of(state: ItemState) -> tuple[Audience, ...]:
    return state.item.notes.audiences if isinstance(state.item, Notes) else ()


def _over(state: ItemState, audience: Audience, changes: tuple[Change, ...]) -> Text:
    """The draft over the words that are there."""
    there, said = state.wordings.get(audience), passages(changes, audience)
    return rewritten(Text(there.words, there.seen), said) if there else drafted(said)


def material_of(world: World, launch: Launch) -> Material:
    """The changes since the release before, or what the release itself says where nobody knows them."""
    product, between = world.organisation.products.get(launch.release.product), launch.difference
    if product and product.git and between and between.base and between.head:
        copy = mirror(world.settings, product.git, PATIENCE)
        try:
            copy.fetch()
            return Material(draft(copy.folder, f"{between.base}..{launch.release.commit or between.head}").changes)
        except (NoHistory, GitFailed) as error:
            return Material(_said(launch), f"the changes cannot be read: {error}"[:500])
    return Material(_said(launch))


def _said(launch: Launch) -> tuple[Change, ...]:
    notes = launch.release.notes.strip()
    told = Change(RELEASE, notes, "fragment", "feat", notes=dict.fromkeys(AUDIENCES, notes))
    return (told,) if notes else ()


def findings(
    world: World, launch: Launch, state: ItemState, texts: Mapping[Audience, Text], changes: tuple[Change, ...]
) -> tuple[str, ...]:
    """Everything these texts, and those that are not among them, lack."""
    product = world.organisation.products.get(launch.release.product)
    style = product.style if product else Style()
    whole: dict[str, Text] = {who: Text(one.words, one.seen) for who, one in state.wordings.items()}
    whole |= {who: text for who, text in texts.items()}  # noqa: C416 the keys of one are a kind of the other's
    found = [
        line
        for audience in audiences_of(state)
        if audience in whole
        for line in lacking(whole[audience].words, whole[audience].seen, changes, audience, style)
    ]
    return (*found, *dead_links((text.words for text in whole.values()), subject(world, launch)))
