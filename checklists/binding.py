"""What a signature is bound to: when that changes, the signature does not count any more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.value import Value

KEY = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Thing = Literal["code", "evidence", "nothing", "item"]
WORDS = ("code", "evidence", "nothing")


class Binding(Value):
    """`code`, `evidence`, `nothing`, an item (its content), or `{code: [src/**, "!docs/**"]}` for some of the code."""

    model_config = ConfigDict(frozen=True)

    to: str = Field(pattern=KEY, max_length=60)
    paths: tuple[str, ...] = Field((), max_length=50)

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"to": value}
        if isinstance(value, dict) and set(value) == {"code"}:
            return {"to": "code", "paths": _paths(value["code"])}
        return value

    @model_serializer
    def written(self) -> str | dict[str, list[str]]:
        return {"code": list(self.paths)} if self.paths else self.to

    @property
    def thing(self) -> Thing:
        return self.to if self.to in WORDS else "item"  # type: ignore[return-value]  # mypy does not narrow by `in`

    @property
    def item(self) -> str | None:
        """The item whose content is signed."""
        return self.to if self.thing == "item" else None

    def covers(self, files: Iterable[str]) -> bool:
        """Whether a change of these files touches what is bound; the paths say which, `!` takes out again."""
        return any(self._covers(file) for file in files)

    def _covers(self, file: str) -> bool:
        wanted = [path for path in self.paths if not path.startswith("!")]
        barred = [path[1:] for path in self.paths if path.startswith("!")]
        return (not wanted or _any(wanted, file)) and not _any(barred, file)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        paths = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": 50}
        some = {"type": "object", "properties": {"code": paths}, "required": ["code"], "additionalProperties": False}
        word = {"type": "string", "pattern": KEY, "examples": list(WORDS)}
        return {"anyOf": [word, some]}


def _paths(value: Any) -> list[str]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not found or not all(isinstance(path, str) and path for path in found):
        raise ValueError("`code` lists path patterns, such as ['src/**', '!docs/**']")
    return found


def _any(patterns: Iterable[str], file: str) -> bool:
    return any(_pattern(pattern).fullmatch(file) for pattern in patterns)


@lru_cache(maxsize=1_000)
def _pattern(glob: str) -> re.Pattern[str]:
    """Globs as in .gitignore: `*` stays within a folder, `**` goes through any; a folder stands for all below it."""
    parts = re.split(r"(\*\*/?|\*|\?)", glob.strip("/"))
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(signs.get(part, re.escape(part)) for part in parts) + "(?:/.*)?", re.DOTALL)
