"""When people are reminded: before it is due, when it is due, and then up a ladder."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.value import Value

DAYS = r"^(\d{1,3})d$"
ROLE = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


def _days(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = re.fullmatch(DAYS, value, re.ASCII) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"a number of business days reads like '1d', not {value!r}")
    return int(found[1])


BusinessDays = Annotated[
    int,
    BeforeValidator(_days, json_schema_input_type=Annotated[str, Field(pattern=DAYS)]),
    Field(strict=True, ge=0, le=365),
]
"""Whole business days, written `1d`."""


class Escalation(Value):
    """So many business days after it was due, people of this role are told; written `1d: team-lead`."""

    model_config = ConfigDict(frozen=True)

    after: BusinessDays
    role: str = Field(pattern=ROLE, max_length=60)

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if not isinstance(value, dict) or set(value) == {"after", "role"}:
            return value
        steps = [(str(after), str(role)) for after, role in value.items()]
        if len(steps) != 1 or not all(re.fullmatch(DAYS, a, re.ASCII) and re.fullmatch(ROLE, r) for a, r in steps):
            said = ", ".join(f"{after}: {role}" for after, role in steps) or "nothing"
            raise ValueError(f"a step of the ladder reads like '1d: team-lead', not {said!r}")
        return dict(zip(("after", "role"), steps[0], strict=True))

    @model_serializer
    def written(self) -> dict[str, str]:
        return {f"{self.after}d": self.role}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        role = {"type": "string", "pattern": ROLE}
        return {
            "type": "object",
            "patternProperties": {DAYS: role},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
            "examples": [{"1d": "team-lead"}],
        }


Ladder = Annotated[tuple[Escalation, ...], Field(max_length=10)]
