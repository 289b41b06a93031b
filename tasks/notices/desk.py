"""What a batch of notices is judged and written from: every launch and the people are looked at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from checklists.launch import ItemState, Launch
from checklists.organisation import Organisation
from ledger.store import Unreadable
from tasks.notices.purposes import ABOUT_NO_LAUNCH
from tasks.people.asking import Today, bystanders, holders, to_ask, today
from tasks.world import World


@dataclass
class Desk:
    """The world as it is while one batch is written."""

    world: World
    launches: dict[str, Launch | None] = field(default_factory=dict)
    """As they were read; given to the next desk, it reads those again to which something was added."""
    asked: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def prepare(self, launch_ids: Iterable[str]) -> None:
        """Forget what is not the latest of these launches; one look for all of them."""
        now = self.world.ledger.index.seqs(set(launch_ids))
        known = {name: one for name, one in self.launches.items() if one}
        self.launches = {name: one for name, one in known.items() if now.get(name, one.seq) == one.seq}

    @cached_property
    def now(self) -> datetime:
        return self.world.now()

    @cached_property
    def organisation(self) -> Organisation:
        return self.world.organisation

    @cached_property
    def today(self) -> Today:
        return today(self.world)

    @cached_property
    def is_stopped(self) -> bool:
        """Whether somebody stopped all sending."""
        return not self.world.ledger.switches.is_on()

    def launch(self, launch_id: str) -> Launch | None:
        """None where nobody started it, or its record is damaged."""
        if launch_id not in self.launches:
            try:
                self.launches[launch_id] = self.world.launch(launch_id)
            except Unreadable:
                self.launches[launch_id] = None
        return self.launches[launch_id]

    def is_rehearsal(self, launch_id: str) -> bool:
        """Whether nothing about this launch may leave; of one that cannot be read, nobody knows that it may.

        What is about no launch is about the people outside, and meant.
        """
        if launch_id in ABOUT_NO_LAUNCH:
            return False
        launch = self.launch(launch_id)
        return launch is None or launch.rehearsal

    def able(self, launch: Launch, state: ItemState) -> tuple[str, ...]:
        """Those whose answer the item waits for."""
        key = launch.id, state.key
        if key not in self.asked:
            self.asked[key] = to_ask(self.world, launch, state, self.today)
        return self.asked[key]

    def hears(self, launch: Launch, state: ItemState) -> tuple[str, ...]:
        """Those who are told what became of it though nobody asks them."""
        return bystanders(self.world, launch, state, self.today)

    def holds(self, role: str) -> tuple[str, ...]:
        return holders(self.world, [role], self.today)

    def name(self, who: str) -> str:
        """What people call them; the address of somebody the organisation does not know."""
        person = self.organisation.people.get(who)
        return person.name if person else who
