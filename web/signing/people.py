"""Who has signed and which place that fills, and who could fill the places that are left."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from checklists.entries import Via
from checklists.launch import ItemState, Launch, Signature
from checklists.quorum import QuorumLine
from checklists.rules.capacity import Capacity, approving
from tasks.world import World
from web.signing.times import moment

NAMED = 6
DOORS: dict[Via, str] = {
    "command": "by command",
    "form": "in the Prefect form",
    "link": "by personal link",
    "page": "on this page",
    "api": "through the API",
    "prefect": "in Prefect",
}


def signed(state: ItemState, zone: ZoneInfo) -> list[dict[str, object]]:
    """Every signature of this round, in the order they came."""
    return [_signature(one, state, zone) for one in state.signatures]


def _signature(one: Signature, state: ItemState, zone: ZoneInfo) -> dict[str, object]:
    return {
        "name": one.signer,
        "initials": initials(one.name),
        "decision": one.decision,
        "place": state.places.get(one.by, "") if one.decision == "approve" else "",
        "at": moment(one.at, zone),
        "how": DOORS.get(one.via, ""),
        "comment": one.comment,
        "self_signed": one.self_signed,
        "is_asserted": one.proof == "asserted",
    }


def initials(name: str) -> str:
    """`BB` for Ben Brandt."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words if len(words) < 2 else (words[0], words[-1]))).upper()


def places(state: ItemState) -> dict[str, int]:
    """How many places there are, and how many are filled."""
    return {"all": sum(line.places for line in state.lines), "filled": len(state.places)}


def missing(world: World, launch: Launch, state: ItemState) -> list[dict[str, object]]:
    """The empty places, each with those who could fill it today."""
    lines = [QuorumLine.model_validate(text) for text in state.missing]
    able = list(_able(world, launch, state)) if state.is_signable and not launch.is_over else []
    return [_place(line, able) for line in lines]


def _place(line: QuorumLine, able: list[tuple[str, frozenset[str]]]) -> dict[str, object]:
    asked = frozenset(line.of)
    names = [name for name, held in able if not asked.isdisjoint(held)]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return {"place": str(line), "people": either([*names[:NAMED], *more])}


def either(names: list[str]) -> str:
    """`Ben, Cleo or Kim`."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _able(world: World, launch: Launch, state: ItemState) -> Iterator[tuple[str, frozenset[str]]]:
    """Whoever could approve now, as `Cleo Castro` or `Cleo Castro for Ben Brandt`, and what they would stand for."""
    directory, now = world.directory, world.now()
    away = {member.email for member in directory.members if member.is_away(now)}
    for actor in directory.actors(now):
        one = approving(launch, state, actor)
        if isinstance(one, Capacity) and actor.email not in away:
            yield f"{actor.name} for {one.principal.name}" if one.principal else actor.name, one.held
