"""One look at a watched product: what is new becomes a receipt and an event, as if a webhook had told of it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from checklists.organisation import Product
from checklists.versions import precedence
from ledger.watches import Watch
from tasks.events import announce_release
from tasks.intake.asking import Ignored
from tasks.intake.following import follow
from tasks.intake.receiving import keep
from tasks.intake.told import TagDeleted, Tagged
from tasks.watching.hosts import Host, Sighting
from tasks.watching.imports import keep_import
from tasks.watching.keys import watch_key
from tasks.watching.released import Released, look_at_releases
from tasks.watching.rest import Later, Page
from tasks.watching.tags import AT_ONCE, EVENT, release_tags, under_way
from tasks.world import World

LONGEST_WAIT = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Gone:
    """Release tags that are not there any more, each with its product and version, and how many more by mistake."""

    meant: Mapping[str, tuple[Product, str]]
    by_mistake: int

    @property
    def said(self) -> list[str]:
        many = f"{self.by_mistake} release tags are gone at once, which looks like a mistake"
        return [f"{many}; nobody is asked about them"] if self.by_mistake else []


def look(world: World, products: Sequence[Product], host: Host) -> list[str]:
    """What there is to say of the repository of these products, one sentence each.

    What was there at the first look starts nothing.
    """
    key = watch_key(products[0])
    known = world.ledger.watches.find(key)
    if known and known.not_before and known.not_before > world.now():
        return []
    before = known or Watch(key)
    try:
        seen = host.tags({address: Page(**page) for address, page in before.pages.items()})
        gone = _gone(world, products, before, seen)
        is_first = known is None or known.looked_at is None
        said = _first(seen) if is_first else _news(world, products, host, before, seen, gone)
    except Later as later:
        world.ledger.watches.keep(_put_off(before, later, world.now()))
        return [f"{key}: {later}"]
    released = look_at_releases(world, products, host, before, seen.tags)
    _keep(world, before, _seen(before, _remembered(before, seen, gone), released, world.now()))
    return [f"{key}: {line}" for line in (*said, *released.said, *_put_off_releases(before, released))]


def _put_off_releases(before: Watch, released: Released) -> list[str]:
    """Why they cannot be looked at, once: a host may show no releases at all."""
    said = str(released.later or "")
    return [said] if said and said[:500] != before.said else []


def _gone(world: World, products: Sequence[Product], before: Watch, seen: Sighting) -> Gone:
    """The release tags that are not there any more.

    Where all are gone, or many at once, the host is likely wrong, not they; of many those are meant that a launch is
    under way of: nothing may change under it in silence.
    """
    gone = release_tags((tag for tag in before.tags if tag not in seen.tags), products)
    if gone and not seen.tags:
        return Gone({}, len(gone))
    launched = under_way(world, products) if len(gone) > AT_ONCE else ()
    meant = {tag: of for tag, of in gone.items() if (of[0].title, of[1]) in launched}
    others = len(gone) - len(meant)
    return Gone(meant, others) if others > AT_ONCE else Gone(gone, 0)


def _remembered(before: Watch, seen: Sighting, gone: Gone) -> Sighting:
    """What is there, and what is gone by mistake: when that is back, it is no news."""
    kept = {tag: commit for tag, commit in before.tags.items() if tag not in gone.meant}
    return replace(seen, tags={**kept, **seen.tags}) if gone.by_mistake else seen


def _keep(world: World, before: Watch, after: Watch) -> None:
    """Where nothing has changed, only the time is written: a hundred thousand tags are some megabytes."""
    if before.looked_at and replace(after, looked_at=before.looked_at) == before:
        world.ledger.watches.looked(before.key, world.now())
    else:
        world.ledger.watches.keep(after)


def _first(seen: Sighting) -> list[str]:
    return [f"seen for the first time; the {len(seen.tags)} tags that are there start nothing"]


def _news(
    world: World, products: Sequence[Product], host: Host, before: Watch, seen: Sighting, gone: Gone
) -> list[str]:
    new = [tag for tag, commit in seen.tags.items() if before.tags.get(tag, "") != commit]
    releases = release_tags(new, products)
    many = _many(releases, under_way(world, products) if len(releases) > AT_ONCE else ())
    few = [tag for tag, (product, _) in releases.items() if tag not in many.get(product.title, {})]
    in_order = sorted(few, key=lambda tag: precedence(releases[tag][1]))
    found = [_told(world, host, releases[tag][0], tag, seen.tags[tag], before.tags.get(tag)) for tag in in_order]
    imports = [_import(world, host, tags) for tags in many.values()]
    vanished = [_vanished(world, host, product, tag, before) for tag, (product, _) in gone.meant.items()]
    return [*imports, *found, *gone.said, *vanished]


def _many(
    releases: Mapping[str, tuple[Product, str]], launched: Container[tuple[str, str]]
) -> dict[str, dict[str, tuple[Product, str]]]:
    """By product those that are too many at once to be releases. A tag that a launch is about is never one of them."""
    by: dict[str, dict[str, tuple[Product, str]]] = {}
    for tag, (product, version) in releases.items():
        if (product.title, version) not in launched:
            by.setdefault(product.title, {})[tag] = product, version
    return {title: tags for title, tags in by.items() if len(tags) > AT_ONCE}


def _import(world: World, host: Host, tags: Mapping[str, tuple[Product, str]]) -> str:
    versions = {tag: version for tag, (_, version) in tags.items()}
    first = min(versions, key=lambda tag: precedence(versions[tag]))
    product = tags[first][0]
    told = Tagged(host=product.host, repository=product.origin, tag=first, requested_by=host.name)
    return keep_import(world, told, versions)


def _told(world: World, host: Host, product: Product, tag: str, commit: str | None, before: str | None) -> str:
    """Keep the receipt first, then tell Prefect: what is lost on the way, the patrol finds."""
    url, notes = host.about(tag)
    found = Tagged(
        host=product.host,
        repository=product.origin,
        tag=tag,
        commit=commit,
        before=before,
        url=url,
        notes=notes,
        requested_by=host.name,
    )
    kept = keep(world, found, EVENT, EVENT, f"{EVENT}:{commit}")
    if kept.news:
        announce_release(kept.news, found.release_key)
    if kept.follow:
        return follow(world, kept.follow) or f"{tag} was moved"
    return f"{tag} starts nothing: {kept.launch.reason}" if isinstance(kept.launch, Ignored) else f"{tag} was found"


def _vanished(world: World, host: Host, product: Product, tag: str, before: Watch) -> str:
    """As if a webhook had told of it; told once, however often a look breaks off."""
    told = TagDeleted(
        host=product.host, repository=product.origin, tag=tag, commit=before.tags[tag], requested_by=host.name
    )
    kept = keep(world, told, EVENT, EVENT, f"{EVENT}:{before.looked_at}")
    return (follow(world, kept.follow) if kept.follow else "") or f"{tag} is gone"


def _seen(before: Watch, seen: Sighting, released: Released, now: datetime) -> Watch:
    pages = {address: page.kept for address, page in {**seen.pages, **released.pages}.items()}
    later = released.later
    until = datetime.fromtimestamp(later.at, UTC) if later and later.at else None
    said = str(later or "")[:500]
    return replace(before, tags=dict(seen.tags), pages=pages, looked_at=now, not_before=until, failures=0, said=said)


def _put_off(before: Watch, later: Later, now: datetime) -> Watch:
    """Asked again when the host allows it, else after twice as long each time; what was seen stays."""
    failures = before.failures + 1
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    asked = datetime.fromtimestamp(later.at, UTC) if later.at else now + wait
    return replace(before, not_before=max(asked, now + timedelta(seconds=1)), failures=failures, said=str(later)[:500])
