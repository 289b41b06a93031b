"""What somebody filled into the forms of these pages, read and not yet believed."""

from __future__ import annotations

from datetime import datetime, timedelta

from checklists.dates import time_zones
from checklists.organisation import Organisation
from checklists.subscriber import CHANGE_TYPES, CHANNELS, PACES, Subscriber, locale_of
from ledger.wishes import Preferences
from web.forms import Fields, fields_of

MOST_FIELDS = 300
PAUSES = {"7": timedelta(days=7), "30": timedelta(days=30), "90": timedelta(days=90)}
KEEP = "keep"
"""The pause that holds already is left as it is."""


def read(body: bytes) -> Fields | None:
    """Every value by name; None for what no form of ours sends."""
    fields = fields_of(body, MOST_FIELDS)
    return fields and {name: tuple(value.strip() for value in values) for name, values in fields.items()}


def one(fields: Fields, name: str) -> str:
    """The value; empty where there is none, or more than one."""
    values = fields.get(name, ())
    return values[0] if len(values) == 1 else ""


def offered(organisation: Organisation, who: Subscriber | None = None) -> dict[str, tuple[str, str]]:
    """The topics of the form by key, with title and a line about them: those for everybody, and those they have."""
    mine = who.topics if who else frozenset()
    topics = organisation.all_topics.items()
    return {key: (topic.title, topic.about or "") for key, topic in topics if topic.offered or key in mine}


def preferences(fields: Fields, who: Subscriber, organisation: Organisation, now: datetime) -> Preferences | None:
    """What they chose; None where a choice is none that the page offers."""
    topics, types, channels = (frozenset(fields.get(name, ())) for name in ("topic", "type", "channel"))
    pace, language, zone, pause = (one(fields, name) for name in ("pace", "locale", "timezone", "pause"))
    known = frozenset(offered(organisation, who))
    is_ours = topics <= known and types <= set(CHANGE_TYPES) and channels <= set(CHANNELS) and pace in PACES
    locale = (locale_of(language) if language else "") if "locale" in fields else who.locale
    if not is_ours or locale is None or (zone and zone not in time_zones()):
        return None
    if pause not in ("", KEEP, *PAUSES):
        return None
    until = who.paused_until if pause == KEEP else now + PAUSES[pause] if pause else None
    some = frozenset() if types == set(CHANGE_TYPES) else types
    return Preferences(topics, known, some, channels, pace, locale, zone, until)  # type: ignore[arg-type]
