"""The simulated people: what each of them would do next, seen from the launch alone, never from a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checklists.items import Gate, Notes, Todo
from checklists.launch import ItemState, Launch
from checklists.people import MANAGERS, Actor, Directory
from checklists.rules.attaching import missing_evidence
from checklists.rules.capacity import Capacity, approving

BY_FORM = 2
"""So many gates get their first signature through Prefect's form, the rest by command."""
STRICT = "docs-review"
WANTED = "The link to the limits leads nowhere; please add that page"
THANKS = "The page about limits is there now, thank you"
WAIVED = "support-training"
"""What somebody who runs launches lets pass, for a reason."""
REASON = "Support was trained with the beta last week; the recording is in the help desk's folder"
KEEPS_GOING = "The engineer told us: the fix had to be in this release"
"""What somebody who runs launches says to a tag that was moved."""
Owned = Literal["complete", "rerun", "write"]
MOVED = "qa-signoff"
"""The gate that was signed when the tag moves, and that has to be signed again."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody is about to do. `number` is the form's, where it goes through a form."""

    person: str
    item: str
    round: int
    what: Literal["approve", "request-changes", "complete", "rerun", "waive", "confirm", "write"]
    number: int | None = None
    comment: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def is_by_form(self) -> bool:
        return self.number is not None


def next_acts(launch: Launch, people: Directory, now: datetime) -> tuple[Act, ...]:
    """At most one for each item; none while the launch is on hold."""
    if launch.is_over or launch.held is not None:
        return ()
    there = [person for person in people.members if not person.is_away(now)]
    return tuple(_acts(launch, [people.actor(person.email, now) for person in there]))


def _acts(launch: Launch, people: list[Actor]) -> Iterator[Act]:
    by_form = _by_form(launch)
    for state in launch.items.values():
        if state.status == "failed" and isinstance(state.item, Notes):
            yield from _owned(launch, state, people, "write")
        elif state.status == "failed":
            yield from _owned(launch, state, people, "rerun")
        elif state.is_signable and isinstance(state.item, Todo):
            yield from _owned(launch, state, people, "complete")
        elif state.is_signable and state.key == WAIVED:
            yield from _waiving(state, people)
        elif state.is_signable and state.is_signed_by_people and (person := signer(launch, state, people)):
            yield _signing(launch, state, person, is_by_form=state.key in by_form)


def _owned(launch: Launch, state: ItemState, people: list[Actor], what: Owned) -> Iterator[Act]:
    """What the item's owner does, or where it has none, anybody who runs launches."""
    role = state.item.owner or MANAGERS
    if who := next((person for person in people if role in person.roles), None):
        yield Act(who.email, state.key, state.round, what, comment=KEEPS_GOING if state.key in launch.questions else "")


def _waiving(state: ItemState, people: list[Actor]) -> Iterator[Act]:
    who = next((one for one in people if one.is_manager and state.item.owner not in one.roles), None)
    if who:
        yield Act(who.email, state.key, state.round, "waive", comment=REASON)


def _signing(launch: Launch, state: ItemState, person: str, *, is_by_form: bool) -> Act:
    if state.key == sent_back(launch) and not is_second_round(launch):
        return Act(person, state.key, state.round, "request-changes", comment=WANTED)
    names = missing_evidence(state, {})
    if any(signature.by == person for signature in state.earlier):
        return Act(person, state.key, state.round, "confirm")
    if is_by_form and not state.approvals:
        return Act(person, state.key, state.round, "approve", number=state.number, evidence=names)
    return Act(person, state.key, state.round, "approve", comment=THANKS if state.question else "", evidence=names)


def signer(launch: Launch, state: ItemState, people: list[Actor]) -> str | None:
    """The first whose signature would count: it fills an empty place, and is about others' work."""
    return next((who.email for who in people if isinstance(approving(launch, state, who), Capacity)), None)


def is_time_to_move(launch: Launch) -> bool:
    """Whether an engineer now finds a mistake and moves the tag: after somebody has signed for it, and only once."""
    signed = launch.items.get(MOVED)
    return signed is not None and signed.status == "passed" and not launch.past_commits and not launch.is_out


def sent_back(launch: Launch) -> str | None:
    """The gate whose first answer is no: the docs' review, or the last one where there is none."""
    gates = _gates(launch)
    return STRICT if STRICT in gates else next(reversed(gates), None)


def is_second_round(launch: Launch) -> bool:
    """Whether that gate has been sent back already."""
    strict = launch.items.get(sent_back(launch) or "")
    return strict is not None and strict.round > 1


def _by_form(launch: Launch) -> list[str]:
    return [key for key in _gates(launch) if key != sent_back(launch)][:BY_FORM]


def _gates(launch: Launch) -> list[str]:
    return [key for key, state in launch.items.items() if isinstance(state.item, Gate)]
