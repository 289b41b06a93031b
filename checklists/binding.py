"""What a signature is bound to: when that changes, the signature does not count any more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
        if isinstance(value, str) and re.fullmatch(KEY, value):
            return {"to": value}
        if isinstance(value, dict) and set(value) == {"code"}:
            return {"to": "code", "paths": _paths(value["code"])}
        if isinstance(value, dict) and "to" in value:
            return value
        raise ValueError(
            "a gate is bound to `code`, `evidence`, `nothing`, an item such as `release-notes`, or some of the code, "
            "as in `{code: [src/**, '!docs/**']}`"
        )

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
    return any(_is_below(tuple(pattern.strip("/").split("/")), file.split("/")) for pattern in patterns)


def _is_below(pattern: tuple[str, ...], parts: Sequence[str]) -> bool:
    """Globs from the root, in the signs of .gitignore: `**` is any number of folders; a folder is all below it.

    All places in the pattern that fit so far are carried along, so that no pattern takes long.
    """
    places = _without_folders({0}, pattern)
    for part in parts:
        stay = {at for at in places if pattern[at] == "**"}
        places = _without_folders(stay | {at + 1 for at in places if _is_like(pattern[at], part)}, pattern)
        if len(pattern) in places:
            return True
    return False


def _without_folders(places: set[int], pattern: tuple[str, ...]) -> set[int]:
    """These places, and those behind a `**` that stands for no folder; the last one of a pattern stands for some."""
    found = set(places)
    for at, part in enumerate(pattern[:-1]):
        if at in found and part == "**":
            found.add(at + 1)
    return found


def _is_like(glob: str, name: str) -> bool:
    """Whether `*` (anything) and `?` (one sign) make these two the same; the last star gives way first."""
    at, star, behind, here = 0, -1, 0, 0
    while here < len(name):
        if at < len(glob) and glob[at] == "*":
            star, behind, at = at, here, at + 1
        elif at < len(glob) and glob[at] in ("?", name[here]):
            at, here = at + 1, here + 1
        elif star >= 0:
            at, behind, here = star + 1, behind + 1, behind + 1
        else:
            return False
    return not glob[at:].strip("*")
