"""Which versions of a product were released: by its tags in git, or else by what was seen and launched here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checklists.organisation import Organisation, Product
from ledger.store import Ledger
from tasks.changes.git import GitFailed
from tasks.changes.mirror import mirror
from tasks.changes.releases import away, release_tags
from tasks.settings import Settings
from tasks.watching.keys import watch_key


@dataclass(frozen=True, slots=True)
class Known:
    """Released versions, each with who says so; `why` says what could not be asked."""

    versions: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def known_releases(
    settings: Settings, ledger: Ledger | None, organisation: Organisation, key: str, patience: float
) -> Known:
    """Never raises. git lists its tags, within so many seconds, where the product names it, and has the last word then.

    Where it is away, the tags of the last look count, and what this ledger knows.
    """
    product = organisation.products[key]
    here = _seen_here(ledger, key, product) if ledger else {}
    if not product.git:
        return Known(here)
    at = mirror(settings, product.git, patience, organisation.allow_private_addresses)
    try:
        return Known(_tagged(at.remote_tags(), product, "git"))
    except (GitFailed, OSError) as error:
        return Known({**here, **_last_seen(settings, product)}, why=away(at, error))


def _last_seen(settings: Settings, product: Product) -> dict[str, str]:
    """The tags of the copy as it is; the time for git may be over."""
    at = mirror(settings, product.git or "", 5)
    try:
        return _tagged(at.tags(), product, "the last look at git")
    except (GitFailed, OSError):
        return {}


def _seen_here(ledger: Ledger, key: str, product: Product) -> dict[str, str]:
    watch = ledger.watches.find(watch_key(product)) if product.watch != "no" else None
    launched = {version: f"the launch {name}" for version, name in ledger.index.versions_of(key).items()}
    return {**launched, **(_tagged(watch.tags, product, "watching") if watch else {})}


def _tagged(tags: Iterable[str], product: Product, where: str) -> dict[str, str]:
    return {version: f"the tag {tag}, by {where}" for version, tag in release_tags(tags, product).items()}
