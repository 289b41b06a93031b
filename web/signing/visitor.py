"""Who stands at the door, for which item, and how the door made sure of them."""

from __future__ import annotations

from dataclasses import dataclass

from checklists.entries import Via
from checklists.people import Actor
from ledger.links import Link


@dataclass(frozen=True, slots=True)
class Visitor:
    """`actor` is None where people say who they are in the form itself: on loopback, where names are trusted."""

    launch_id: str
    item: str
    via: Via
    actor: Actor | None = None
    link: Link | None = None
    address: str = ""

    @property
    def door(self) -> str:
        """What a form is made for, so that one cannot be used at another door or by another person."""
        if self.link:
            return f"link {self.link.id}"
        return f"person {self.actor.email}" if self.actor else "anybody"

    @property
    def email(self) -> str:
        return self.actor.email if self.actor else ""

    @property
    def asks_code(self) -> bool:
        return self.link is not None and self.link.asks_code
