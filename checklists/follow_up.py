"""What is said once more to those who heard an announcement: a correction, or that it is withdrawn."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from checklists.common import Locale
from checklists.item_entries import MOST_WORDS, OfItem, Said, Words

Again = Literal["correction", "recall"]


class FollowedUp(OfItem, Said):
    """`number` counts those of an announcement from 1; the `note` of a recall is its reason."""

    kind: Literal["followed-up"] = "followed-up"
    what: Again
    number: int = Field(ge=1)
    text: str = Field("", max_length=MOST_WORDS, description="What is right now, as markdown.")
    translations: dict[Locale, Annotated[str, Field(max_length=MOST_WORDS)]] = Field(
        default_factory=dict, description="The text in other languages."
    )
    note: Words = ""
    notes: dict[Locale, Words] = Field(default_factory=dict, description="The note in other languages.")

    @property
    def purpose(self) -> str:
        """Of its deliveries: `correction/1`."""
        return f"{self.what}/{self.number}"
