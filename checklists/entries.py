"""What the ledger can say about a launch: one small frozen value a fact."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from checklists.checklist import Checklist
from checklists.items import Key
from checklists.value import Value

Via = Literal["command", "form", "link", "api", "webhook", "prefect", "tminus"]
"""Through which door: `form` is the Prefect Resume form, `prefect` a change of state made in its UI."""
Decision = Literal["approve", "request-changes", "reject"]
Form = Literal["sign", "done", "rescue", "work"]
"""What a flow run stands for: a signature, a to-do, a decision on something that failed, or work for a machine."""
RunId = Annotated[str, Field(min_length=1, max_length=64)]


class Dates(Value):
    """What the checklist's relative dates mean for this launch: UTC instants by item."""

    due: dict[Key, AwareDatetime] = Field(default_factory=dict)
    not_before: dict[Key, AwareDatetime] = Field(default_factory=dict)


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


class Started(Value):
    kind: Literal["started"] = "started"
    release: Release
    checklist: Checklist
    order: tuple[Key, ...] = Field(description="The items as their author put them; canonical JSON sorts its keys.")
    folder: str
    launch_on: date | None = None
    dates: Dates = Dates()
    via: Via = "tminus"

    @model_validator(mode="after")
    def ordered(self) -> Started:
        if sorted(self.order) != sorted(self.checklist.items):
            raise ValueError("order names every item of the checklist once")
        return self


class Described(Value):
    """What was learned of the release after the launch had begun; it fills in what nobody had said."""

    kind: Literal["described"] = "described"
    commit: str | None = None
    url: str | None = None
    notes: str = Field("", max_length=8_000)


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


class OfItem(Value):
    """A fact about one item in one of its rounds."""

    item: Key
    round: int = Field(ge=1)


class Opened(OfItem):
    kind: Literal["opened"] = "opened"


class RunOpened(OfItem):
    """A flow run was made for the item: a form that asks somebody, or work for a machine."""

    kind: Literal["run-opened"] = "run-opened"
    number: int = Field(ge=1)
    form: Form
    run_id: RunId


class RunClosed(OfItem):
    """That flow run no longer stands for the item."""

    kind: Literal["run-closed"] = "run-closed"
    number: int = Field(ge=1)
    why: str


class Signed(OfItem):
    kind: Literal["signed"] = "signed"
    decision: Decision
    name: str
    roles: tuple[Key, ...]
    comment: str = Field("", max_length=2_000)
    evidence: dict[str, str] = Field(default_factory=dict)
    via: Via
    number: int | None = Field(None, description="The flow run whose form was answered.")


class Refused(OfItem):
    """Somebody tried, and was told why not."""

    kind: Literal["refused"] = "refused"
    reason: str
    via: Via
    number: int | None = None


class Passed(OfItem):
    kind: Literal["passed"] = "passed"
    summary: str = Field("", max_length=2_000)
    via: Via = "tminus"
    number: int | None = None


class Failed(OfItem):
    kind: Literal["failed"] = "failed"
    summary: str = Field("", max_length=2_000)
    findings: tuple[str, ...] = Field((), max_length=50)
    number: int | None = None


class Reopened(OfItem):
    """The item starts over; `round` is the new one and `question` what was asked for."""

    kind: Literal["reopened"] = "reopened"
    question: str = Field("", max_length=2_000)
    via: Via = "tminus"
    number: int | None = None


class Waived(OfItem):
    kind: Literal["waived"] = "waived"
    reason: str = Field(min_length=1, max_length=2_000)
    until: date | None = None
    via: Via = "command"
    number: int | None = None


class Held(Value):
    kind: Literal["held"] = "held"
    reason: str = Field(min_length=1, max_length=2_000)


class Resumed(Value):
    kind: Literal["resumed"] = "resumed"


class Rescheduled(Value):
    kind: Literal["rescheduled"] = "rescheduled"
    launch_on: date
    dates: Dates


class Launched(Value):
    """Everything that had to be true for the launch is; what follows it may still be open."""

    kind: Literal["launched"] = "launched"


class Closed(Value):
    kind: Literal["closed"] = "closed"


class Abandoned(Value):
    kind: Literal["abandoned"] = "abandoned"
    reason: str = Field(min_length=1, max_length=2_000)
    via: Via = "command"


class Ended(Value):
    """The launch's flow run was brought to its end."""

    kind: Literal["ended"] = "ended"


Data = Annotated[
    Started
    | Described
    | Attached
    | Detached
    | Opened
    | RunOpened
    | RunClosed
    | Signed
    | Refused
    | Passed
    | Failed
    | Reopened
    | Waived
    | Held
    | Resumed
    | Rescheduled
    | Launched
    | Closed
    | Abandoned
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
