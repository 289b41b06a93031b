"""As whom somebody signs: for their own place first, else for somebody who is away and let them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checklists.item import Signature
from checklists.items import quorum
from checklists.launch import ItemState, Launch
from checklists.people import Actor, Principal
from checklists.quorum import may_sign, place
from checklists.rules.authors import authorship, is_author, unknown_authors
from checklists.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Capacity:
    """One person, or a pair: somebody who signs, and the one they sign for."""

    by: Actor
    principal: Principal | None = None

    @property
    def held(self) -> frozenset[str]:
        """What it stands for in a quorum."""
        return self.principal.held if self.principal else self.by.held

    @property
    def humans(self) -> frozenset[str]:
        """Everybody whose one place it takes, by mail address."""
        away = (self.principal.email, *self.principal.through) if self.principal else ()
        return frozenset((self.by.email, *away))

    @property
    def names(self) -> frozenset[str]:
        """Everything any of them is known by."""
        away = self.principal.names | self.principal.go_between if self.principal else frozenset[str]()
        return self.by.names | away


def capacities(by: Actor) -> tuple[Capacity, ...]:
    """All in which this person could sign, their own first."""
    return (Capacity(by), *(Capacity(by, principal) for principal in by.stands_for))


def asked_in(state: ItemState, by: Actor) -> tuple[Capacity, ...]:
    """Those of them the item asks for, as it is written: who has lost the role since is not asked any more."""
    return tuple(one for one in capacities(by) if may_sign(quorum(state.item), one.held))


def as_whom(state: ItemState, by: Actor, instead_of: str | None = None) -> Capacity | Refusal:
    """The capacity in which this person says something about the item, or why nobody asks them."""
    if instead_of not in (None, by.email, *(one.email for one in by.stands_for)):
        return _no_delegate(by, str(instead_of))
    found = _wanted(state, by, instead_of)
    return found[0] if found else _not_asked(state, by, instead_of)


def approving(launch: Launch, state: ItemState, by: Actor, instead_of: str | None = None) -> Capacity | Refusal:
    """The same for an approval, which has to fill a place that is free, and may not come from an author."""
    first = as_whom(state, by, instead_of)
    barred: Refusal | None = None
    for one in _wanted(state, by, instead_of):
        refusal = _bars(launch, state, one)
        if refusal is None:
            return one
        barred = barred or refusal
    return barred or first


def would_fill(launch: Launch, state: ItemState, capacity: Capacity) -> bool:
    """Whether its approval would fill a place that is free; whose work it is may still have to be found out."""
    theirs = _their_own_work(launch, state, capacity)
    return not ((theirs and theirs.may_not) or _has_signed(state, capacity) or _taken(state, capacity))


def _wanted(state: ItemState, by: Actor, instead_of: str | None) -> tuple[Capacity, ...]:
    return tuple(one for one in asked_in(state, by) if instead_of in (None, _place_of(one)))


def is_self_signed(launch: Launch, state: ItemState, capacity: Capacity) -> bool:
    """Whether somebody in it made what the item is bound to; only a gate that allows it takes such a signature."""
    return is_author(launch, state.key, capacity.names)


def _place_of(capacity: Capacity) -> str:
    """Whose place it fills, by mail address."""
    return capacity.principal.email if capacity.principal else capacity.by.email


def _bars(launch: Launch, state: ItemState, capacity: Capacity) -> Refusal | None:
    return _their_own_work(launch, state, capacity) or _has_signed(state, capacity) or _taken(state, capacity)


def _their_own_work(launch: Launch, state: ItemState, capacity: Capacity) -> Refusal | None:
    if state.allows_self_sign:
        return None
    did = authorship(launch, state.key)
    for name, names in _parties(capacity):
        if known := sorted(names & did.keys()):
            said = f"{name} {did[known[0]]}" if name == capacity.by.name else _pair(capacity, name, did[known[0]])
            return Refusal(f"{said}; {state.key} is signed by people who had no hand in it, ask one of them", True)
    if why := unknown_authors(launch, state.key):
        return Refusal(f"who wrote this is not known yet: {why}; {state.key} can be signed once it is")
    return None


def _parties(capacity: Capacity) -> Iterable[tuple[str, frozenset[str]]]:
    yield capacity.by.name, capacity.by.names
    if capacity.principal:
        yield capacity.principal.name, capacity.principal.names
        yield ", ".join(capacity.principal.through), capacity.principal.go_between


def _pair(capacity: Capacity, name: str, did: str) -> str:
    away = capacity.principal.name if capacity.principal else ""
    passed_on = "" if name == away else f", passed on by {name}"
    return f"{capacity.by.name} would sign for {away}{passed_on}, who {did}"


def _has_signed(state: ItemState, capacity: Capacity) -> Refusal | None:
    """One human fills one place, alone or in a pair."""
    for signature in state.signatures:
        if signature.decision == "approve" and signature.humans & capacity.humans:
            return Refusal(f"{_told(signature, state.key)} already; one person fills one place")
    return None


def _told(signature: Signature, key: str) -> str:
    away = signature.instead_of
    if away is None:
        return f"{signature.name} has approved {key}"
    passed_on = f" (passed on by {', '.join(away.through)})" if away.through else ""
    return f"{signature.name} has approved {key} for {away.name}{passed_on}"


def _taken(state: ItemState, capacity: Capacity) -> Refusal | None:
    """An approval that would fill nothing: one too many of a role."""
    if capacity.by.email in place(state.lines, {**state.approvals, capacity.by.email: capacity.held}):
        return None
    who = capacity.principal.name if capacity.principal else capacity.by.name
    return Refusal(f"every place that {who} could fill is taken; {state.key} waits for others")


def _no_delegate(by: Actor, instead_of: str) -> Refusal:
    remedy = f"`tminus delegate {instead_of} --to {by.email} --until DATE` lets them"
    return Refusal(f"{by.name} does not sign for {instead_of} today; {remedy}", may_not=True)


def _not_asked(state: ItemState, by: Actor, instead_of: str | None) -> Refusal:
    who = next((one.name for one in by.stands_for if one.email == instead_of), by.name)
    asked = " or ".join(dict.fromkeys(name for line in quorum(state.item) for name in line.of))
    if "@" in asked:
        return Refusal(f"{state.key} is for {asked} to sign, and {who} is none of them", may_not=True)
    return Refusal(f"{who} does not hold the role {asked}, which {state.key} asks for", may_not=True)
