"""Somebody as commands and the API show them."""

from __future__ import annotations

from typing import Any

from checklists.errors import LaunchError
from checklists.subscriber import Subscriber
from tasks.world import World


class Unknown(LaunchError):
    """Nobody has this address, or they asked to be forgotten."""


def found(world: World, address: str) -> Subscriber:
    """Raises Unknown."""
    who = world.ledger.subscribers.find(address)
    if who is None or not who.address:
        raise Unknown(f"{address}: nobody known has this address; `tminus people export` has all of them")
    return who


def as_shown(world: World, who: Subscriber) -> dict[str, Any]:
    """All that is known of them, and what they said; instants are UTC."""
    return summary(who) | {
        "consents": [
            {"at": one.at.isoformat(timespec="seconds"), "what": one.what, "how": one.how, "origin": one.origin}
            for one in world.ledger.wishes.consents(who.id)
        ]
    }


def summary(who: Subscriber) -> dict[str, Any]:
    return {
        "id": who.id,
        "address": who.address,
        "name": who.name,
        "state": who.state,
        "reason": who.reason,
        "locale": who.locale,
        "timezone": who.timezone,
        "pace": who.pace,
        "paused_until": who.paused_until.isoformat(timespec="seconds") if who.paused_until else None,
        "channels": sorted(who.channels),
        "topics": sorted(who.topics),
        "change_types": sorted(who.change_types),
        "lists": sorted(who.lists),
        "attributes": dict(who.attributes),
    }
