"""Within which hours of their own day readers are mailed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checklists.dates import time_zones
from checklists.hours import Hours
from checklists.items import Announce
from checklists.launch import Launch
from checklists.working_hours import next_within
from ledger.batches import Batch
from tasks.announcements.segment import segment_of
from tasks.world import World


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of an announcement, if it has any; `timezone` is for readers who said none."""

    world: World
    hours: Hours | None
    timezone: str

    def zone(self, said: str) -> str:
        """Whose day counts for a reader; empty where it makes no difference."""
        if self.hours is None:
            return ""
        return said if said in time_zones() else self.timezone

    def opens(self, zone: str) -> datetime | None:
        """When readers there may be mailed; None where that is now."""
        if self.hours is None or not zone:
            return None
        now = self.world.now()
        at = next_within(now, self.hours, zone)
        return at if at > now else None

    def opens_for(self, batch: Batch) -> datetime | None:
        """The same for those in a batch."""
        return self.opens(segment_of(batch.segment).timezone)


def window_of(world: World, launch: Launch, key: str) -> Window:
    """That of an announcement; readers without a time zone have the day of the product's people."""
    item = launch.items[key].item
    product = world.organisation.products.get(launch.release.product)
    hours = item.announce.window if isinstance(item, Announce) else None
    return Window(world, hours, product.timezone if product else "UTC")
