"""A change as it stands on the change channel, and the row it is kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple, TypedDict
from uuid import NAMESPACE_URL, uuid5

import rfc8785
from sqlalchemy import RowMapping

NAMESPACE = uuid5(NAMESPACE_URL, "tminus:publication")


@dataclass(frozen=True, slots=True)
class Words:
    """A title on one line, and a body in markdown."""

    title: str
    body: str


class Told(TypedDict):
    """A change in another language, as feeds show it."""

    title: str
    html: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What is made of the words once, so that five thousand of them can be read at once: `drawn` says by what."""

    html: str = ""
    excerpt: str = ""
    found_by: str = ""
    drawn: int = 0
    translated: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """The words that took the place of others; `key` is what makes twice once.

    `notes` are the note in other languages.
    """

    key: str
    at: datetime
    note: str
    before: Words
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publication:
    """One change as it stands now."""

    id: str
    slug: str
    launch_id: str
    item: str
    product: str
    version: str
    title: str
    body: str
    audience: str
    is_public: bool
    published_at: datetime
    updated_at: datetime
    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    locale: str = "en"
    variants: Mapping[str, Words] = field(default_factory=dict)
    shown: Shown = field(default_factory=Shown)
    corrections: tuple[Correction, ...] = ()
    recalled_at: datetime | None = None
    recall_reason: str = ""
    recall_reasons: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0

    @property
    def is_recalled(self) -> bool:
        return self.recalled_at is not None

    @property
    def languages(self) -> tuple[str, ...]:
        """Its own first."""
        return (self.locale, *self.variants)

    def words(self, locale: str = "") -> Words:
        """In this language where somebody wrote it, else in its own."""
        return self.variants.get(locale) or Words(self.title, self.body)


class Brief(NamedTuple):
    """A change as feeds show it: five thousand at once, so without its bodies and its history."""

    id: str
    slug: str
    product: str
    locale: str
    title: str
    is_public: bool
    topics: list[str]
    types: list[str]
    html: str
    excerpt: str
    drawn: int
    translated: dict[str, Told]
    recalled_at: datetime | None
    published_at: datetime
    updated_at: datetime
    revision: int


def id_of(launch_id: str, item: str) -> str:
    """One announcement is one publication, over however many channels it is asked for."""
    return str(uuid5(NAMESPACE, rfc8785.dumps([launch_id, item]).decode()))


def columns(one: Publication) -> dict[str, Any]:
    row = {name: value for name, value in asdict(one).items() if name != "shown"}
    told = [{**asdict(said), "at": said.at.isoformat()} for said in one.corrections]
    return {**row, **asdict(one.shown), "corrections": told}


def publication(row: RowMapping) -> Publication:
    said = dict(row)
    shown = Shown(**{one.name: said.pop(one.name) for one in fields(Shown)})
    variants = {locale: Words(**words) for locale, words in said.pop("variants").items()}
    corrections = tuple(_correction(one) for one in said.pop("corrections"))
    topics, types = tuple(said.pop("topics")), tuple(said.pop("types"))
    return Publication(**said, topics=topics, types=types, variants=variants, shown=shown, corrections=corrections)


def _correction(one: dict[str, Any]) -> Correction:
    return Correction(
        one["key"], datetime.fromisoformat(one["at"]), one["note"], Words(**one["before"]), one.get("notes", {})
    )
