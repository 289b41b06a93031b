"""A digest as it leaves: what it gathered, without what was withdrawn or told since, by the thing it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from checklists.digest import Thing, day_of, due, merged
from checklists.selection import Selection
from checklists.subscriber import Subscriber
from ledger.deliveries import Delivery
from ledger.digests import Digest
from ledger.publication import Publication
from tasks.announcements.announcement import sender_of
from tasks.announcements.publishing import excerpt_in
from tasks.audiences.addresses import preferences_address, unsubscribe_address
from tasks.digests.planning import news_of, untold
from tasks.people.readers import reader_address
from tasks.senders.sender import addressed
from tasks.sending.receiving import facts_of
from tasks.speaking import frame_for, offered
from tasks.world import World
from templates.bodies import render_body
from templates.locales import spoken
from templates.render import Rendered

SHOWN = 30
"""Changes in one mail; the page has the rest."""


def why_not(world: World, row: Delivery) -> str:
    """Why this digest is not to leave, in words; empty where it is."""
    digest = world.ledger.digests.find(row.id)
    who = world.ledger.subscribers.get(digest.person) if digest else None
    if digest is None or who is None or who.address != row.recipient:
        return "nobody reads digests at this address any more"
    if refused := world.ledger.subscribers.opted_out([who.id], (), world.now(), chosen=Selection()):
        return f"they get none now: {', '.join(refused.values())}"
    if _is_over(world, digest, who):
        return "the next one takes it along"
    return "" if _contents(world, row, who) else "all of it was withdrawn, or told since"


def _is_over(world: World, digest: Digest, who: Subscriber) -> bool:
    """Whether another one is there, or due by now: nobody gets several at once."""
    period = due(who, world.now())
    is_late = period is not None and period.until > digest.until
    return is_late or not world.ledger.digests.is_newest(digest.delivery_id)


def until_day(world: World, row: Delivery) -> timedelta:
    """How long it is still night with the reader of this digest; nothing by day."""
    who, now = world.ledger.subscribers.find(row.recipient), world.now()
    return day_of(who, now) - now if who else timedelta()


def digest_letter(world: World, row: Delivery) -> Rendered:
    """Raises LookupError where `why_not` had something to say."""
    digest = world.ledger.digests.find(row.id)
    who = world.ledger.subscribers.get(digest.person) if digest else None
    if who is None:
        raise LookupError(f"{row.id} is no digest of anybody")
    values = _values(world, row, who)
    content = render_body("digest", "email", values, frame_for(world, "digest", who.locale))
    links = {"preferences": values["preferences"], "unsubscribe": unsubscribe_address(world, row.id)}
    return addressed(content, {**facts_of(who, content), **links})


def _contents(world: World, row: Delivery, who: Subscriber) -> tuple[Publication, ...]:
    digest = world.ledger.digests.find(row.id)
    found = (world.ledger.publications.get(id_) for id_ in (digest.publications if digest else ()))
    return tuple(untold(world, who, [one for one in found if one]))


def _values(world: World, row: Delivery, who: Subscriber) -> dict[str, Any]:
    contents = _contents(world, row, who)
    things = merged(news_of(world.organisation, one) for one in contents[:SHOWN])
    known = {one.id: one for one in contents}
    mine = reader_address(world, who.address) if not all(one.is_public for one in contents) else ""
    lang = _asking(world, who.locale)
    return {
        "organisation": world.organisation.organisation,
        "postal_address": sender_of(world).postal_address,
        "pace": row.item,
        "count": len(contents),
        "things": [_thing(world, thing, known, mine, who.locale, lang) for thing in things],
        "more": max(0, len(contents) - SHOWN),
        "all": mine or f"{world.settings.public_url}/changes{lang}",
        "preferences": preferences_address(world, who.id),
    }


def _asking(world: World, locale: str) -> str:
    """How a page that is everybody's is asked for in this mail's language; a reader's own page knows theirs."""
    languages = offered(world, "channel")
    return f"?{urlencode({'lang': spoken(locale, languages)})}" if locale and len(languages) > 1 else ""


def _thing(
    world: World, thing: Thing, known: dict[str, Publication], mine: str, locale: str, lang: str
) -> dict[str, Any]:
    product = world.organisation.products.get(thing.product)
    topics = world.organisation.all_topics
    topic = topics[thing.topic].title if thing.topic in topics else thing.topic
    changes = [_change(world, known[one.id], mine, locale, lang) for one in thing.news]
    return {"product": product.title if product else thing.product, "topic": topic, "changes": changes}


def _change(world: World, one: Publication, mine: str, locale: str, lang: str) -> dict[str, Any]:
    """What is private leaves as an excerpt, as everything does here, and with the reader's own link."""
    url = f"{world.settings.public_url}/changes/{one.slug}{lang}" if one.is_public else f"{mine}/{one.slug}"
    read = spoken(locale, one.languages)
    title, excerpt = one.words(read).title, excerpt_in(one, read)
    return {"title": title, "excerpt": excerpt, "url": url, "locale": read}
