"""Which publications a reader asks for, and which of them they may see; the same on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from unicodedata import combining, normalize

from sqlalchemy import ColumnElement, and_, exists, or_

from ledger import schema
from ledger.publication import Publication

MOST_WORDS = 12
_P = schema.publications.c
_T = schema.publication_tags.c


Belongs = frozenset[tuple[str, str]]
"""Audiences that somebody belongs to, each with the product for which they do."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A search. `private` is what this reader may see beside the public ones.

    `titles` are what topics are called today, by their keys: who searches for that finds what is about them.
    """

    words: str = ""
    product: str = ""
    topic: str = ""
    type: str = ""
    audience: str = ""
    private: Belongs = frozenset()
    with_recalled: bool = False
    since: datetime | None = None
    titles: frozenset[tuple[str, str]] = frozenset()


def folded(text: str) -> str:
    """Letters alone decide what is found: neither their case nor their accents do."""
    parts = normalize("NFKD", text.casefold())
    return re.sub(r"\s+", " ", "".join(sign for sign in parts if not combining(sign))).replace("\0", "").strip()


def holds(sought: Sought) -> list[ColumnElement[bool]]:
    return list(_conditions(sought))


def may_see(private: Belongs, one: Publication) -> bool:
    return one.is_public or (one.audience, one.product) in private


def _belongs(private: Belongs) -> Iterator[ColumnElement[bool]]:
    for audience in sorted({name for name, _ in private}):
        yield and_(_P.audience == audience, _P.product.in_(sorted(key for name, key in private if name == audience)))


def _conditions(sought: Sought) -> Iterator[ColumnElement[bool]]:
    yield or_(_P.is_public, *_belongs(sought.private))
    if not sought.with_recalled:
        yield _P.recalled_at.is_(None)
    if sought.product:
        yield _P.product == sought.product
    if sought.audience:
        yield _P.audience == sought.audience
    if sought.since:
        yield _P.published_at > sought.since
    for kind, name in (("topic", sought.topic), ("type", sought.type)):
        if name:
            yield _has(kind, name)
    titles = [(key, folded(title)) for key, title in sorted(sought.titles)]
    for word in folded(sought.words).split()[:MOST_WORDS]:
        called = [key for key, title in titles if word in title]
        is_said = _P.found_by.contains(word, autoescape=True)
        yield or_(is_said, _has("topic", *called)) if called else is_said


def _has(kind: str, *names: str) -> ColumnElement[bool]:
    return exists().where(and_(_T.publication_id == _P.id, _T.kind == kind, _T.name.in_(names)))
