"""A launch that is nothing but one announcement on the change channel, and what is published there without launches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from checklists.decide import Refusal
from checklists.files.organisation_file import OrganisationFile
from checklists.launch import Launch
from checklists.request import LaunchRequest
from ledger.publication import Publication, Words, id_of
from ledger.store import Ledger
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.announcements.publishing import shown
from tasks.boards.memory_board import MemoryBoard
from tasks.opening import open_launch
from tasks.settings import Settings
from tasks.world import World
from tests.databases import make_ready
from tests.tasks.newsroom import CHECKLISTS, RUN
from tests.tasks.worlds import Clock

NOTES = "Exports are **faster**.\n\n## New\n\n- Export as CSV\n\n## Fixed\n\n- The columns keep their order\n"
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ORGANISATION = """
organisation: Example Org
people:
  ada@example.com: {name: Ada, roles: [launch-managers, internal]}
  ben@example.com: {name: Ben, roles: [support]}
products: {acme: {title: Acme}, acme-sdk: {title: Acme SDK}}
audiences:
  customers: {title: Customers, addresses: [customer@example.net], external: true, public: true}
  partners: {title: Partners, addresses: [partner@example.net], external: true}
  internal: {title: Everybody here, roles: [internal]}
channels: {email: {kind: email}, feed: {kind: feed}}
"""


def channel_world(home: Path, database_url: str | None = None, **more: object) -> World:
    """The world of this folder, with a clock that tests turn."""
    home.mkdir(parents=True, exist_ok=True)
    file = home / "organisation.yaml"
    if not file.exists():
        file.write_text(ORGANISATION)
    given = {"home": home, "organisation": file, "checklists": (CHECKLISTS,), **more}
    settings = Settings(_env_file=None, **given)  # type: ignore[arg-type]
    ledger = Ledger(database_url or settings.ledger_url)
    make_ready(ledger)
    return World(settings, ledger, OrganisationFile(file), MemoryBoard(), Clock(NOW))


def launched(world: World, version: str = "2.4.0", notes: str = NOTES) -> Launch:
    """A launch with its announcement on the way."""
    request = LaunchRequest(product="acme", version=version, checklist="news-on-the-channel", notes=notes)
    launch = open_launch(world, request)
    assert not isinstance(launch, Refusal), launch
    return advance(world, launch.id)


def announced(world: World, notes: str = NOTES) -> Publication:
    launched(world, notes=notes)
    plan(world, RUN)
    assert drain(world, RUN)
    found = world.ledger.publications.get(id_of(RUN.launch_id, RUN.item))
    assert found is not None
    return found


@dataclass(frozen=True)
class Draft:
    """Something to publish without a launch."""

    version: str
    body: str = NOTES
    title: str = ""
    audience: str = "customers"
    product: str = "acme"
    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    variants: tuple[tuple[str, Words], ...] = ()


def put(world: World, draft: Draft) -> Publication:
    """It stands on the channel as if it had been announced now."""
    now, name, others = world.now(), f"{draft.product}-{draft.version}", dict(draft.variants)
    words = Words(draft.title or f"{draft.product.title()} {draft.version}", draft.body)
    is_public = world.organisation.audiences[draft.audience].public
    new = Publication(
        id=id_of(name, draft.audience),
        slug="",
        launch_id=name,
        item="tell",
        product=draft.product,
        version=draft.version,
        title=words.title,
        body=words.body,
        audience=draft.audience,
        is_public=is_public,
        published_at=now,
        updated_at=now,
        topics=draft.topics,
        types=draft.types,
        variants=others,
        shown=shown(words, draft.product, draft.version, others=others),
    )
    return world.ledger.publications.publish(new, (name if is_public else f"{name}-{draft.audience}",))


def at(world: World, moment: datetime) -> World:
    return replace(world, now=lambda: moment)
