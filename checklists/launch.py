"""A launch and its items as they are now: what `fold` makes of the entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from checklists.checklist import Checklist
from checklists.entries import Dates, Decision, Form, Release, Via
from checklists.items import Announce, Automated, Gate, Item, Training, quorum
from checklists.quorum import missing, place

ItemStatus = Literal["waiting", "open", "running", "changes-requested", "passed", "waived", "skipped", "failed"]
LaunchStatus = Literal["scheduled", "in-progress", "on-hold", "launched", "closed", "abandoned"]
ENDED: frozenset[str] = frozenset({"passed", "waived", "skipped"})
SIGNABLE: frozenset[str] = frozenset({"open", "changes-requested"})


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's word in the current round."""

    by: str
    name: str
    roles: tuple[str, ...]
    decision: Decision
    at: datetime
    via: Via
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The flow run that stands for an item in Prefect, in one of its rounds."""

    run_id: str
    number: int
    round: int
    form: Form


@dataclass(frozen=True, slots=True)
class LaunchRun:
    """The launch's own flow run and its artifacts."""

    run_id: str
    table_id: str | None = None
    progress_id: str | None = None


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item: its definition, where it stands, and what happened in its current round."""

    key: str
    item: Item
    status: ItemStatus = "waiting"
    round: int = 1
    signatures: tuple[Signature, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    asked_by: str = ""
    notice: str = ""
    summary: str = ""
    findings: tuple[str, ...] = ()
    run: Run | None = None
    last_run: str | None = None
    runs: int = 0
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_signable(self) -> bool:
        return self.status in SIGNABLE

    @property
    def is_automated(self) -> bool:
        return isinstance(self.item, Automated | Announce)

    @property
    def is_signed_by_people(self) -> bool:
        return isinstance(self.item, Gate | Training)

    @property
    def number(self) -> int:
        """Of the form people can answer now; before it is written down that one is open, of the one to come."""
        return self.run.number if self.run else self.runs + 1

    @property
    def approvals(self) -> dict[str, frozenset[str]]:
        """Who approved in this round, with the roles they held when they did."""
        return {s.by: frozenset(s.roles) for s in self.signatures if s.decision == "approve"}

    @property
    def missing(self) -> tuple[str, ...]:
        """The places nobody has filled yet, such as `1 of qa`; empty once the item has ended."""
        return () if self.has_ended else missing(quorum(self.item), self.approvals)

    @property
    def places(self) -> dict[str, str]:
        """Which line each approval fills."""
        lines = quorum(self.item)
        return {by: str(lines[index]) for by, index in place(lines, self.approvals).items()}


@dataclass(frozen=True, slots=True)
class Launch:
    """One launch as its entries tell it. `seq` is the number of entries folded in."""

    id: str
    seq: int
    release: Release
    checklist: Checklist
    folder: str
    started_at: datetime
    started_by: str
    items: Mapping[str, ItemState]
    launch_on: date | None = None
    dates: Dates = field(default_factory=Dates)
    run: LaunchRun | None = None
    runs: int = 0
    has_ended: bool = False
    held: str | None = None
    launched_at: datetime | None = None
    closed_at: datetime | None = None
    abandoned: str | None = None
    updated_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people call the launch: `acme 2.4.0`."""
        return f"{self.release.product} {self.release.version}"

    @property
    def is_over(self) -> bool:
        """Closed or abandoned: nobody has anything left to do."""
        return self.closed_at is not None or self.abandoned is not None

    @property
    def status(self) -> LaunchStatus:
        if self.abandoned is not None:
            return "abandoned"
        if self.closed_at:
            return "closed"
        if self.held is not None:
            return "on-hold"
        if self.launched_at:
            return "launched"
        return "in-progress" if any(state.opened_at for state in self.items.values()) else "scheduled"

    @property
    def reason(self) -> str:
        """Why the launch is on hold or was abandoned; empty otherwise."""
        return self.abandoned or self.held or ""

    def blocked_by(self, key: str) -> tuple[str, ...]:
        """The needs of an item that have not ended, in checklist order."""
        return tuple(need for need in self.items[key].item.needs if not self.items[need].has_ended)
