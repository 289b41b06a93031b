"""What the ledger can say of a whole launch, besides its beginning and its end."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from checklists.item_entries import Said, Words


class Denied(Said):
    """Somebody tried something on the whole launch, and was told why not."""

    kind: Literal["denied"] = "denied"
    what: str = Field(max_length=40)
    reason: Words


class Imported(Said):
    """It was released before tminus knew of it: nobody signed it here, and nothing of it was sent."""

    kind: Literal["imported"] = "imported"
    released_at: AwareDatetime
