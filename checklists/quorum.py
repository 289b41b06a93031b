"""Quorum lines (`2 of qa`) and the matching of people to the places they offer.

Every line must be met and one human fills one place. Which signature fills which place is a bipartite matching,
so somebody with two roles never blocks what could be met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from pydantic import ConfigDict, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.value import Value

ROLE = r"[a-z][a-z0-9-]*"
LINE = re.compile(rf"^\s*(\d{{1,3}})\s+of\s+({ROLE})\s*$", re.ASCII)


class QuorumLine(Value):
    """`count` distinct people who hold `role`; written `2 of qa`."""

    model_config = ConfigDict(frozen=True)

    count: int
    role: str

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = LINE.fullmatch(value)
        if not found or int(found[1]) < 1:
            raise ValueError(f"a quorum line reads like '2 of qa', not {value!r}")
        return {"count": int(found[1]), "role": found[2]}

    @model_serializer
    def __str__(self) -> str:
        return f"{self.count} of {self.role}"

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": rf"^\s*[1-9]\d{{0,2}}\s+of\s+{ROLE}\s*$", "examples": ["2 of qa"]}


Signers = Mapping[str, AbstractSet[str]]  # who signed, and the roles they held when they did


def place(lines: Sequence[QuorumLine], signers: Signers) -> dict[str, int]:
    """The largest matching: signer -> index of the line whose place they fill. Extra signers are left out."""
    placed: dict[str, int] = {}

    def seat(signer: str, tried: set[int]) -> bool:
        for index, line in enumerate(lines):
            if index in tried or line.role not in signers[signer]:
                continue
            tried.add(index)
            there = [other for other, taken in placed.items() if taken == index]
            if len(there) < line.count or any(seat(other, tried) for other in there):
                placed[signer] = index
                return True
        return False

    for signer in signers:
        seat(signer, set())
    return placed


def missing(lines: Sequence[QuorumLine], signers: Signers) -> tuple[str, ...]:
    """The places still empty, one string a line with its remaining count (`1 of qa`); empty when all is met."""
    filled = list(place(lines, signers).values())
    return tuple(
        f"{line.count - filled.count(index)} of {line.role}"
        for index, line in enumerate(lines)
        if filled.count(index) < line.count
    )


def may_sign(lines: Sequence[QuorumLine], roles: Iterable[str]) -> bool:
    """Whether any line asks for one of these roles."""
    return bool({line.role for line in lines} & set(roles))
