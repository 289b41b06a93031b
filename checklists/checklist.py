"""A whole checklist: named items, each of which can come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from checklists.audience import Audience
from checklists.binding import WORDS
from checklists.common import Key, Text
from checklists.items import Announce, Gate, Item
from checklists.reminding import BusinessDays, Ladder
from checklists.value import Value


def _nobody_by_address(audience: Audience) -> Audience:
    if audience.addresses:
        raise ValueError(
            "a launch keeps its checklist for good, and people's addresses must not stay with it; write a rule, "
            "such as `list: beta`, or define this audience in the organisation file"
        )
    return audience


class Checklist(Value):
    """What must be true before a launch ships; `extends` is already merged in."""

    checklist: Key = Field(description="Its name: the name of its file without `.yaml`.")
    title: Text | None = None
    tier: int = Field(3, strict=True, ge=1, le=5, description="1 is the launch everybody watches.")
    remind: BusinessDays = Field(1, description="How long before an item is due people are reminded, unless it says.")
    escalate: Ladder = Field((), description="Who is told when an item is late, unless it says.")
    audiences: dict[Key, Annotated[Audience, AfterValidator(_nobody_by_address)]] = Field(
        default_factory=dict,
        max_length=50,
        description="Of its own, by the name its announcements use; without `addresses`. No name stands in the "
        "organisation file, too.",
    )
    items: dict[Key, Item] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def connected(self) -> Checklist:
        needs = {key: item.needs for key, item in self.items.items()}
        bound = {key: item.bound_to.to for key, item in self.items.items() if isinstance(item, Gate) and item.bound_to}
        told = {key: item.announce.after for key, item in self.items.items() if isinstance(item, Announce)}
        after = {key: one.item for key, one in told.items() if one}
        for path, problem in loose_ends(needs, bound, after):
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
        ahead = list(self.items[key].waits_for)
        while ahead:
            need = ahead.pop()
            if need not in found:
                found.add(need)
                ahead += self.items[need].waits_for
        return found


def loose_ends(
    needs: Mapping[str, Sequence[str]], bound: Mapping[str, str | None], after: Mapping[str, str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Names that lead nowhere and circles nobody could leave, each with the path of its cause.

    `needs` has a line for every item of the checklist, `bound` what each gate is bound to, `after` what an
    announcement leaves some time after, which is a need, too.
    """
    for key, named in needs.items():
        for index, need in enumerate(named):
            if need not in needs:
                yield ("items", key, "needs", index), unknown(need, needs, "item")
    for key, name in bound.items():
        if name and name not in WORDS and name not in needs:
            yield ("items", key, "bound-to"), unknown(name, [*WORDS, *needs], "item")
    for key, name in after.items():
        if name not in needs:
            yield ("items", key, "announce", "after", "item"), unknown(name, needs, "item")
    waits = {key: (*named, after[key]) if key in after else named for key, named in needs.items()}
    if circle := _circle(waits):
        remedy = 'remove one need, or one "after"' if after.keys() & set(circle) else "remove one need"
        yield ("items", circle[0], "needs"), f"these items wait for each other: {' -> '.join(circle)}; {remedy}"


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
