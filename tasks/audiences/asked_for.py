"""What somebody who had left asks for when they sign up again: kept with the mail that asks whether it was they.

Each sign-up has its own, so that their yes is to what their mail says, whatever a stranger fills in meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checklists.subscriber import Subscriber
from ledger.deliveries import Address
from ledger.newcomers import Newcomer
from tasks.notices.purposes import ABOUT_NO_LAUNCH
from tasks.world import World

ABOUT = ABOUT_NO_LAUNCH[1]
"""Stands where a launch stands in the delivery of a mail that belongs to none."""
ITEM = "sign-up"


def asking(who: Subscriber, hour: int) -> Address:
    """The mail that asks whoever signed up in this hour."""
    return Address(launch_id=ABOUT, item=ITEM, channel="email", recipient=who.address, purpose=f"confirm/1/{hour}")


def written(one: Newcomer) -> Mapping[str, str]:
    return {"topics": " ".join(sorted(one.topics)), "locale": one.locale}


def as_asked(world: World, who: Subscriber, hour: int) -> Subscriber:
    """Who they are once they have said yes to the sign-up of this hour."""
    said = world.ledger.notices.facts(asking(who, hour).id)
    if "topics" not in said:
        return who
    return replace(who, topics=frozenset(said["topics"].split()), locale=said["locale"] or who.locale)
