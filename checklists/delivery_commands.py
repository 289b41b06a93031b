"""What people may say of deliveries in doubt."""

from __future__ import annotations

from dataclasses import dataclass

from checklists.commands import OnItem
from checklists.delivery_entries import Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(OnItem):
    """What of an announcement was in doubt has arrived, is sent again, or is known by now."""

    fate: Fate
    comment: str = ""
