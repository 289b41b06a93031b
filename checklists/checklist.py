"""A whole checklist: named items, each of which can come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from checklists.items import Gate, Item, Key, Text
from checklists.value import Value

BOUND_TO_NO_ITEM = ("code", "evidence", "nothing")


class Checklist(Value):
    """What must be true before a launch ships; `extends` is already merged in."""

    checklist: Key
    title: Text | None = None
    tier: int = Field(3, ge=1, le=5, description="1 is the launch everybody watches.")
    items: dict[Key, Item] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def connected(self) -> Checklist:
        for path, problem in _loose_ends(self.items):
            raise PydanticCustomError("loose_end", "{problem}", {"path": path, "problem": problem})
        return self


def _loose_ends(items: Mapping[str, Item]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Names that lead nowhere and circles nobody could leave, each with the path of its cause."""
    for key, item in items.items():
        for index, need in enumerate(item.needs):
            if need not in items:
                yield ("items", key, "needs", index), unknown(need, items, "item")
        bound = item.bound_to if isinstance(item, Gate) else None
        if bound and bound not in BOUND_TO_NO_ITEM and bound not in items:
            yield ("items", key, "bound-to"), unknown(bound, [*BOUND_TO_NO_ITEM, *items], "item")
    if circle := _circle(items):
        yield ("items", circle[0], "needs"), f"these items wait for each other: {' -> '.join(circle)}; remove one need"


def _circle(items: Mapping[str, Item]) -> list[str]:
    try:
        TopologicalSorter({key: item.needs for key, item in items.items()}).prepare()
    except CycleError as cycle:
        found: list[str] = list(reversed(cycle.args[1]))
        return found
    return []


def unknown(name: str, known: Mapping[str, object] | list[str], what: str) -> str:
    """The sentence for a name that is none, with the likely right one."""
    likely = get_close_matches(name, list(known), n=1, cutoff=0.5)
    hint = f'did you mean "{likely[0]}"?' if likely else f"known: {', '.join(known) or 'none'}"
    return f'no {what} is called "{name}"; {hint}'
