"""Quorum lines (`2 of qa`, `all of legal or security`, `ada@example.com`) and the matching of people to their places.

Every line must be met and one human fills one place. Which signature fills which place is a bipartite matching,
so somebody with two roles never blocks what could be met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from pydantic import ConfigDict, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.value import Value

ROLE = r"[a-z][a-z0-9-]*"
PERSON = r"[^@\s<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
NAME = rf"(?:{PERSON}|{ROLE})"
NAMES = rf"{NAME}(?:\s+or\s+{NAME})*"
LINE = re.compile(rf"^\s*(?:(?P<count>\d{{1,3}}|all)\s+of\s+(?P<of>{NAMES})|(?P<person>{PERSON}))\s*$", re.ASCII)
PATTERN = rf"^\s*((all|[1-9]\d{{0,2}})\s+of\s+{NAMES}|{PERSON})\s*$"


class QuorumLine(Value):
    """`count` distinct people out of `of`: roles, and people by mail address. Without a count it is all of them."""

    model_config = ConfigDict(frozen=True)

    count: int | None
    of: tuple[str, ...]

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = LINE.fullmatch(value)
        if not found or found["count"] in ("0", "00", "000"):
            raise ValueError(
                "a quorum line reads like '2 of qa', '1 of legal or security', 'all of launch-managers' "
                f"or 'ada@example.com', not {value!r}"
            )
        if found["person"]:
            return {"count": 1, "of": (found["person"].lower(),)}
        count = None if found["count"] == "all" else int(found["count"])
        split = (name.lower() if "@" in name else name for name in re.split(r"\s+or\s+", found["of"]))
        names = tuple(dict.fromkeys(split))
        if count and count > len(names) and all("@" in name for name in names):
            raise ValueError(f"{value!r} asks for more people than it names")
        return {"count": count, "of": names}

    @model_serializer
    def __str__(self) -> str:
        if self.count == 1 and len(self.of) == 1 and "@" in self.of[0]:
            return self.of[0]
        return f"{'all' if self.count is None else self.count} of {self.names}"

    @property
    def names(self) -> str:
        """`legal or security`."""
        return " or ".join(self.of)

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(name for name in self.of if "@" not in name)

    @property
    def people(self) -> tuple[str, ...]:
        """Those who are asked by their mail address."""
        return tuple(name for name in self.of if "@" in name)

    @property
    def places(self) -> int:
        """How many people it takes. Lines of `all` have none until `spelled_out` has named them."""
        return self.count or 0

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": PATTERN,
            "examples": ["2 of qa", "1 of legal or security", "all of launch-managers", "ada@example.com"],
        }


Signers = Mapping[str, AbstractSet[str]]
"""Who signed, and what they stood for when they did: their roles and their mail address (an absent person's, where
they signed for somebody else)."""
Rosters = Mapping[str, Sequence[str]]
"""Who holds a role, by mail address."""


def spelled_out(lines: Iterable[QuorumLine], rosters: Rosters) -> tuple[QuorumLine, ...]:
    """The lines with `all of` replaced by one line for each person who is meant. A role nobody holds stays as it is."""
    return tuple(one for line in lines for one in _people_of(line, rosters))


def _people_of(line: QuorumLine, rosters: Rosters) -> Iterator[QuorumLine]:
    if line.count is not None:
        yield line
        return
    meant = dict.fromkeys((*line.people, *(who for role in line.roles for who in rosters.get(role, ()))))
    if not meant:
        yield QuorumLine(count=1, of=line.of)
    # Hundreds of people, and what was read already: nothing here has to be looked at again.
    yield from (QuorumLine.model_construct(count=1, of=(who,)) for who in meant)


def place(lines: Sequence[QuorumLine], signers: Signers) -> dict[str, int]:
    """The largest matching: signer -> index of the line whose place they fill. Extra signers are left out."""
    placed: dict[str, int] = {}
    asked = [frozenset(line.of) for line in lines]

    def seat(signer: str, tried: set[int]) -> bool:
        for index, line in enumerate(lines):
            if index in tried or asked[index].isdisjoint(signers[signer]):
                continue
            tried.add(index)
            there = [other for other, taken in placed.items() if taken == index]
            if len(there) < line.places or any(seat(other, tried) for other in there):
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
        str(QuorumLine(count=line.places - filled.count(index), of=line.of))
        for index, line in enumerate(lines)
        if filled.count(index) < line.places
    )


def may_sign(lines: Sequence[QuorumLine], held: Iterable[str]) -> bool:
    """Whether any line asks for one of these: roles, or a mail address."""
    return not {name for line in lines for name in line.of}.isdisjoint(held)
