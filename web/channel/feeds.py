"""The feeds over HTTP: each entry drawn once for everybody, and nothing sent to those who have it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fastapi import Request, Response

from ledger.database import chunks
from ledger.publication import Brief, Shown, Told
from ledger.publication_search import Sought
from ledger.publications import State
from tasks.announcements.publishing import shown
from tasks.world import World
from templates import entry
from templates.feeds import HERE, TYPES, Format, drawn, rendered, written
from web.channel.asked import Asked
from web.channel.conditional import has_newest, last_modified
from web.channel.shelf import Drawn, Searches, Shelf
from web.channel.showing import product_title, topic_title
from web.speech import Speech, told_in

USUAL, MOST, FEW = 100, 5_000, 50
EVERYTHING = Sought(with_recalled=True)

SNIPPET = {"label": "whats_new"} | {name: f"snippet_{name}" for name in ("close", "all", "unread", "none")}
"""What the snippet says, by its attributes; the word lists have it by these keys."""


@dataclass
class Kept:
    """What one process keeps between two readers."""

    searches: Searches = field(default_factory=Searches)
    shelves: dict[str, Shelf] = field(default_factory=dict)

    def shelf(self, locale: str) -> Shelf:
        """Of its own for each language: who reads one takes no room from who reads another."""
        return self.shelves.setdefault(locale, Shelf())


def served(world: World, kept: Kept, asked: Asked, format_: Format, request: Request) -> Response:
    asked = replace(asked, sought=replace(asked.sought, with_recalled=True))
    said = told_in(world, "channel", request.query_params.get("lang", ""))
    most, look = _most(request), _look(world, format_, said)
    state = kept.searches.state(world.ledger.publications, asked.sought)
    etag = _etag(asked, most, state, look)
    headers = _headers(asked, etag, said) | last_modified(state.updated_at, world.now())
    if has_newest(request.headers, etag, state.updated_at):
        return Response(status_code=304, headers=headers)
    found = world.ledger.publications.found(asked.sought, most)
    entries = kept.shelf(said.locale).entries(look, found, lambda ids: _drawn(world, format_, ids, said))
    return Response(_made(world, asked, format_, entries, said), headers=headers, media_type=TYPES[format_])


def draw_ahead(world: World, kept: Kept, format_: Format, locale: str, stopped: Callable[[], bool]) -> None:
    """Draw what everybody may read, the newest first, as long as there is room: who asks a new process first does not
    wait for all of it. A few at a time: who asks meanwhile does not wait for it either."""
    said = told_in(world, "channel", locale)
    look, shelf = _look(world, format_, said), kept.shelf(said.locale)
    for some in chunks(world.ledger.publications.found(EVERYTHING, MOST), FEW):
        before = shelf.size
        if stopped():
            return
        shelf.entries(look, some, lambda ids: _drawn(world, format_, ids, said))
        if shelf.size + (shelf.size - before) > shelf.room:
            return


def _most(request: Request) -> int:
    said = request.query_params.get("limit", "")
    return min(int(said), MOST) if said.isascii() and said.isdigit() and 0 < len(said) < 6 and int(said) else USUAL


def _headers(asked: Asked, etag: str, said: Speech) -> dict[str, str]:
    """Anybody may keep what is public; what is one person's is theirs alone, and in no index."""
    kept_by = "private, no-cache" if asked.is_private else "public, no-cache"
    headers = {"ETag": etag, "Cache-Control": kept_by, "Content-Language": said.locale}
    if asked.is_private:
        headers["X-Robots-Tag"] = "noindex, nofollow"
    else:
        headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return headers


def _etag(asked: Asked, most: int, state: State, look: str) -> str:
    """Of everything the feed is made of: the entries, the search, and how both are shown."""
    about = most, asked.base, sorted(asked.sought.private), asked.filters, state.revision, state.count, look
    return f'"{_digest(about)}"'


def _look(world: World, format_: Format, said: Speech) -> str:
    """Of everything but its own words that an entry is drawn with."""
    known = world.organisation
    names = known.organisation, known.brand.name  # with those of products all that `product_title` is made of
    products = sorted((key, one.title, one.brand.name) for key, one in known.products.items())
    topics = sorted((key, one.title) for key, one in known.topics.items())
    words = said.locale, said.asked, sorted(said.say.items())
    return _digest((format_, entry.DRAWN, written(format_), names, products, topics, words))


def _digest(about: object) -> str:
    return sha256(json.dumps(about).encode()).hexdigest()[:32]


def _made(world: World, asked: Asked, format_: Format, entries: Sequence[Drawn], said: Speech) -> bytes:
    """Its id is the same in every language, as those of its entries are."""
    name, author = asked.feed(format_), world.organisation.organisation
    feed = {
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, f'tminus:{asked.reader} {asked.filters}')}" if asked.reader else name,
        "title": said.say["feed_title"].replace("{organisation}", author),
        "author": author,
        "self": asked.feed(format_, said.asked),
        "home": asked.listed(locale=said.asked),
        "language": said.locale,
        "words": {name: said.say[key] for name, key in SNIPPET.items()},
        "updated": max((one.updated_at for one in entries), default=None),
    }
    return rendered(format_, feed, (one.body for one in entries), asked.base)


def _drawn(world: World, format_: Format, ids: Sequence[str], said: Speech) -> Iterator[Drawn]:
    """As they stand now, for whoever may read them: what is private as an excerpt, and under nobody's address."""
    for some in world.ledger.publications.brief(ids):
        bodies = drawn(format_, _values(world, some, said))
        yield from (Drawn(one.id, one.revision, one.updated_at, body) for one, body in zip(some, bodies, strict=True))


def _values(world: World, some: Sequence[Brief], said: Speech) -> Iterator[dict[str, Any]]:
    titles = {key: product_title(world, key) for key in {one.product for one in some}}
    topics = {key: topic_title(world, key) for key in {key for one in some for key in one.topics}}
    here, nearest = Asked(Sought(), HERE), cache(said.among)
    for one in some:
        shown, is_recalled = _as_drawn(world, one), one.recalled_at is not None
        locale = nearest((one.locale, *shown.translated))
        told = shown.translated.get(locale) or Told(title=one.title, html=shown.html, excerpt=shown.excerpt)
        yield {
            "id": one.id,
            "url": here.page_of(one, said.asked),
            "language": locale,
            "title": told["title"],
            "html": told["html"] if one.is_public and not is_recalled else "",
            "summary": said.say["withdrawn"] if is_recalled else told["excerpt"],
            "published": one.published_at,
            "updated": one.updated_at,
            "withdrawn": is_recalled,
            "tags": dict.fromkeys((titles[one.product], *one.types), "") | {key: topics[key] for key in one.topics},
        }


def _as_drawn(world: World, one: Brief) -> Brief | Shown:
    """As it was drawn when it was published; anew where that was done in an older way."""
    whole = world.ledger.publications.get(one.id) if one.drawn != entry.DRAWN else None
    return shown(whole.words(), others=whole.variants) if whole else one
