"""What the ledger can say about a launch: one small frozen value a fact."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from checklists.checklist import Checklist
from checklists.common import Key
from checklists.delivery_entries import Fate as Fate
from checklists.delivery_entries import FollowUpSettled as FollowUpSettled
from checklists.delivery_entries import Settled as Settled
from checklists.follow_up import Again as Again
from checklists.follow_up import FollowedUp as FollowedUp
from checklists.item_entries import AskAgain as AskAgain
from checklists.item_entries import Asked as Asked
from checklists.item_entries import Because as Because
from checklists.item_entries import Content as Content
from checklists.item_entries import Decision as Decision
from checklists.item_entries import Evidence as Evidence
from checklists.item_entries import EvidenceAdded as EvidenceAdded
from checklists.item_entries import Failed as Failed
from checklists.item_entries import Form as Form
from checklists.item_entries import InsteadOf as InsteadOf
from checklists.item_entries import ItemData as ItemData
from checklists.item_entries import OfItem as OfItem
from checklists.item_entries import Opened as Opened
from checklists.item_entries import Passed as Passed
from checklists.item_entries import Paused as Paused
from checklists.item_entries import Piece as Piece
from checklists.item_entries import Refused as Refused
from checklists.item_entries import Rejected as Rejected
from checklists.item_entries import Reminded as Reminded
from checklists.item_entries import Reopened as Reopened
from checklists.item_entries import RunClosed as RunClosed
from checklists.item_entries import RunId as RunId
from checklists.item_entries import RunOpened as RunOpened
from checklists.item_entries import Said as Said
from checklists.item_entries import Shut as Shut
from checklists.item_entries import Signed as Signed
from checklists.item_entries import Unpaused as Unpaused
from checklists.item_entries import Via as Via
from checklists.item_entries import Waived as Waived
from checklists.item_entries import Worded as Worded
from checklists.item_entries import Words as Words
from checklists.launch_entries import Denied as Denied
from checklists.launch_entries import Imported as Imported
from checklists.release_entries import Cause as Cause
from checklists.release_entries import Described as Described
from checklists.release_entries import Difference as Difference
from checklists.release_entries import Doubt as Doubt
from checklists.release_entries import Edited as Edited
from checklists.release_entries import Questioned as Questioned
from checklists.release_entries import Release as Release
from checklists.review_entries import Standing as Standing
from checklists.review_entries import UnderReview as UnderReview
from checklists.value import Value


class Dates(Value):
    """What the checklist's relative dates mean for this launch: UTC instants by item."""

    due: dict[Key, AwareDatetime] = Field(default_factory=dict)
    not_before: dict[Key, AwareDatetime] = Field(default_factory=dict)
    not_after: dict[Key, AwareDatetime] = Field(default_factory=dict)
    reminders: dict[Key, dict[str, AwareDatetime]] = Field(
        default_factory=dict, description="Steps by name: `before`, `due`, and those of the ladder (`1d:team-lead`)."
    )


class Started(Value):
    kind: Literal["started"] = "started"
    release: Release
    checklist: Checklist
    order: tuple[Key, ...] = Field(description="The items as their author put them; canonical JSON sorts its keys.")
    folder: str
    launch_on: date | None = None
    dates: Dates = Dates()
    via: Via = "tminus"
    rosters: dict[Key, tuple[str, ...]] = Field(default_factory=dict, description="Who `all of` a role is.")
    difference: Difference | None = Field(None, description="Since the release before; None where nobody looked.")
    behind: tuple[str, ...] = Field((), description="Older launches of the product that have to be out first.")
    replaces: tuple[str, ...] = Field((), description="Older launches of the product whose place it takes.")
    rehearsal: bool = Field(False, description="Nothing of it leaves the outbox.")

    @model_validator(mode="after")
    def ordered(self) -> Started:
        if sorted(self.order) != sorted(self.checklist.items):
            raise ValueError("order names every item of the checklist once")
        return self


class Attached(Value):
    """The launch's flow run in Prefect and the two artifacts that show its progress."""

    kind: Literal["attached"] = "attached"
    run_id: RunId
    table_id: RunId | None = None
    progress_id: RunId | None = None


class Detached(Value):
    """The flow run is gone (deleted, failed, crashed): the launch goes on with another one."""

    kind: Literal["detached"] = "detached"
    run_id: RunId
    why: str


class Rostered(Value):
    """Other people hold a role than when it was last written down."""

    kind: Literal["rostered"] = "rostered"
    rosters: dict[Key, tuple[str, ...]]


class Compared(Value):
    """What lies between the release before and this one was found out after the launch had begun."""

    kind: Literal["compared"] = "compared"
    difference: Difference


class Retagged(Said):
    """The release is another commit now."""

    kind: Literal["retagged"] = "retagged"
    commit: str = Field(max_length=64)
    tag: str | None = Field(None, max_length=200)
    difference: Difference


class Proceeded(Value):
    """The older launches it waited for are out of the way."""

    kind: Literal["proceeded"] = "proceeded"


class Held(Said):
    kind: Literal["held"] = "held"
    reason: str = Field(min_length=1, max_length=2_000)


class Resumed(Said):
    kind: Literal["resumed"] = "resumed"


class Rescheduled(Said):
    kind: Literal["rescheduled"] = "rescheduled"
    launch_on: date
    dates: Dates


class Launched(Value):
    """Everything that had to be true for the launch is; what follows it may still be open."""

    kind: Literal["launched"] = "launched"


class Closed(Value):
    kind: Literal["closed"] = "closed"


Ending = Literal["abandoned", "replaced", "cancelled"]
"""By whom a launch ended early: somebody gave it up, a newer version took its place, its flow run was cancelled."""


class Abandoned(Said):
    kind: Literal["abandoned"] = "abandoned"
    ending: Ending = "abandoned"
    reason: str = Field(min_length=1, max_length=2_000)
    successor: str | None = Field(None, description="The launch that took its place.")


class Ended(Value):
    """The launch's flow run was brought to its end."""

    kind: Literal["ended"] = "ended"


Data = Annotated[
    Started
    | Described
    | Attached
    | Detached
    | Edited
    | Questioned
    | Settled
    | ItemData
    | FollowedUp
    | FollowUpSettled
    | UnderReview
    | Rostered
    | Compared
    | Retagged
    | Proceeded
    | Held
    | Resumed
    | Rescheduled
    | Launched
    | Closed
    | Abandoned
    | Denied
    | Imported
    | Ended,
    Field(discriminator="kind"),
]


class Entry(Value):
    """One line of the record: what happened to a launch, when (UTC) and through whom. `seq` counts from 1."""

    launch_id: str = Field(pattern=r"^[a-z][a-z0-9-]*-[0-9][0-9A-Za-z.+-]*$", max_length=160)
    seq: int = Field(ge=1)
    at: AwareDatetime
    actor: str = Field(min_length=1, max_length=254)
    data: Data

    @property
    def kind(self) -> str:
        return self.data.kind
