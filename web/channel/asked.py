"""What a reader of the change channel asks for, and as whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import Request

from ledger.publication import Brief, Publication
from ledger.publication_search import Sought
from tasks.people.readers import belongs_to, read_reader
from tasks.world import World
from templates.words import one_line

FILTERS = ("product", "topic", "type", "audience")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A search, and the address below which this reader finds everything: their own, where they have a link.

    `locale` is the language that they read, where it is known.
    """

    sought: Sought
    base: str
    reader: str = ""
    locale: str = ""

    @property
    def is_private(self) -> bool:
        return bool(self.reader)

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters)

    @property
    def filters(self) -> dict[str, str]:
        found = {"q": self.sought.words} | {name: getattr(self.sought, name) for name in FILTERS}
        return {name: value for name, value in found.items() if value}

    def listed(self, page: int = 1, locale: str = "") -> str:
        more = self.filters | ({"page": str(page)} if page > 1 else {}) | ({"lang": locale} if locale else {})
        return self.base + (f"?{urlencode(more)}" if more else "")

    def feed(self, format_: str, locale: str = "") -> str:
        path = f"{self.base}/changes.{format_}" if self.reader else f"{self.base}.{format_}"
        more = self.filters | ({"lang": locale} if locale else {})
        return path + (f"?{urlencode(more)}" if more else "")

    def page_of(self, one: Publication | Brief, locale: str = "") -> str:
        return f"{self.base}/{one.slug}" + (f"?{urlencode({'lang': locale})}" if locale else "")


def asked_of(world: World, request: Request) -> Asked:
    """Everybody's view of what the query asks for."""
    query = {name: one_line(value, LONGEST) for name, value in request.query_params.items()}
    words, product, topic, type_, audience = (query.get(name, "") for name in ("q", *FILTERS))
    titles = ((key, one.title) for key, one in world.organisation.all_topics.items()) if words else ()
    sought = Sought(words, product, topic, type_, audience, titles=frozenset(titles))
    return Asked(sought, f"{world.settings.public_url}/changes")


def asked_by(world: World, request: Request, token: str) -> Asked | None:
    """The same for the person whose link this is, as they belong to audiences now; None where it is nobody's."""
    reader = read_reader(world, token)
    if reader is None:
        return None
    all_, who = asked_of(world, request), world.ledger.subscribers.find(reader.person)
    sought = replace(all_.sought, private=belongs_to(world, reader.person, who))
    return Asked(sought, f"{all_.base}/of/{token}", reader.id, who.locale if who else "")
