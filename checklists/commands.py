"""What people and machines may ask of a launch. Whether it may happen is for `decide` to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from checklists.checklist import Checklist
from checklists.dates import Calendar
from checklists.entries import Again, Cause, Content, Decision, Difference, Ending, Evidence, Release, Via
from checklists.notes.change import Audience
from checklists.notes.rewriting import FileSeen, Text
from checklists.people import MANAGERS, TMINUS, Actor, Directory

__all__ = ["MANAGERS", "TMINUS", "Actor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Every command says who asks, through which door, from which address, and the hash of what they were shown."""

    by: Actor
    via: Via = "command"
    address: str = ""
    shown: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """What the record says of how it came in."""
        return {"via": self.via, "proof": self.by.proof, "address": self.address, "shown": self.shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """Begin a launch. `directory` is everybody as of today: a gate nobody could sign is refused now.

    `older` are open launches its `supersede: queue` waits for, `replaces` those whose place its `replace` takes.
    """

    release: Release
    checklist: Checklist
    folder: str
    calendar: Calendar
    directory: Directory
    launch_on: date | None = None
    difference: Difference | None = None
    older: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Command):
    """Write down a release of the past as a launch that is over: nobody is asked, and nothing is sent, ever."""

    release: Release
    checklist: Checklist
    folder: str
    released_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Command):
    """A later event of the same tag: GitHub tells of the tag first, and of the release with its notes after that."""

    commit: str | None = None
    url: str | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(Command):
    """The release says something else now; `at` is when that was written, where its host tells."""

    notes: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Command):
    """Something happened to the release, and a person has to say what now. `commit` is the one it is about."""

    cause: Cause
    told: str
    commit: str | None = None


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
    evidence: Evidence = field(default_factory=dict)
    instead_of: str | None = None
    """For whom, where somebody could sign for several; their own place comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(OnItem):
    """A to-do is done."""

    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(OnItem):
    """`role` is the one that may waive, `expires_at` the end of `until` in the product's time zone."""

    reason: str
    until: date | None = None
    expires_at: datetime | None = None
    role: str = MANAGERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun(OnItem):
    """A failed item starts over in a new round."""

    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCode(OnItem):
    """Somebody typed a personal code that is nobody's; `by` is nobody in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(OnItem):
    """What a machine found out or did: a check's result, an announcement's deliveries; `unsettled` tells of doubts."""

    ok: bool
    summary: str
    findings: tuple[str, ...] = ()
    unsettled: str = ""
    ask_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence(OnItem):
    """Put evidence beside an item without signing it."""

    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(OnItem):
    """Mail new links and codes to these people, or to everybody whose answer it waits for; the old codes are void."""

    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observe(Command):
    """What tminus itself sees: contents that gates are bound to, who holds roles, what lies between two releases."""

    contents: tuple[Content, ...] = ()
    rosters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    difference: Difference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retag(Command):
    """The release is another commit now; `difference` is what lies between the two."""

    commit: str
    tag: str | None = None
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceed(Command):
    """The older launches it waited for are out of the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(OnItem):
    """Notes are these words now, each text by its audience; `findings` is what they lack, as the door has found.

    `files` are those under review, by audience; `base` the digests of the texts somebody began with: what others saved
    since is not written over; `commit` the release's when findings were looked for: of another they say nothing.
    `notice` is what a person should know and holds nothing back.
    """

    texts: Mapping[Audience, Text]
    findings: tuple[str, ...] = ()
    notice: str = ""
    base: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileSeen] = field(default_factory=dict)
    commit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(OnItem):
    """Let nothing more of an announcement leave for now."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpause(OnItem):
    """Let what is left of an announcement leave again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(OnItem):
    """Say more to those who got an announcement, so many (`heard`): `note` says why, `text` what is right; `notes` and
    `translations` are the same in others of the organisation's `languages`."""

    what: Again
    text: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    note: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    heard: int = 0


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
    ending: Ending = "abandoned"
    successor: str | None = None
