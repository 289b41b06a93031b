"""Takes notes over from the file in the repository once a pull request has changed it, while a launch is under way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checklists.commands import TMINUS, Word
from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience, unsorted
from checklists.notes.rewriting import Text
from checklists.rules.refusal import Refusal
from tasks.act import act
from tasks.changes.git import GitFailed
from tasks.changes.mirror import mirror
from tasks.changes.releases import away
from tasks.notes.drafting import apart, audiences_of, findings, material_of, taken, takes
from tasks.notes.under_review import Reviewed, reviewed
from tasks.world import World

OFTEN = 120  # seconds between two looks at a repository
PATIENCE = 10.0  # seconds


def take_over(world: World, launch: Launch) -> list[str]:
    """What was taken over, or why git cannot say, one sentence each. What follows is for `observe` and `advance`."""
    product = world.organisation.products.get(launch.release.product)
    there = [state for state in launch.items.values() if audiences_of(state) and state.wordings]
    if launch.is_over or launch.is_out or not there or product is None or not product.git:
        return []
    copy = mirror(world.settings, product.git, PATIENCE, world.organisation.allow_private_addresses)
    try:
        if not copy.was_tried(OFTEN):
            copy.fetch()
        files = [reviewed(copy, launch, audiences_of(state)) for state in there]
    except GitFailed as error:
        return [f"{launch.id}: notes in the repository are not taken over: {away(copy, error)}"]
    return [said for state, found in zip(there, files, strict=True) for said in _taken(world, launch, state, found)]


def _taken(world: World, launch: Launch, state: ItemState, files: Mapping[Audience, Reviewed]) -> Iterator[str]:
    news = {audience: file for audience, file in files.items() if takes(state, audience, file)}
    told = set(apart(state, files)) - set(state.findings)
    if not (news or told) or state.status in ("waiting", "waived", "skipped", "running"):
        return
    there = state.wordings
    texts = {who: Text(file.words, there[who].seen if who in there else {}) for who, file in news.items()}
    material = replace(material_of(world, launch, state), files=files)
    command = Word(
        by=TMINUS,
        via="tminus",
        item=state.key,
        texts=texts,
        findings=findings(world, launch, state, texts, material),
        notice=unsorted(material.changes, audiences_of(state)),
        files=taken(state, files),
        base={who: there[who].sha256 for who in news if who in there},
    )
    if not isinstance(act(world, launch.id, command), Refusal):
        yield from (f"{launch.id}: {state.key} for {who} are those of {file.seen.where}" for who, file in news.items())
        yield from (f"{launch.id}: {state.key}: {one}" for one in sorted(told))
