"""What the ledger can say of deliveries whose fate nobody knew."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from checklists.item_entries import OfItem, Said, Words

Fate = Literal["arrived", "again", "known"]
"""What was in doubt has arrived, is sent again, or was settled by the provider's own reports in the meantime."""
PURPOSE = r"^((correction|recall)/[1-9][0-9]*)?$"


class Settled(OfItem, Said):
    """The question what became of some deliveries is answered."""

    kind: Literal["settled"] = "settled"
    fate: Fate
    comment: Words = ""
    number: int | None = None


class FollowUpSettled(OfItem, Said):
    """What was in doubt when this was said has arrived, or is sent again: of a correction or a recall of any launch;
    without a `purpose`, of the announcement itself where the launch is over."""

    kind: Literal["follow-up-settled"] = "follow-up-settled"
    purpose: str = Field("", max_length=60, pattern=PURPOSE, description="Of its deliveries: `correction/1`.")
    fate: Literal["arrived", "again"]
    comment: Words = ""
