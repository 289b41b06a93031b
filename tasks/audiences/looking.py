"""An audience as it is now: how many, where they are, a few of them, and why somebody is in it or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from checklists.audience import Audience
from checklists.audiences import audience_of
from checklists.checklist import Checklist
from checklists.organisation import Organisation
from checklists.selection import Reason, is_meant, misses, reason
from checklists.subscriber import Subscriber, key_of
from ledger.roster_steps import Meant, as_named
from ledger.rosters import by_reason
from ledger.subscribers import GONE, keys_of
from tasks.audiences.settling import meant, words_of
from tasks.world import World
from templates.left_out import LEFT_OUT

SAMPLE, SPLIT = 5, 20


def audience_now(world: World, name: str, product: str = "", checklist: Checklist | None = None) -> dict[str, Any]:
    """The audience where this product is launched; where it depends on the product and none is named, of any.

    It is one of the organisation file or of this checklist. Raises LaunchError where it is of neither, or of both.
    """
    audience = audience_of(name, world.organisation, checklist)
    known = _meant(world.organisation, name, audience, product)
    now = world.now()
    by_locale, by_domain = (world.ledger.rosters.split(known, now, by) for by in ("locale", "domain"))
    counts = by_reason(by_locale)
    reach = counts.pop("", 0)
    return {
        "audience": name,
        "meant": list(words_of(audience)),
        "reach": reach,
        "excluded": {why: {"count": count, "reason": LEFT_OUT[why]} for why, count in sorted(counts.items())},
        "by_role": len(known.roles),
        "by_address": len(known.addresses),
        "reach_by": {"locale": _largest(by_locale), "domain": _largest(by_domain)},
        "sample": _sample(world, known),
    }


def _largest(split: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Of those who get it, the most first, and the rest together, so that it adds up."""
    reach = {part: many for (why, part), many in split.items() if not why}
    shown = sorted(reach.items(), key=lambda one: (-one[1], one[0]))[:SPLIT]
    rest = sum(reach.values()) - sum(many for _, many in shown)
    return dict(shown) | ({"others": rest} if rest else {})


def _sample(world: World, known: Meant) -> list[dict[str, str]]:
    """A few of those who get it, each once."""
    some: dict[str, dict[str, str]] = {}
    for address, name in _told(world, known):
        some.setdefault(key_of(address), {"address": address, "name": name})
        if len(some) == SAMPLE:
            break
    return list(some.values())


def _told(world: World, known: Meant) -> Iterator[tuple[str, str]]:
    """Address and name of everybody who gets it; who is there by name and by a rule comes twice."""
    find, now = world.ledger.subscribers.find, world.now()
    yield from ((one.address, one.name) for one in known.roles if not _kept_from_role(find(one.address)))
    for address in known.addresses:
        who = find(address)
        if not _kept_from_named(known, who, now):
            yield address, who.name if who else ""
    yield from ((who.address, who.name) for who in world.ledger.subscribers.members(known.selection, now))


def _kept_from_role(who: Subscriber | None) -> Reason:
    """Only a dead address keeps back what somebody's role asks for."""
    return who.state if who and who.state in GONE else ""


def _kept_from_named(known: Meant, who: Subscriber | None, now: datetime) -> Reason:
    return reason(as_named(known), who, now) if who else ""


def why(world: World, name: str, address: str, product: str = "", checklist: Checklist | None = None) -> dict[str, Any]:
    """Whether this address hears it, and every reason for that."""
    audience = audience_of(name, world.organisation, checklist)
    known, keys = _meant(world.organisation, name, audience, product), keys_of(address)
    who = world.ledger.subscribers.find(address)
    said = {"audience": name, "address": address}
    if any(one.address.lower() in keys for one in known.roles):
        kept = _kept_from_role(who)
        return said | {"in": not kept, "because": [LEFT_OUT[kept] if kept else "has one of its roles"]}
    if known.named.intersection(keys):
        kept = _kept_from_named(known, who, world.now())
        return said | {"in": not kept, "because": [LEFT_OUT[kept] if kept else "is named in it"]}
    if who is not None and not who.address:
        return said | {"in": False, "because": ["asked to be forgotten"]}
    if who is None:
        return said | {"in": False, "because": ["nobody known has this address"]}
    return said | _subscriber(world, known, who)


def _subscriber(world: World, known: Meant, who: Subscriber) -> dict[str, Any]:
    selection = known.selection
    if is_meant(selection, who):
        found = reason(selection, who, world.now())
        return {"in": not found, "because": [LEFT_OUT[found] if found else "they match its rule and topics"]}
    because = list(misses(selection.rule, who)) if selection.rule else []
    if selection.topics and not (who.topics | who.refused).intersection(selection.topics):
        because.insert(0, f"they subscribe to none of {', '.join(filter(None, selection.topics))}")
    return {"in": False, "because": because or ["no subscribers are in it"]}


def _meant(organisation: Organisation, name: str, audience: Audience, product: str) -> Meant:
    found = meant(organisation, name, audience, product)
    return found if product else found.by(audience.topics_of_any(organisation.products))
