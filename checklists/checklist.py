"""A whole checklist: named items, each of which can come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from checklists.binding import WORDS
from checklists.common import Key, Text
from checklists.items import Gate, Item
from checklists.reminding import BusinessDays, Ladder
from checklists.value import Value


class Checklist(Value):
    """What must be true before a launch ships; `extends` is already merged in."""

    checklist: Key = Field(description="Its name: the name of its file without `.yaml`.")
    title: Text | None = None
    tier: int = Field(3, strict=True, ge=1, le=5, description="1 is the launch everybody watches.")
    remind: BusinessDays = Field(1, description="How long before an item is due people are reminded, unless it says.")
    escalate: Ladder = Field((), description="Who is told when an item is late, unless it says.")
    items: dict[Key, Item] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def connected(self) -> Checklist:
        needs = {key: item.needs for key, item in self.items.items()}
        bound = {key: item.bound_to.to for key, item in self.items.items() if isinstance(item, Gate) and item.bound_to}
        for path, problem in loose_ends(needs, bound):
            raise PydanticCustomError("loose_end", "{problem}", {"path": path, "problem": problem})
        return self

    @cached_property
    def signed_before(self) -> dict[str, tuple[str, ...]]:
        """By item the gates that are bound to its content and stand before it, directly or further up."""
        bound = {
            key: item.bound_to.item for key, item in self.items.items() if isinstance(item, Gate) and item.bound_to
        }
        return {
            key: tuple(gate for gate, signs in bound.items() if signs == key and gate in self.before(key))
            for key in dict.fromkeys(filter(None, bound.values()))
        }

    def before(self, key: str) -> set[str]:
        """Everything this item waits for, directly or not."""
        found: set[str] = set()
        ahead = list(self.items[key].needs)
        while ahead:
            need = ahead.pop()
            if need not in found:
                found.add(need)
                ahead += self.items[need].needs
        return found


def loose_ends(
    needs: Mapping[str, Sequence[str]], bound: Mapping[str, str | None]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Names that lead nowhere and circles nobody could leave, each with the path of its cause.

    `needs` has a line for every item of the checklist, `bound` what each gate is bound to.
    """
    for key, named in needs.items():
        for index, need in enumerate(named):
            if need not in needs:
                yield ("items", key, "needs", index), unknown(need, needs, "item")
    for key, name in bound.items():
        if name and name not in WORDS and name not in needs:
            yield ("items", key, "bound-to"), unknown(name, [*WORDS, *needs], "item")
    if circle := _circle(needs):
        yield ("items", circle[0], "needs"), f"these items wait for each other: {' -> '.join(circle)}; remove one need"


def _circle(needs: Mapping[str, Sequence[str]]) -> list[str]:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as cycle:
        found: list[str] = list(reversed(cycle.args[1]))
        return found
    return []


def unknown(name: str, known: Mapping[str, object] | list[str], what: str) -> str:
    """The sentence for a name that is none, with the likely right one."""
    likely = get_close_matches(name, list(known), n=1, cutoff=0.5)
    hint = f'did you mean "{likely[0]}"?' if likely else f"known: {', '.join(known) or 'none'}"
    return f'no {what} is called "{name}"; {hint}'
