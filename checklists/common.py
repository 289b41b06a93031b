"""What every item has."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from checklists.binding import KEY
from checklists.dates import RelativeDate
from checklists.reminding import BusinessDays, Ladder
from checklists.value import Value

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
LOCALE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"

Key = Annotated[str, StringConstraints(pattern=KEY, max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=ONE_LINE)]
Locale = Annotated[str, StringConstraints(pattern=LOCALE, max_length=16)]
"""A language as BCP 47 writes it, perhaps with script and region: `de`, `pt-BR`, `zh-Hant-TW`."""


class Common(Value):
    """What every item has: what it waits for, when it is due, whose it is."""

    kind: ClassVar[str]
    title: Text | None = Field(None, description="What people call the item, where its kind says too little.")
    needs: tuple[Key, ...] = Field((), description="The items that must have ended before this one opens.")
    due: RelativeDate | None = Field(None, description="In business days from the launch day, such as `T-3d`.")
    owner: Key | None = Field(None, description="The role that looks after this item.")
    about: str | None = Field(None, max_length=2000, description="What to look at, in markdown; shown with the item.")
    remind: BusinessDays | None = Field(None, description="How long before it is due people are reminded; `0d` never.")
    escalate: Ladder | None = Field(None, description="Who is told when it is late: `[1d: team-lead]`.")

    @property
    def label(self) -> str:
        """What people call the item."""
        return self.title or str(getattr(self, self.kind))

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The items that must have ended before this one opens."""
        return self.needs

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles somebody of which has to act before this item can end; empty for automated items."""
        return ()
