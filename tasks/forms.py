"""The Resume forms people fill in, in Prefect's UI, and what their answers become.

No field that decides has a default: an empty Resume must be refused. The answer is untrusted all the same;
`read` checks it again and `decide` has the last word.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from checklists.commands import Actor, Complete, OnItem, Rerun, Sign, Waive
from checklists.entries import Form, Piece

WEB = ("https://", "http://")


class Answer(BaseModel):
    """What every form asks, in this order: what is decided, by whom, and why."""

    model_config = ConfigDict(extra="ignore", str_max_length=2_000, str_strip_whitespace=True)

    decision: str
    signed_by: str = Field(title="Your mail address", min_length=3, max_length=254)
    comment: str = Field("", title="Comment")


class SignOff(Answer):
    """The form of a gate."""

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


class Done(Answer):
    """The form of a to-do."""

    decision: Literal["done"] = Field(title="Is it done?")

    def command(self, by: Actor, **of: Any) -> OnItem:
        return Complete(by=by, via="form", comment=self.comment, **of)


class Rescue(Answer):
    """The form of something that failed."""

    decision: Literal["run again", "waive"] = Field(title="What shall happen?")
    comment: str = Field("", title="Reason (a waiver needs one)")

    def command(self, by: Actor, **of: Any) -> OnItem:
        if self.decision == "waive":
            return Waive(by=by, via="form", reason=self.comment, **of)
        return Rerun(by=by, via="form", comment=self.comment, **of)


FORMS: dict[Form, type[SignOff | Done | Rescue]] = {"sign": SignOff, "done": Done, "rescue": Rescue}


def read(form: Form, raw: object) -> SignOff | Done | Rescue | str:
    """The answer, or in words why it is none. Never echoes what was sent."""
    if not isinstance(raw, dict) or not raw:
        return "the form came back empty; choose a decision and say who you are"
    try:
        return FORMS[form].model_validate(raw)
    except ValidationError as error:
        fields = [FORMS[form].model_fields[str(problem["loc"][0])] for problem in error.errors()]
        return f"the form was not filled in as it should be: {', '.join(str(field.title) for field in fields)}"
