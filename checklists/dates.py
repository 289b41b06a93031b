"""Relative dates (`T-3d`, `T+0 09:00`) and the product calendar that turns them into instants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, ConfigDict, Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.value import Value

PATTERN = r"^T(?:([+-])(\d{1,3})(d?))?(?: ([01]\d|2[0-3]):([0-5]\d))?$"
END_OF_DAY = time(17, 0)


class RelativeDate(Value):
    """Business days before (negative) or after the launch day, and the local time of that day (17:00 when unsaid)."""

    model_config = ConfigDict(frozen=True)

    days: int
    at: time | None = None

    @property
    def place(self) -> tuple[int, time]:
        """What tells which of two is earlier."""
        return self.days, self.at or END_OF_DAY

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = re.fullmatch(PATTERN, value, re.ASCII)
        if not found:
            raise ValueError(f"a date relative to the launch reads like 'T-3d' or 'T+0 09:00', not {value!r}")
        sign, days, _, hour, minute = found.groups()
        at = None if hour is None else f"{hour}:{minute}"
        return {"days": int(days or 0) * (-1 if sign == "-" else 1), "at": at}

    @model_serializer
    def __str__(self) -> str:
        days = f"T{self.days:+d}" + ("d" if self.days else "")
        return days if self.at is None else f"{days} {self.at:%H:%M}"

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": PATTERN, "examples": ["T-3d", "T+0 09:00"]}


@cache
def time_zones() -> frozenset[str]:
    """The IANA names this machine knows. Looked up once: it opens some hundred files."""
    return frozenset(available_timezones())


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name!r}; use an IANA name such as 'Europe/Berlin'") from None
    return name


Timezone = Annotated[str, AfterValidator(_known), Field(description="An IANA name such as `Europe/Berlin`.")]


class Calendar(Value):
    """A product's working week (Monday to Friday less its holidays) in an IANA time zone."""

    timezone: Timezone = "UTC"
    holidays: tuple[date, ...] = ()

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def today(self, now: datetime) -> date:
        """The local day."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def shift(self, day: date, days: int) -> date:
        """`days` business days after `day` (before, where negative); zero is the day itself."""
        step = timedelta(days=1 if days > 0 else -1)
        for _ in range(abs(days)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def end_of(self, day: date) -> datetime:
        """The aware UTC instant at which this local day is over. Raises OverflowError for the last day there is."""
        return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(self.timezone)).astimezone(UTC)

    def instant(self, launch_on: date, when: RelativeDate) -> datetime:
        """The aware UTC instant that `when` means for a launch on that local day."""
        day = self.shift(launch_on, when.days)
        return datetime.combine(day, when.at or END_OF_DAY, ZoneInfo(self.timezone)).astimezone(UTC)
