"""SendGrid's events: read, kept, and what they say of people carried to where it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ledger.delivery_events import Event, Kind
from tasks.senders.sendgrid import CUSTOM_ARG
from tasks.world import World

ORIGIN = "sendgrid"
KINDS: Mapping[str, Kind] = {
    "processed": "processed",
    "deferred": "deferred",
    "delivered": "delivered",
    "bounce": "bounced",
    "dropped": "dropped",
    "open": "opened",
    "click": "clicked",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
}
SUPPRESS: tuple[Kind, ...] = ("bounced", "complained", "unsubscribed")
FARTHEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


class NoEvents(ValueError):
    """A signed body that is no list of events."""


def read_events(body: bytes) -> tuple[list[Event], int]:
    """What can be read, and how many cannot. Raises NoEvents."""
    try:
        said = json.loads(body)
    except ValueError as error:
        raise NoEvents("the body is not JSON") from error
    if not isinstance(said, list):
        raise NoEvents("the body is no list of events")
    found = [event for one in said if (event := event_of(one))]
    return found, len(said) - len(found)


def event_of(said: Any) -> Event | None:
    """None for what is of another sender than tminus, and for what nobody can read."""
    try:
        kind, at, id_ = KINDS[said["event"]], float(said["timestamp"]), said[CUSTOM_ARG]
        if not isinstance(id_, str) or not 0 < at < FARTHEST:
            return None
        return Event(
            delivery_id=id_,
            kind="blocked" if kind == "bounced" and said.get("type") == "blocked" else kind,
            at=datetime.fromtimestamp(at, UTC),
            url=str(said.get("url") or ""),
            detail=str(said.get("reason") or said.get("response") or ""),
            is_machine=said.get("sg_machine_open") is True,
            provider_id=str(said.get("sg_message_id") or "").partition(".")[0][:200],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def hear(world: World, told: list[Event]) -> int:
    """How many were news. Who bounced, complained or unsubscribed there is written to no more from here."""
    news = world.ledger.delivery_events.keep(told, world.now())
    for event in told:
        _suppress(world, event)
    return len(news)


def _suppress(world: World, event: Event) -> None:
    """Also what is no news, since a process may have died between the two; the delivery says whose it was.

    Told again it changes nothing for whoever said yes by themselves after it had happened.
    """
    delivery = world.ledger.deliveries.find(event.delivery_id) if event.kind in SUPPRESS else None
    if delivery is None or "@" not in delivery.recipient:
        return
    now, wishes = world.now(), world.ledger.wishes
    if event.kind == "bounced":
        wishes.bounced(delivery.recipient, event.detail, ORIGIN, now, event.at)
    elif event.kind == "complained":
        wishes.complained(delivery.recipient, event.detail, ORIGIN, now)
    else:
        wishes.left(delivery.recipient, ORIGIN, now, event.at)
