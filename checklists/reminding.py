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
    found = re.fullmatch(DAYS, value, re.ASCII) if isinstance(value, str) else None
    if isinstance(value, str) and not found:
        raise ValueError(f"a number of business days reads like '1d', not {value!r}")
    return int(found[1]) if found else value


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
        if isinstance(value, dict) and set(value) != {"after", "role"}:
            if len(value) != 1:
                raise ValueError("a step of the ladder reads like '1d: team-lead'")
            ((after, role),) = value.items()
            return {"after": after, "role": role}
        return value

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
