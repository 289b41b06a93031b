"""What people and machines may ask of a launch. Whether it may happen is for `decide` to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from checklists.checklist import Checklist
from checklists.dates import Calendar
from checklists.entries import Decision, Release, Via

MANAGERS = "launch-managers"
"""The role that runs launches: holds, waives, reschedules, abandons."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as the door made sure of it, with the roles they hold today. Unknown people have no name."""

    email: str
    name: str = ""
    roles: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.name)

    @property
    def is_manager(self) -> bool:
        return MANAGERS in self.roles


TMINUS = Actor("tminus", "tminus", (MANAGERS,))
"""The machine itself: release events, checks, the patrol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Every command says who asks and through which door."""

    by: Actor
    via: Via = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """Begin a launch. `roles` tells who holds which role today: a gate nobody could sign is refused now."""

    release: Release
    checklist: Checklist
    folder: str
    calendar: Calendar
    roles: Mapping[str, frozenset[str]]
    launch_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Command):
    """A later event of the same tag: GitHub tells of the tag first, and of the release with its notes after that."""

    commit: str | None = None
    url: str | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItem(Command):
    """About one item. `round` and `number` are those of the form that was answered, where it was a form."""

    item: str
    round: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(OnItem):
    decision: Decision
    comment: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(OnItem):
    """A to-do is done."""

    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(OnItem):
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun(OnItem):
    """A failed item starts over in a new round."""

    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(OnItem):
    """What a machine found out or did: a check's result, an announcement's deliveries."""

    ok: bool
    summary: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule(Command):
    launch_on: date
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandon(Command):
    reason: str
