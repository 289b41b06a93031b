"""What the pages show."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime
from typing import Any

from checklists.dates import time_zones
from checklists.organisation import Organisation
from checklists.subscriber import CHANGE_TYPES, CHANNELS, PACES, Subscriber
from ledger.publication_search import folded
from templates.locales import towns
from web.people.filled import offered


def choices(organisation: Organisation, who: Subscriber, now: datetime, locale: str) -> dict[str, Any]:
    """Everything on somebody's page, with what they have chosen so far; `locale` is the page's own language."""
    is_paused = who.paused_until is not None and who.paused_until > now
    return {
        "who": {"address": who.address, "state": who.state},
        "topics": list(_topics(organisation, who)),
        "types": [{"key": key, "on": not who.change_types or key in who.change_types} for key in CHANGE_TYPES],
        "channels": [{"key": key, "on": key in who.channels} for key in CHANNELS],
        "paces": [{"key": key, "on": key == who.pace} for key in PACES],
        "languages": list(filter(None, dict.fromkeys((*organisation.languages, who.locale)))),
        "chosen": who.locale or organisation.languages[0],
        "zones": zones(who.timezone, locale),
        "timezone": who.timezone,
        "paused_until": who.paused_until if is_paused else None,
    }


def _topics(organisation: Organisation, who: Subscriber) -> Iterator[dict[str, Any]]:
    for key, (title, about) in offered(organisation, who).items():
        yield {"key": key, "title": title, "about": about, "on": key in who.topics}


def zones(chosen: str, locale: str) -> list[dict[str, Any]]:
    """The time zones by region, `Europe/Vienna` as `Wien`."""
    regions: dict[str, list[str]] = {}
    for zone in sorted(time_zones()):
        region, _, place = zone.partition("/")
        if place and region not in ("Etc", "SystemV", "posix", "right", "US"):
            regions.setdefault(region, []).append(zone)
    if chosen and not any(chosen in some for some in regions.values()):
        regions["Other"] = [chosen]
    named = ((region, towns(some, locale)) for region, some in regions.items())
    return [{"region": region, "zones": sorted(some, key=lambda one: folded(one[1]))} for region, some in named]


def sign_up_form(
    organisation: Organisation, language: str, wanted: Container[str], address: str = "", problem: str = ""
) -> dict[str, Any]:
    """The form with what is filled in so far; `problem` is what is wrong with it."""
    topics = [
        {"key": key, "title": title, "about": about, "on": key in wanted}
        for key, (title, about) in offered(organisation).items()
    ]
    said = {"topics": topics, "languages": list(organisation.languages), "chosen": language}
    return said | {"address": address, "problem": problem}
