"""What the ledger can say about the release of a launch: what it is, and what became of it where it was published."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from checklists.binding import Binding
from checklists.common import Key
from checklists.item_entries import Words
from checklists.value import Value


class Release(Value):
    """What is launched. `notes` is what the release itself says, in markdown."""

    product: Key
    title: str
    version: str
    tag: str | None = None
    commit: str | None = None
    repository: str | None = None
    url: str | None = None
    notes: str = Field("", max_length=8_000)


class Difference(Value):
    """What lies between two commits. `why` says why it is not known, and is empty where it is."""

    base: str | None = None
    head: str | None = None
    count: int = 0
    commits: tuple[str, ...] = Field((), max_length=100, description="The newest first: short hash and subject.")
    files: tuple[str, ...] = Field((), max_length=2_000)
    all_files: bool = Field(True, description="False where there are more than the ones listed.")
    authors: tuple[str, ...] = Field((), max_length=2_000, description="Addresses of authors and co-authors.")
    text: str = Field("", max_length=20_000, description="The beginning of the difference as text.")
    why: str = Field("", max_length=500)

    @property
    def is_known(self) -> bool:
        return not self.why

    def touches(self, bound: Binding) -> bool:
        """Whether this changes what is bound to code; where the files are not all known, it may."""
        return not bound.paths or not (self.is_known and self.all_files) or bound.covers(self.files)


class Described(Value):
    """What was learned of the release after the launch had begun; it fills in what nobody had said."""

    kind: Literal["described"] = "described"
    commit: str | None = None
    url: str | None = None
    notes: str = Field("", max_length=8_000)


class Edited(Value):
    """The release says something else now; `at` is when that was written, where its host tells."""

    kind: Literal["edited"] = "edited"
    notes: str = Field("", max_length=8_000)
    at: AwareDatetime | None = None


Cause = Literal["tag-moved", "tag-deleted", "release-deleted"]
"""What became of a release that a launch is about, so that a person has to say what now."""
Doubt = Literal["deliveries-unknown"]
"""What became of some deliveries of an announcement is not known, which a person has to find out."""


class Questioned(Value):
    """Something happened to the release or to deliveries: what now is a to-do of those who run launches."""

    kind: Literal["questioned"] = "questioned"
    item: Key = Field(description="The name of the to-do.")
    cause: Cause | Doubt
    said: Words
    commit: str | None = Field(None, max_length=64)
    about: Key | None = Field(None, description="The announcement whose deliveries are in doubt.")
    purpose: str = Field("", max_length=60, description="Which correction or recall of it: `correction/1`.")
    not_before: AwareDatetime | None = Field(None, description="Nobody is asked before; reports may still settle it.")
