"""What the board says of the world around a launch: how people are known, where they sign, who is waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from checklists.errors import InvalidFile
from checklists.items import binding
from checklists.launch import ItemState, Launch
from checklists.organisation import Organisation
from checklists.people import Member
from checklists.quorum import QuorumLine
from checklists.rules.authors import authors_of, unknown_authors
from tasks.settings import Identity

NOT_COMPARED = "the release has not been compared with the one before"
NO_GIT = "its product has no git address"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place that is empty, such as `1 of qa`, and who could fill it: names, or nobody anybody knows."""

    place: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """Without an organisation nobody has a name; without a public address there is no page to point at."""

    identity: Identity = "asserted"
    public_url: str = ""
    organisation: Callable[[], Organisation] | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def page(self, launch: Launch, state: ItemState) -> str:
        """Where the item is signed outside Prefect."""
        return f"{self.public_url}/launches/{launch.id}/{state.key}" if self.public_url else ""

    def members(self) -> tuple[Member, ...]:
        """Everybody who is there today."""
        found, today = self._organisation(), self.now().date()
        everybody = found.directory().members if found else ()
        return tuple(member for member in everybody if not member.is_away(today))

    def authors_unknown(self, launch: Launch, state: ItemState) -> str:
        """Why nobody knows who wrote what this item is bound to; empty where it is known, or does not matter."""
        if binding(state.item).thing != "code":
            return ""
        if launch.difference is not None:
            return unknown_authors(launch, state.key)
        found = self._organisation()
        product = found.products.get(launch.release.product) if found else None
        return NOT_COMPARED if product and product.git else NO_GIT

    def _organisation(self) -> Organisation | None:
        """A file that cannot be read costs people their names here, and no gate anything."""
        with suppress(InvalidFile):
            return self.organisation() if self.organisation else None
        return None


def waited_for(launch: Launch, state: ItemState, members: Sequence[Member]) -> tuple[Waiting, ...]:
    """The places of an open item that are empty, each with those of `members` who could fill it.

    Who was asked by mail is known from the record; before that, whoever holds the role. A delegate who was asked stands
    beside every place: whose it is, their link says.
    """
    able = [member for member in members if _could_answer(launch, state, member)]
    return tuple(_place(QuorumLine.model_validate(text), state, able) for text in state.missing)


def _could_answer(launch: Launch, state: ItemState, member: Member) -> bool:
    taken = {human for one in state.signatures if one.decision == "approve" for human in one.humans}
    if member.email in taken or (state.asked and member.email not in state.asked):
        return False
    if not state.asked and {member.email, *member.roles}.isdisjoint(name for line in state.lines for name in line.of):
        return False
    names = {member.email, *member.aliases}
    return state.allows_self_sign or authors_of(launch, state.key).isdisjoint(names)


def _place(line: QuorumLine, state: ItemState, able: Sequence[Member]) -> Waiting:
    asked = {name for one in state.lines for name in one.of}
    return Waiting(str(line), tuple(member.name for member in able if _stands_for(line, member, asked)))


def _stands_for(line: QuorumLine, member: Member, asked: set[str]) -> bool:
    held = {member.email, *member.roles}
    return not held.isdisjoint(line.of) or held.isdisjoint(asked)
