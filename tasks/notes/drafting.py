"""The draft of a launch's notes: from what changed, over what people have written already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checklists.commands import TMINUS, Word
from checklists.errors import LaunchError
from checklists.items import Notes
from checklists.launch import ItemState, Launch
from checklists.notes.change import AUDIENCES, Audience, Change, unsorted
from checklists.notes.rewriting import FileSeen, Text, drafted, rewritten
from checklists.notes.style import Style
from checklists.request import ItemRun
from tasks.changes.git import GitFailed
from tasks.changes.history import NoHistory, is_shallow
from tasks.changes.mirror import mirror
from tasks.changes.pulls import Told, pulls_host
from tasks.checking import subject
from tasks.notes.from_git import draft
from tasks.notes.lacking import dead_links, lacking
from tasks.notes.links import home_of, links_for
from tasks.notes.passages import passages
from tasks.notes.under_review import Reviewed, reviewed
from tasks.world import World

PATIENCE = 60.0  # seconds
RELEASE = "release"
"""The id of what the release itself says, where that is all there is."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the notes of a launch can be made of; `why` says what is missing of it, all where nothing `is_read`."""

    changes: tuple[Change, ...]
    why: str = ""
    files: Mapping[Audience, Reviewed] = field(default_factory=dict)
    is_read: bool = True


def drafted_by_machine(world: World, run: ItemRun) -> Word:
    """The command that puts the new draft in place. Raises LaunchError where the run is for no notes."""
    launch = world.launch(run.launch_id)
    state = launch.items.get(run.item) if launch else None
    if launch is None or state is None or not isinstance(state.item, Notes):
        raise LaunchError(f"{run.launch_id}: {run.item} is no notes item of this launch")
    material = material_of(world, launch, state, is_fresh=True)
    texts = {
        audience: _over(state, audience, material, links_for(world, launch, material.changes, audience))
        for audience in audiences_of(state)
    }
    return Word(
        by=TMINUS,
        via="tminus",
        item=run.item,
        round=run.round,
        number=run.number,
        texts=texts,
        findings=findings(world, launch, state, texts, material),
        notice=unsorted(material.changes, audiences_of(state)),
        files=taken(state, material.files),
        base={audience: wording.sha256 for audience, wording in state.wordings.items()},
    )


def audiences_of(state: ItemState) -> tuple[Audience, ...]:
    return state.item.notes.audiences if isinstance(state.item, Notes) else ()


def _over(state: ItemState, audience: Audience, material: Material, links: Mapping[str, str]) -> Text:
    """The draft over the words that are there, or over the file under review where that is newer than they are."""
    there, said = state.wordings.get(audience), passages(material.changes, audience, links)
    file = material.files.get(audience)
    if file and takes(state, audience, file):
        return Text(file.words, {one.change: one.text for one in said})
    if there and not material.is_read:  # else all that is in them would be marked as gone
        return Text(there.words, there.seen)
    return rewritten(Text(there.words, there.seen), said) if there else drafted(said)


def is_news(state: ItemState, audience: Audience, file: Reviewed) -> bool:
    """Whether nobody has taken this edition of the file into account yet."""
    there = state.wordings.get(audience)
    return there is None or there.file != file.seen.sha256


def takes(state: ItemState, audience: Audience, file: Reviewed) -> bool:
    """Whether the file's words become the notes: not where somebody has written others here, which they have to end."""
    there = state.wordings.get(audience)
    return is_news(state, audience, file) and (there is None or not there.is_edited_here or there.words == file.words)


def taken(state: ItemState, files: Mapping[Audience, Reviewed]) -> dict[str, FileSeen]:
    """What the record is to say of the files; nothing of those that wait for somebody to end a disagreement."""
    found: dict[str, FileSeen] = {}
    for audience, file in files.items():
        if takes(state, audience, file):
            found[audience] = _as_it_was(state, audience, file)
        elif not is_news(state, audience, file):
            found[audience] = file.known
    return found


def _as_it_was(state: ItemState, audience: Audience, file: Reviewed) -> FileSeen:
    """Whose words they are: those that were put there from here are of who wrote them here, not of the commit."""
    is_ours = state.review is not None and state.review.files.get(audience) == file.seen.sha256
    there = state.wordings.get(audience)
    if not is_ours or there is None or there.words != file.words:
        return file.seen
    return replace(file.seen, author="" if there.by == TMINUS.email else there.by)


def apart(state: ItemState, files: Mapping[Audience, Reviewed]) -> tuple[str, ...]:
    """The files that say something else than what somebody wrote here: one sentence each."""
    return tuple(
        f"{audience}: {file.path} was changed in {file.commit[:10]}, and {state.wordings[audience].by} wrote other "
        "words here; put together what is right, and save it"
        for audience, file in files.items()
        if is_news(state, audience, file) and not takes(state, audience, file)
    )


def material_of(world: World, launch: Launch, state: ItemState, *, is_fresh: bool = False) -> Material:
    """The changes since the release before, or what the release itself says where nobody knows them.

    Commits never change, so git is asked to fetch only where they are missing, or where it has to be `is_fresh`.
    """
    product = world.organisation.products.get(launch.release.product)
    if not (product and product.git):
        return Material(_said(launch))
    copy = mirror(world.settings, product.git, PATIENCE, world.organisation.allow_private_addresses)
    base, head = _ends(launch)
    try:
        if is_fresh or not (head and copy.has(head) and (not base or copy.has(base))):
            copy.fetch()
        files = reviewed(copy, launch, audiences_of(state))
        if not (base and head):
            return Material(_said(launch), files=files)
        told = Told(pulls_host(product, world.settings), copy, is_fresh)
        changes = draft(copy.folder, f"{base}..{head}", told, product.folder, home_of(world.settings, product)).changes
        lacks = f"{product.git} is a shallow copy: older changes may be missing; name the whole repository"
        return Material(changes, told.why or (lacks if is_shallow(copy.folder) else ""), files)
    except (NoHistory, GitFailed) as error:
        return Material(_said(launch), f"the changes cannot be read: {error}"[:500], is_read=False)


def changes_at_hand(world: World, launch: Launch) -> tuple[Change, ...]:
    """What the copy here knows of them, at once: nothing is fetched, and no host is asked."""
    product, (base, head) = world.organisation.products.get(launch.release.product), _ends(launch)
    if not (product and product.git and base and head):
        return ()
    copy = mirror(world.settings, product.git, PATIENCE)
    try:
        if not (copy.has(base) and copy.has(head)):
            return ()
        told = Told(pulls_host(product, world.settings), copy, is_fresh=False)
        return draft(copy.folder, f"{base}..{head}", told, product.folder).changes
    except (NoHistory, GitFailed):
        return ()


def _ends(launch: Launch) -> tuple[str, str]:
    """The commits of the release before and of this one; empty where nobody knows them."""
    between = launch.difference
    return (between.base if between else "") or "", launch.release.commit or (between.head if between else "") or ""


def _said(launch: Launch) -> tuple[Change, ...]:
    notes = launch.release.notes.strip()
    told = Change(RELEASE, notes, "fragment", "feat", notes=dict.fromkeys(AUDIENCES, notes))
    return (told,) if notes else ()


def findings(
    world: World,
    launch: Launch,
    state: ItemState,
    texts: Mapping[Audience, Text],
    material: Material,
    settled: Audience | None = None,
) -> tuple[str, ...]:
    """Everything these texts, and those that are not among them, lack. `settled` is whose words a person saves now."""
    product = world.organisation.products.get(launch.release.product)
    style = product.style if product else Style()
    whole: dict[str, Text] = {who: Text(one.words, one.seen) for who, one in state.wordings.items()}
    whole |= {who: text for who, text in texts.items()}  # noqa: C416 the keys of one are a kind of the other's
    found = [
        line
        for audience in audiences_of(state)
        if audience in whole
        for line in lacking(whole[audience], material.changes, audience, style)
    ]
    made = {url for who in audiences_of(state) for url in links_for(world, launch, material.changes, who).values()}
    unread = [material.why] if material.why else []
    others = {audience: file for audience, file in material.files.items() if audience != settled}
    return (
        *unread,
        *apart(state, others),
        *found,
        *dead_links(whole, material.changes, subject(world, launch), made),
    )
