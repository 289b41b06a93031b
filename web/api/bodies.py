"""What may stand in a request: every field is named here, and no other is taken."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from checklists.common import Key, Locale
from checklists.item_entries import Decision
from checklists.value import Value
from web.api.admission import Scope

MAIL = r'^[^@\s<>,;:"()\[\]\\\x00-\x1f\x7f-\x9f]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
WEB = r"^https?://[^\s\x00-\x1f\x7f-\x9f\ufeff]+$"


def _written_day(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(DAY, value, re.ASCII):
        raise ValueError("a day reads like 2026-12-01")
    return value


def _number(value: Any) -> Any:
    """JSON has one kind of number: 3.0 is as good as 3, "3" and true are not."""
    if isinstance(value, bool | str):
        raise ValueError("this is a number")
    return value


Day = Annotated[
    date,
    BeforeValidator(
        _written_day, json_schema_input_type=Annotated[str, Field(pattern=DAY, json_schema_extra={"format": "date"})]
    ),
]
Url = Annotated[str, StringConstraints(pattern=WEB, max_length=2_000)]


def _by_name(said: dict[str, Any]) -> None:
    """One place for all that a name has to be: a pattern here and a length there are read apart by some programs."""
    ((pattern, value),) = said.pop("patternProperties").items()
    said |= {"propertyNames": {**said.get("propertyNames", {}), "pattern": pattern}, "additionalProperties": value}


Links = Annotated[dict[Key, Url], Field(json_schema_extra=_by_name)]
Words = Annotated[str, StringConstraints(max_length=2_000)]
Translations = Annotated[
    dict[Locale, Annotated[str, StringConstraints(max_length=40_000)]], Field(json_schema_extra=_by_name)
]
Notes = Annotated[dict[Locale, Annotated[str, StringConstraints(max_length=2_000)]], Field(json_schema_extra=_by_name)]
Address = Annotated[str, StringConstraints(pattern=MAIL, max_length=254), AfterValidator(str.lower)]
Note = Annotated[str, StringConstraints(max_length=200)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Commit = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{7,64}$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Round = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(_number)]
Days = Annotated[int, Field(ge=1, le=366), BeforeValidator(_number)]
AWAY = "Who is away: yourself when left out. For others it takes the scope manage, and the role that runs launches."
ROUND = "The round you looked at: where it is over by now, nothing is counted. Safer than leaving it out."


class Body(Value):
    """A JSON object whose names are those of `tminus show`."""

    model_config = ConfigDict(alias_generator=None, hide_input_in_errors=True)


class Nothing(Body):
    """No field; the body may be left out."""


class StartBody(Body):
    product: Key = Field(description="A product of the organisation file.", examples=["acme"])
    version: str = Field(min_length=1, max_length=80, examples=["2.5.0"])
    checklist: Key | None = Field(None, description="The product's own choice for such a version when left out.")
    commit: Commit | None = Field(None, description="The commit it was built from.")
    tag: Tag | None = Field(None, description="The tag that names it.")
    launch_on: Day | None = Field(None, description="The launch day, from which due dates are counted.")


class SignBody(Body):
    decision: Decision = Field(description="What you say.", examples=["approve"])
    comment: Words = Field("", description="Needed for everything but an approval: what has to change.")
    evidence: Links = Field(default_factory=dict, max_length=50, description="By name, web addresses.")
    instead_of: Address | None = Field(None, description="For whom, where you could sign for several absent people.")
    round: Round | None = Field(None, description=ROUND)


class CommentBody(Body):
    comment: Words = Field("", description="Stands in the record.")
    round: Round | None = Field(None, description=ROUND)


class FateBody(Body):
    fate: Literal["arrived", "again"] = Field(description="It arrived, or is to be sent again to those in doubt.")
    comment: Words = Field("", description="How you know; stands in the record.")
    purpose: str = Field(
        "", max_length=60, description="Of an announcement: which correction or recall, `correction/1`."
    )
    round: Round | None = Field(None, description=ROUND)


class WaiveBody(Body):
    reason: Reason = Field(description="Why the launch may go on without it; stands in the record.")
    until: Day | None = Field(None, description="After this day it blocks again, if the launch is not out by then.")
    round: Round | None = Field(None, description=ROUND)


class EvidenceBody(Body):
    evidence: Links = Field(
        min_length=1,
        max_length=50,
        description="By name, web addresses.",
        examples=[{"test-report": "https://ci.example.com/runs/77"}],
    )


class AskBody(Body):
    people: list[Address] = Field(
        default_factory=list,
        max_length=200,
        description="Who gets a new link and code; everybody who could sign when left out.",
    )


class ReasonBody(Body):
    reason: Reason = Field(description="Stands in the record.", examples=["the vendor has an outage"])


class RecallBody(Body):
    reason: Reason = Field(
        description="Is told to them, and stands in the record.", examples=["it is not for sale yet"]
    )
    reasons: Notes = Field(
        default_factory=dict, max_length=30, description="The same in other languages of the organisation."
    )


class CorrectBody(Body):
    text: str = Field("", max_length=40_000, description="All of it as it should have read, in markdown.")
    note: str = Field("", max_length=300, description="What was wrong, in a sentence; enough by itself.")
    translations: Translations = Field(
        default_factory=dict, max_length=30, description="The text in other languages of the organisation."
    )
    notes: Notes = Field(
        default_factory=dict, max_length=30, description="The note in other languages of the organisation."
    )


class RescheduleBody(Body):
    launch_on: Day = Field(description="The new launch day; due dates move with it.", examples=["2027-01-12"])


class RetagBody(Body):
    commit: Commit | None = Field(None, description="The commit it is now; where its tag is by now, when left out.")
    tag: Tag | None = Field(None, description="The tag that names it, where it has another one.")


class DelegateBody(Body):
    to: Address = Field(description="Who signs instead.", examples=["ben@example.com"])
    starts: Day | None = Field(None, description="The first day; today when left out.")
    ends: Day = Field(description="The last day.", examples=["2027-01-31"])
    who: Address | None = Field(None, description=AWAY)


class RevokeBody(Body):
    to: Address | None = Field(None, description="Only what names this person; all when left out.")
    who: Address | None = Field(None, description=AWAY)


class TokenBody(Body):
    scopes: list[Scope] = Field(min_length=1, max_length=3, description="What it opens: no more than yours does.")
    days: Days = Field(90, description="How long it holds.")
    note: Note = Field("", description="What it is for, so that you know later.")


class ChecklistText(Body):
    text: str = Field(max_length=262_144, description="A checklist file, as YAML.", examples=["checklist: mine\n"])
