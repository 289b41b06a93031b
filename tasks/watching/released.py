"""What became of releases whose tags were seen: published later, edited, deleted; as if a webhook had told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from checklists.organisation import Product
from checklists.rules.starting import launch_id
from ledger.watches import Watch
from tasks.events import announce_release
from tasks.intake.asking import Ignored, Place, place_of
from tasks.intake.following import follow
from tasks.intake.receiving import keep
from tasks.intake.told import ReleaseDeleted, ReleaseEdited, Tagged, Told
from tasks.intake.trying_again import is_tried_again
from tasks.watching.hosts import Host
from tasks.watching.listing import Listing
from tasks.watching.rest import Later, Page
from tasks.watching.tags import AT_ONCE, EVENT, release_tags, under_way
from tasks.world import World


@dataclass(frozen=True, slots=True)
class Released:
    """What there is to say, the page to ask with the next time, and why there is no newer one."""

    said: list[str] = field(default_factory=list)
    pages: Mapping[str, Page] = field(default_factory=dict)
    later: Later | None = None


def look_at_releases(
    world: World, products: Sequence[Product], host: Host, before: Watch, tags: Collection[str]
) -> Released:
    """The first look only remembers what they say. Where the host will not say it, tags are watched all the same."""
    if not host.releases_at:
        return Released()
    known = Page(**before.pages[host.releases_at]) if host.releases_at in before.pages else None
    try:
        listing = host.releases(known)
        was = dict(known.rows) if known else {}
        missing = release_tags((tag for tag in was if tag in tags and tag not in dict(listing.page.rows)), products)
        asked = missing if len(missing) <= AT_ONCE else _launched(world, products, missing)
        gone = [tag for tag in asked if not host.is_published(tag)]
    except Later as later:
        return Released(pages={host.releases_at: known} if known else {}, later=later)
    found = _news(host, products, was, listing) if known else ()
    deleted = (ReleaseDeleted(**_about(host, missing[tag][0], tag)) for tag in gone)
    said = [line for told in (*found, *deleted) for line in _hand_over(world, told, before)]
    return Released([*said, *_too_many(missing)], {host.releases_at: listing.page})


def _news(host: Host, products: Sequence[Product], was: Mapping[str, str], listing: Listing) -> Iterator[Told]:
    for tag, (product, _) in release_tags(listing.releases, products).items():
        one, about = listing.releases[tag], _about(host, product, tag)
        if tag not in was:
            yield Tagged(**about, url=one.url, notes=one.notes)
        elif was[tag] != one.mark:
            yield ReleaseEdited(**about, notes=one.notes, at=one.at)


def _about(host: Host, product: Product, tag: str) -> dict[str, Any]:
    return {"host": product.host, "repository": product.origin, "tag": tag, "requested_by": host.name}


def _launched(world: World, products: Sequence[Product], releases: Mapping[str, tuple[Product, str]]) -> list[str]:
    """Those that a launch is under way of."""
    launched = under_way(world, products)
    return [tag for tag, (product, version) in releases.items() if (product.title, version) in launched]


def _too_many(missing: Collection[str]) -> Iterator[str]:
    if len(missing) > AT_ONCE:
        many = f"{len(missing)} releases are not among the newest any more"
        yield f"{many}; only of those with an open launch it was asked whether they were deleted"


def _hand_over(world: World, told: Told, before: Watch) -> Iterator[str]:
    """Of releases that nobody launches nothing is kept: there are many, and any of them may be edited."""
    place = place_of(told, world.organisation)
    if isinstance(place, Ignored) or not _is_awaited(world, told, place):
        return
    kept = keep(world, told, EVENT, EVENT, f"{EVENT}:{before.looked_at}:{_mark(told)}")
    if kept.news:
        announce_release(kept.news, told.release_key)
    if kept.follow and (said := follow(world, kept.follow)):
        yield said


def _is_awaited(world: World, told: Told, place: Place) -> bool:
    """Whether there is a launch to hear of it, or one may still begin.

    What was refused for good stays so: an old release is on the page of the newest again once a newer one is deleted.
    """
    if world.ledger.index.find(launch_id(place.key, place.version)):
        return True
    receipt = world.ledger.receipts.find(told.release_key)
    return receipt is not None and (receipt.state != "ignored" or is_tried_again(receipt, world.now()))


def _mark(told: Told) -> str:
    """Tells what is said from what may have been said in a look that broke off."""
    return sha256(told.model_dump_json().encode()).hexdigest()[:16]
