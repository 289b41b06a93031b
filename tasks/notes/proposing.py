"""Puts notes under review: their files on a branch of the product's repository, and one pull request for a launch.

What a person wrote in these files stays, as it does everywhere. A pull request that people closed is their answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from weakref import WeakKeyDictionary

from checklists import entries as e
from checklists.commands import TMINUS
from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience
from checklists.notes.findings import has_secret
from checklists.notes.rewriting import Text, rewritten, tidy
from checklists.organisation import Product
from checklists.review_commands import Review
from checklists.review_entries import Standing
from ledger.store import Ledger
from tasks.act import act
from tasks.notes.drafting import audiences_of, material_of
from tasks.notes.links import links_for
from tasks.notes.passages import passages
from tasks.notes.under_review import path_of
from tasks.world import World
from tasks.writing_back.branches import OURS, default_branch, file_on, make_branch, open_pull, pull_of, write
from tasks.writing_back.github import GitHub, NotPublished, of_product
from templates.filling import render_markdown, render_text
from templates.item_story import reviewed

OFTEN = timedelta(minutes=2)
"""Between two looks at a pull request, and after the host was in trouble."""
SETTLED = frozenset({"waiting", "waived", "skipped", "running"})

_looked: WeakKeyDictionary[Ledger, dict[str, datetime]] = WeakKeyDictionary()


def propose(world: World, launch: Launch) -> list[str]:
    """What became of it, or why it could not be done now, one sentence each; nothing where there is no news."""
    product = world.organisation.products.get(launch.release.product)
    if launch.is_over or launch.is_out or launch.rehearsal or product is None:
        return []
    there = [state for state in launch.items.values() if _is_open(state) and proposed(state, product)]
    if not there or not _is_time(world, launch.id, product.repository or ""):
        return []
    try:
        hub = of_product(world.settings, launch.release.product, product)
        return [said for state in there for said in _proposed(world, hub, launch, state, proposed(state, product))]
    except NotPublished as error:
        _looked[world.ledger][product.repository or ""] = world.now()
        return [f"{launch.id}: notes are not put under review: {error}"]


def proposed(state: ItemState, product: Product) -> tuple[Audience, ...]:
    """Whose notes of this item the product wants reviewed, as far as there are any; with a secret in them, none are."""
    there = [(who, state.wordings[who].words) for who in audiences_of(state) if who in state.wordings]
    return tuple(who for who, words in there if who in product.review_notes and words.strip() and not has_secret(words))


def branch_of(launch: Launch) -> str:
    return f"{OURS}notes-{launch.id}"


def _is_open(state: ItemState) -> bool:
    return state.status not in SETTLED and (state.review is None or state.review.standing == "open")


def _is_time(world: World, launch: str, repository: str) -> bool:
    looked, now = _looked.setdefault(world.ledger, {}), world.now()
    if any(now - looked[key] < OFTEN for key in (launch, repository) if key in looked):
        return False
    looked[launch] = now
    return True


def _proposed(
    world: World, hub: GitHub, launch: Launch, state: ItemState, audiences: tuple[Audience, ...]
) -> Iterator[str]:
    main, branch = default_branch(hub), branch_of(launch)
    pull, known = pull_of(hub, main, branch), state.review.files if state.review else {}
    if pull is None and state.review:
        raise NotPublished(f"{hub.repository} does not show {state.review.url} any more; see whether it was moved")
    if pull and pull.state != "open":
        yield from _noted(world, launch, state, pull.url, pull.state)
        return
    ours = tuple(who for who in audiences if who in known or not file_on(hub, main, _path(launch, who))[0])
    if not ours:  # a person has put them there
        return
    if pull is None:
        make_branch(hub, main, branch)
    for who in ours:
        _put(world, hub, launch, state, who)
    url = pull.url if pull else _opened(hub, main, launch, ours)
    yield from _noted(world, launch, state, url, "open", {**known, **{who: state.wordings[who].sha256 for who in ours}})


def _path(launch: Launch, audience: Audience) -> str:
    return path_of(launch.release.version, audience)


def _put(world: World, hub: GitHub, launch: Launch, state: ItemState, who: Audience) -> None:
    known = state.review.files.get(who) if state.review else None
    if known != state.wordings[who].sha256:
        message = f"Draft the {who} notes of {launch.release.version}"
        write(hub, branch_of(launch), _path(launch, who), message, _over(world, launch, state, who, known))


def _over(world: World, launch: Launch, state: ItemState, who: Audience, known: str | None) -> Callable[[str], str]:
    """What the file is to be: the notes where it holds words of ours, else a person's, with what is new in the draft.

    A file that was there and is gone stays away: somebody took it out.
    """

    def over(text: str) -> str:
        if not text:
            return "" if known else state.wordings[who].words
        ours = {
            sha256(one.data.words.encode()).hexdigest(): one.data.seen
            for one in world.ledger.read(launch.id)
            if isinstance(one.data, e.Worded) and (one.data.item, one.data.audience) == (state.key, who)
        }
        words = tidy(text)
        if sha256(words.encode()).hexdigest() in ours:
            return state.wordings[who].words
        material = material_of(world, launch, state)
        if not material.is_read:  # else all that is in the file would be marked as gone
            raise NotPublished(material.why)
        said = passages(material.changes, who, links_for(world, launch, material.changes, who))
        made = rewritten(Text(words, ours.get(known or "", state.wordings[who].seen)), said).words
        return text if made == words or has_secret(made) else made

    return over


def _opened(hub: GitHub, main: str, launch: Launch, audiences: tuple[Audience, ...]) -> str:
    values = {"title": launch.release.title, "version": launch.release.version, "audiences": list(audiences)}
    title, body = render_text("proposal", "subject.txt", values), render_markdown("proposal", "body.md", values)
    return open_pull(hub, main, branch_of(launch), title.strip(), body)[0]


def _noted(
    world: World,
    launch: Launch,
    state: ItemState,
    url: str,
    standing: Standing,
    files: dict[Audience, str] | None = None,
) -> Iterator[str]:
    before = (state.review.url, state.review.standing) if state.review else None
    act(
        world, launch.id, Review(by=TMINUS, via="tminus", item=state.key, url=url, standing=standing, files=files or {})
    )
    if before != (url, standing):
        yield f"{launch.id}: {state.key}: {reviewed(standing, url)}"
