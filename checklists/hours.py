"""The hours of a day in which something may reach people."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from pydantic import ConfigDict, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.value import Value

HOURS = r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$"


class Hours(Value):
    """Local times of one day, the first within and the last not any more; written `09:00-17:00`."""

    model_config = ConfigDict(frozen=True)

    starts: time
    ends: time

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        starts, _, ends = value.partition("-")
        if not re.fullmatch(HOURS, value, re.ASCII) or starts == ends:
            raise ValueError(f"hours of a day read like '09:00-17:00', not {value!r}")
        if starts > ends:
            parts = [f"'{first}-{last}'" for first, last in ((starts, "23:59"), ("00:00", ends)) if first < last]
            instead = " or ".join(parts) or "earlier ones"
            raise ValueError(f"{value!r} goes over midnight, and hours lie within one day; write {instead}")
        return {"starts": starts, "ends": ends}

    def __str__(self) -> str:
        return self.written()

    @model_serializer
    def written(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": HOURS, "examples": ["09:00-17:00"]}
