"""What answers look like, for the description of the API; they are made where those of the command are."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from checklists.item import ItemStatus
from checklists.launch import LaunchStatus
from checklists.people import Proof

Kind = Literal["gate", "training", "todo", "check", "announce"]


class Shape(BaseModel):
    """More fields may come; none of these goes."""

    model_config = ConfigDict(extra="allow")


class ProblemShape(Shape):
    """RFC 9457: what went wrong, and what to do about it."""

    type: str = Field(examples=["/api/problems/refused"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(description="A sentence for a person.", examples=["acme 2.4.0 is on hold already: frozen"])
    instance: str = Field(examples=["/api/launches/acme-2.4.0/hold"])


class OpenShape(Shape):
    item: str
    title: str
    kind: Kind
    status: ItemStatus
    round: int
    missing: list[str]
    since: AwareDatetime | None
    due: AwareDatetime | None


class LineShape(Shape):
    """One launch in the list; of one whose record cannot be read nothing but the reason is known."""

    id: str
    product: str
    version: str
    status: LaunchStatus | Literal["unreadable"]
    reason: str
    started_at: AwareDatetime
    updated_at: AwareDatetime
    title: str | None = None
    checklist: str | None = None
    tier: int | None = None
    launch_on: date | None = None
    items: int | None = Field(None, description="How many there are.")
    ended: int | None = Field(None, description="How many of them have ended.")
    open: list[OpenShape] | None = Field(None, description="Those somebody has to do something for now.")
    behind: list[str] | None = Field(None, description="Older launches that have to be out first.")


class LaunchesShape(Shape):
    launches: list[LineShape]
    next: str | None = Field(description="The `cursor` of the next page; null where this is the last.")


class EntryShape(Shape):
    """One fact of the record; its other fields depend on its kind."""

    seq: int
    at: AwareDatetime = Field(description="In UTC.")
    actor: str
    kind: str = Field(examples=["signed"])


class LogShape(Shape):
    entries: list[EntryShape]
    next: str | None = Field(description="The `cursor` of the next page; null where this is the last.")


class VerifiedShape(Shape):
    launch: str
    intact: bool
    fault: str | None = Field(description="The first entry that does not fit, and why.")
    notes: list[str] = Field(description="What can be said of a record that is intact: how it was proven, and how far.")


class AnchorShape(Shape):
    """What `tminus anchor` writes; `tminus verify --anchor FILE` compares a record with it."""

    key: str = Field(description="The public key (Ed25519).")
    signature: str
    statement: str
    heads: dict[str, list[Any]] = Field(description="By launch: how many entries there were, and the hash of the last.")


class ChecklistsShape(Shape):
    checklists: list[str]


class ChecklistShape(Shape):
    """The checklist with everything it extends merged in, by the names of its file."""

    checklist: str
    items: dict[str, dict[str, Any]]


class FindingShape(Shape):
    file: str = Field(description="Yours, or one that it extends.")
    line: int | None
    path: str
    problem: str


class ValidatedShape(Shape):
    valid: bool
    findings: list[FindingShape]


class TokenShape(Shape):
    id: str
    scopes: list[str]
    note: str
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    used_at: AwareDatetime | None


class TokensShape(Shape):
    tokens: list[TokenShape]


class NewTokenShape(TokenShape):
    token: str = Field(description="The token itself. This is the only time it can be read.")


class DelegationShape(Shape):
    who: str = Field(description="Who is away.")
    to: str = Field(description="Who signs for them.")
    starts: date
    ends: date = Field(description="The last day.")
    granted_by: str | None = Field(description="Who said so; null where it stands in the organisation file.")


class DelegationsShape(Shape):
    delegations: list[DelegationShape]


class MeShape(Shape):
    email: str
    name: str
    roles: list[str]
    proof: Proof
    scopes: list[str]
    stands_for: list[str] = Field(description="Absent people for whom you may sign today.")
