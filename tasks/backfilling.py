"""Releases of the past, written down as launches that are over: nobody is asked, nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from checklists.checklist import unknown
from checklists.commands import Actor, Import
from checklists.decide import Refusal
from checklists.entries import Release
from checklists.errors import LaunchError
from checklists.files.load import load_checklist
from checklists.launch import Launch
from checklists.organisation import Product
from checklists.rules.starting import launch_id
from checklists.versions import precedence, version_of
from checklists.which import Choice, choose, refusal
from tasks.act import act
from tasks.changes.mirror import mirror
from tasks.explaining import Asked
from tasks.world import World

PATIENCE = 600  # seconds: a large repository is copied for the first time


@dataclass(frozen=True, slots=True)
class Past:
    """A release that was tagged; `skipped` says why no launch is written for it, and is empty otherwise."""

    launch: str
    version: str
    tag: str
    commit: str
    released_at: datetime
    checklist: str
    skipped: str = ""


def past(at: Asked, key: str, since: str) -> list[Past]:
    """The releases of this product from this tag on, by version, the oldest first. Raises LaunchError."""
    product = _product(at, key)
    copy = mirror(at.settings, product.git or "", PATIENCE, at.organisation.allow_private_addresses)
    copy.fetch()
    found = copy.dated_tags()
    tags = {version: tag for tag in found if (version := version_of(tag, product.tags))}
    first = version_of(since, product.tags)
    if first is None or since not in found:
        raise LaunchError(f"{since} is no release tag at {copy.address}; they read like `{product.tags}`")
    wanted = sorted((one for one in tags if precedence(one) >= precedence(first)), key=precedence)
    return [_past(at, key, choose(product, one, tags), tags[one], *found[tags[one]]) for one in wanted]


def _product(at: Asked, key: str) -> Product:
    if key not in at.organisation.products:
        raise LaunchError(unknown(key, at.organisation.products, "product"))
    product = at.organisation.products[key]
    if not product.git:
        raise LaunchError(f"{key} names no `git` address in the organisation file, where its past could be read")
    return product


def _past(at: Asked, key: str, choice: Choice, tag: str, commit: str, seconds: int) -> Past:
    name = launch_id(key, choice.version)
    made = datetime.fromtimestamp(seconds, UTC)
    return Past(name, choice.version, tag, commit, made, choice.checklist, _skipped(at, key, name, choice))


def _skipped(at: Asked, key: str, name: str, choice: Choice) -> str:
    if choice.is_ignored:
        return refusal(key, choice)
    if choice.is_rehearsal:
        return "a pre-release that would have been a rehearsal"
    return f"{name} is there already" if at.ledger and at.ledger.index.find(name) else ""


def backfill(world: World, key: str, releases: list[Past], by: Actor) -> Iterator[Launch]:
    """Write them down, those that are not there yet. Raises InvalidFile for a broken checklist."""
    product = world.organisation.products[key]
    for one in releases:
        if one.skipped:
            continue
        answer = act(world, one.launch, _import(world, product, key, one, by))
        if isinstance(answer, Refusal):
            raise LaunchError(f"{one.launch}: {answer.reason}")
        yield answer


def _import(world: World, product: Product, key: str, one: Past, by: Actor) -> Import:
    loaded = load_checklist(one.checklist, world.settings.folders)
    release = Release(
        product=key,
        title=product.title,
        version=one.version,
        tag=one.tag,
        commit=one.commit,
        repository=product.repository,
    )
    return Import(
        by=by,
        release=release,
        checklist=loaded.checklist,
        folder=str(loaded.folder),
        released_at=one.released_at,
    )
