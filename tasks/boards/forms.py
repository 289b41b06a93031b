"""The Resume forms people fill in, in Prefect's UI, and what their answers become.

No field that decides has a default: an empty Resume must be refused. The answer is untrusted all the same;
`read` checks it again and `decide` has the last word. Who answers is said by a mail address where names are trusted,
and by a personal code where people are verified.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from checklists.commands import Actor, Complete, OnItem, Rerun, Sign, Waive
from checklists.delivery_commands import Settle
from checklists.entries import Fate, Form, Piece
from tasks.settings import Identity

WEB = ("https://", "http://")
UNTRUSTED = ConfigDict(extra="ignore", str_max_length=2_000, str_strip_whitespace=True)


class Named(BaseModel):
    """What every form asks, in this order: what is decided, by whom, and why."""

    model_config = UNTRUSTED

    decision: str
    signed_by: str = Field(title="Your mail address", min_length=3, max_length=254)
    comment: str = Field("", title="Comment")


class Coded(BaseModel):
    """The same; the code tells who it is."""

    model_config = UNTRUSTED

    decision: str
    code: str = Field(title="Your personal code, from the mail", min_length=8, max_length=20, repr=False)
    comment: str = Field("", title="Comment")


class _Gate(BaseModel):
    """What the form of a gate asks besides."""

    decision: Literal["approve", "request changes", "reject"] = Field(title="Your decision")
    comment: str = Field("", title="Comment (say what has to change, unless you approve)")
    evidence: str = Field("", title="Evidence, one NAME=ADDRESS a line")

    @field_validator("evidence")
    @classmethod
    def named(cls, value: str) -> str:
        if not all(name.strip() and url.strip().startswith(WEB) for name, url in _pairs(value)):
            raise ValueError("evidence reads NAME=https://...")
        return value

    def command(self, by: Actor, **of: Any) -> OnItem:
        decision = "request-changes" if self.decision == "request changes" else self.decision
        evidence = {name.strip(): Piece(url=url.strip()) for name, url in _pairs(self.evidence)}
        return Sign(by=by, via="form", decision=decision, comment=self.comment, evidence=evidence, **of)


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name, url) for line in text.splitlines() if line.strip() for name, _, url in [line.partition("=")]]


class _Todo(BaseModel):
    """What the form of a to-do asks besides."""

    decision: Literal["done"] = Field(title="Is it done?")
    comment: str = Field("", title="Comment")

    def command(self, by: Actor, **of: Any) -> OnItem:
        return Complete(by=by, via="form", comment=self.comment, **of)


class _Trouble(BaseModel):
    """What the form of something that failed asks besides."""

    decision: Literal["run again", "waive"] = Field(title="What shall happen?")
    comment: str = Field("", title="Reason (a waiver needs one)")

    def command(self, by: Actor, **of: Any) -> OnItem:
        if self.decision == "waive":
            return Waive(by=by, via="form", reason=self.comment, **of)
        return Rerun(by=by, via="form", comment=self.comment, **of)


class _Doubt(BaseModel):
    """What the form of deliveries in doubt asks besides."""

    decision: Literal["it arrived", "send again"] = Field(title="Did it arrive?")
    comment: str = Field("", title="Comment (how you know)")

    def command(self, by: Actor, **of: Any) -> OnItem:
        fate: Fate = "arrived" if self.decision == "it arrived" else "again"
        return Settle(by=by, via="form", fate=fate, comment=self.comment, **of)


class SignOff(_Gate, Named):
    """The form of a gate."""


class Done(_Todo, Named):
    """The form of a to-do."""


class Rescue(_Trouble, Named):
    """The form of something that failed."""


class Arrival(_Doubt, Named):
    """The form of deliveries in doubt."""


class SignOffByCode(_Gate, Coded):
    """The form of a gate."""


class DoneByCode(_Todo, Coded):
    """The form of a to-do."""


class RescueByCode(_Trouble, Coded):
    """The form of something that failed."""


class ArrivalByCode(_Doubt, Coded):
    """The form of deliveries in doubt."""


ByName = SignOff | Done | Rescue | Arrival
ByCode = SignOffByCode | DoneByCode | RescueByCode | ArrivalByCode
BY_NAME: dict[Form, type[ByName]] = {"sign": SignOff, "done": Done, "rescue": Rescue, "settle": Arrival}
BY_CODE: dict[Form, type[ByCode]] = {
    "sign": SignOffByCode,
    "done": DoneByCode,
    "rescue": RescueByCode,
    "settle": ArrivalByCode,
}
FORMS: dict[Identity, dict[Form, type[ByName]] | dict[Form, type[ByCode]]] = {"asserted": BY_NAME, "verified": BY_CODE}


def read(form: Form, raw: object, identity: Identity) -> ByName | ByCode | str:
    """The answer, or in words why it is none. Never echoes what was sent."""
    if not isinstance(raw, dict) or not raw:
        return "the form came back empty; choose a decision and say who you are"
    asked = FORMS[identity][form]
    try:
        return asked.model_validate(raw)
    except ValidationError as error:
        fields = [asked.model_fields[str(problem["loc"][0])] for problem in error.errors()]
        return f"the form was not filled in as it should be: {', '.join(str(field.title) for field in fields)}"
