"""One look at a watched product: what is new becomes a receipt and an event, as if a webhook had told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from checklists.organisation import Product
from checklists.request import LaunchRequest
from checklists.versions import precedence, version_of
from ledger.watches import Watch
from tasks.changes.moved_tags import follow, keep_move
from tasks.events import announce_release
from tasks.intake import Ignored, Tagged, asked_for, receipt_of
from tasks.watching.hosts import Host, Sighting
from tasks.watching.rest import Later, Page
from tasks.world import World

AT_ONCE = 10
"""More new tags than this are somebody's import, not releases."""
LONGEST_WAIT = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=30)
Found = Mapping[str, str | None]


def look(world: World, product: Product, host: Host) -> list[str]:
    """What there is to say of it, one sentence each. What was there at the first look starts nothing."""
    key = f"{host.name}:{(product.repository or product.git or '').lower()}"
    known = world.ledger.watches.find(key)
    if known and known.not_before and known.not_before > world.now():
        return []
    before = known or Watch(key)
    try:
        seen = host.tags({address: Page(**page) for address, page in before.pages.items()})
        said = _first(seen) if known is None or known.looked_at is None else _news(world, product, host, before, seen)
    except Later as later:
        world.ledger.watches.keep(_put_off(before, later, world.now()))
        return [f"{key}: {later}"]
    world.ledger.watches.keep(_seen(before, seen, world.now()))
    return [f"{key}: {line}" for line in said]


def _first(seen: Sighting) -> list[str]:
    return [f"seen for the first time; the {len(seen.tags)} tags that are there start nothing"]


def _news(world: World, product: Product, host: Host, before: Watch, seen: Sighting) -> list[str]:
    new = {tag: commit for tag, commit in seen.tags.items() if before.tags.get(tag, "") != commit}
    releases = [tag for tag in new if version_of(tag, product.tags)]
    if len(releases) > AT_ONCE:
        return [f"{len(releases)} new tags at once look like an import and start nothing; `tminus start` starts one"]
    in_order = sorted(releases, key=lambda tag: precedence(version_of(tag, product.tags) or "0"))
    return [_told(world, host, product, tag, new[tag]) for tag in in_order]


def _told(world: World, host: Host, product: Product, tag: str, commit: str | None) -> str:
    """Keep the receipt first, then tell Prefect: what is lost on the way, the patrol finds."""
    url, notes = host.about(tag)
    found = Tagged(
        repository=product.repository or "", tag=tag, commit=commit, url=url, notes=notes, requested_by=host.name
    )
    answer = asked_for(found, world.organisation)
    is_news = world.ledger.receipts.keep(receipt_of(found, answer, "watch", "watch", world.now()))
    if is_news and isinstance(answer, LaunchRequest):
        announce_release(answer, found.release_key)
    if isinstance(answer, LaunchRequest) and (move := keep_move(world, answer, host.name, "watch")):
        return follow(world, move) or f"{tag} was moved"
    return f"{tag} starts nothing: {answer.reason}" if isinstance(answer, Ignored) else f"{tag} was found"


def _seen(before: Watch, seen: Sighting, now: datetime) -> Watch:
    pages = {address: {"rows": page.rows, "etag": page.etag, "next": page.next} for address, page in seen.pages.items()}
    return replace(before, tags=dict(seen.tags), pages=pages, looked_at=now, not_before=None, failures=0, said="")


def _put_off(before: Watch, later: Later, now: datetime) -> Watch:
    """Asked again when the host allows it, else after twice as long each time; what was seen stays."""
    failures = before.failures + 1
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    asked = datetime.fromtimestamp(later.at, UTC) if later.at else now + wait
    return replace(before, not_before=max(asked, now + timedelta(seconds=1)), failures=failures, said=str(later)[:500])
