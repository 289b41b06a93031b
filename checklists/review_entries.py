"""What the ledger can say about a pull request in which notes are reviewed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from checklists.item_entries import OfItem, Said, Sha256
from checklists.notes.change import Audience

Standing = Literal["open", "closed", "merged"]


class UnderReview(OfItem, Said):
    """The notes stand in this pull request; `files` are the digests of the words that were put there last."""

    kind: Literal["under-review"] = "under-review"
    url: str = Field(max_length=500)
    standing: Standing = "open"
    files: dict[Audience, Sha256] = Field(default_factory=dict)
