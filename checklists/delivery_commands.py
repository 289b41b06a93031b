"""What people may say of deliveries in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from checklists.commands import OnItem
from checklists.delivery_entries import Fate

SETTLES = timedelta(minutes=15)
"""How long reports of the provider may take; who is asked before that is asked in vain."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """How many deliveries may have arrived, and when the last of them was handed over.

    Of a correction or a recall, or of the announcement itself, where `purpose` is empty.
    """

    launch_id: str
    item: str
    purpose: str
    count: int
    lost_at: datetime
    round: int = 1
    """In which they left: those who were written to again left in a later one."""

    @property
    def name(self) -> str:
        """`tell correction/1`."""
        return f"{self.item} {self.purpose}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(OnItem):
    """What was in doubt has arrived, is sent again, or is known by now.

    The item is the question about it, or the announcement; with a `purpose` it is that correction or recall of it.
    `in_doubt` is all of the launch that is.
    """

    fate: Fate
    comment: str = ""
    purpose: str = ""
    in_doubt: tuple[Doubtful, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseDoubt(OnItem):
    """A correction or a recall is handed over, and of some deliveries nobody knows whether they arrived."""

    purpose: str
    unsettled: str
    lost_at: datetime
    ask_from: datetime
