"""Somebody outside who hears of launches: where, about what, how often, and whether they want to at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from checklists.items import ChangeType
from checklists.mail_address import in_ascii

State = Literal["unconfirmed", "confirmed", "unsubscribed", "bounced", "blocked"]
Pace = Literal["immediate", "daily", "weekly"]
Scalar = str | int | float | bool
STATES: tuple[State, ...] = get_args(State)
PACES: tuple[Pace, ...] = get_args(Pace)
CHANNELS = ("email", "feed")
"""Ways on which one person can be reached; what is posted to a room reaches no person."""
CHANGE_TYPES: tuple[str, ...] = get_args(ChangeType)
"""What somebody filters by. What they subscribe to is a topic, which is something else."""

NAME = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"
LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One person. `key` is their address as it is compared, `id` what stands for them outside.

    `topics` are those they subscribe to, `refused` those they once did; no `change_types` means all of them.
    `digests_from` is when they chose digests, `digests_until` when they chose to hear at once instead.
    """

    id: str
    address: str
    key: str
    state: State
    name: str = ""
    locale: str = ""
    timezone: str = ""
    reason: str = ""
    pace: Pace = "immediate"
    channels: frozenset[str] = frozenset(CHANNELS)
    change_types: frozenset[str] = frozenset()
    paused_until: datetime | None = None
    digests_from: datetime | None = None
    digests_until: datetime | None = None
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]


def key_of(address: str) -> str:
    """As it is compared: one mailbox is one person, whatever its letter case and the script of its domain."""
    known = unicodedata.normalize("NFC", in_ascii(address.strip()))
    return unicodedata.normalize("NFC", known.casefold())


def locale_of(text: str) -> str | None:
    """`de-AT` for `DE_at`; None for what names no language."""
    found = LOCALE.fullmatch(text.strip())
    if found is None:
        return None
    language, script, region = found.groups()
    return "-".join(part for part in (language.lower(), script and script.title(), region and region.upper()) if part)


def number_of(value: Scalar) -> float | None:
    """The number this is, also where it is written as text; zip codes such as 01234 are none."""
    if isinstance(value, bool):
        return None
    return float(value) if NUMBER.fullmatch(str(value).strip()) else None


def text_of(value: Scalar) -> str:
    """The value as it is compared: without regard to letter case, `50.0` as `50`, true as `true`."""
    number = number_of(value)
    if number is None:
        return unicodedata.normalize("NFC", str(value).strip()).casefold()
    return repr(number).removesuffix(".0")


def texts(attributes: Mapping[str, Scalar]) -> dict[str, str]:
    """Every attribute as it is compared."""
    return {name: text_of(value) for name, value in attributes.items()}


def numbers(attributes: Mapping[str, Scalar]) -> dict[str, float]:
    """Those attributes that are numbers."""
    found = {name: number_of(value) for name, value in attributes.items()}
    return {name: number for name, number in found.items() if number is not None}
