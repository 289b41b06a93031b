"""The change channel as a way out: what it is handed stands on the page and in the feeds, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from checklists.errors import LaunchError, Unreachable
from checklists.launch import Launch
from ledger.deliveries import ANNOUNCEMENT, Delivery
from tasks.announcements.publishing import correct, publish, recall
from tasks.senders.sender import OneByOne, Outcome, Parcel, accepted, not_sent, rejected
from tasks.world import World


@dataclass(frozen=True)
class Feed(OneByOne):
    """Writes into our own ledger, where the same announcement twice is the same entry."""

    world: World
    repeatable: ClassVar[bool] = True

    def send(self, parcel: Parcel) -> Outcome:
        try:
            return self._put(parcel)
        except Unreachable as error:
            return not_sent(str(error))
        except LaunchError as error:
            return rejected(str(error))

    def _put(self, parcel: Parcel) -> Outcome:
        delivery = self.world.ledger.deliveries.find(parcel.delivery_id)
        launch = self.world.launch(delivery.launch_id) if delivery else None
        if delivery is None or launch is None or delivery.item not in launch.items:
            return rejected("no launch knows this delivery; nothing is published")
        if launch.rehearsal:
            return rejected("a rehearsal is never published")
        if delivery.purpose == ANNOUNCEMENT:
            said = parcel.content
            return accepted(publish(self.world, launch, delivery.item, said, **said.others).slug)
        return accepted(self._again(launch, delivery, parcel))

    def _again(self, launch: Launch, delivery: Delivery, parcel: Parcel) -> str:
        """Another purpose is a correction or a recall of what stands there."""
        what = self.world, delivery.launch_id, delivery.item
        said = next((one for one in launch.items[delivery.item].follow_ups if one.purpose == delivery.purpose), None)
        note, notes = (said.note, said.notes) if said else ("", {})
        if delivery.purpose.startswith("recall"):
            return recall(*what, note or parcel.content.subject, notes).slug
        words = None if said and not said.text else parcel.content
        others = parcel.content.others if said and said.translations else {}
        return correct(*what, delivery.id, words, note, others, notes).slug
