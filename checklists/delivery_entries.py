"""What the ledger can say of deliveries whose fate nobody knew."""

from __future__ import annotations

from typing import Literal

from checklists.item_entries import OfItem, Said, Words

Fate = Literal["arrived", "again", "known"]
"""What was in doubt has arrived, is sent again, or was settled by the provider's own reports in the meantime."""


class Settled(OfItem, Said):
    """The question what became of some deliveries is answered."""

    kind: Literal["settled"] = "settled"
    fate: Fate
    comment: Words = ""
    number: int | None = None
