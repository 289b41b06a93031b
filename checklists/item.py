"""One item of a launch as it is now, in its current round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal

from checklists.checks import Automated
from checklists.delivery_entries import Fate
from checklists.follow_up import FollowedUp
from checklists.item_entries import Because, Decision, Form, InsteadOf, Piece, Via
from checklists.items import Announce, Gate, Item, Notes, Training
from checklists.people import TMINUS, Proof
from checklists.quorum import QuorumLine, missing, place
from checklists.review_entries import UnderReview

ItemStatus = Literal[
    "waiting", "open", "running", "changes-requested", "passed", "waived", "skipped", "failed", "rejected"
]
ENDED: frozenset[str] = frozenset({"passed", "waived", "skipped"})
SIGNABLE: frozenset[str] = frozenset({"open", "changes-requested"})
TROUBLED: frozenset[str] = frozenset({"failed", "rejected"})
WRONG_CODES = 5
"""So many wrong codes lock a gate's form until new ones are mailed."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's word in a round. `instead_of` is the absent person whose place they fill."""

    by: str
    name: str
    roles: tuple[str, ...]
    decision: Decision
    at: datetime
    via: Via
    comment: str = ""
    instead_of: InsteadOf | None = None
    proof: Proof = "asserted"
    self_signed: bool = False

    @property
    def held(self) -> frozenset[str]:
        """What it stands for in the quorum: roles and mail address, an absent person's where it is for one."""
        if self.instead_of:
            return frozenset((*self.instead_of.roles, self.instead_of.email))
        return frozenset((*self.roles, self.by))

    @property
    def humans(self) -> frozenset[str]:
        """Everybody whose one place this takes: the signer, and those they signed for."""
        if self.instead_of is None:
            return frozenset((self.by,))
        return frozenset((self.by, self.instead_of.email, *self.instead_of.through))

    @property
    def signer(self) -> str:
        """`Ben Brandt`, or `Ben Brandt for Ada Abara`."""
        return f"{self.name} for {self.instead_of.name}" if self.instead_of else self.name


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Evidence beside an item: the piece, who attached it, and when."""

    piece: Piece
    by: str
    at: datetime

    @property
    def url(self) -> str:
        return self.piece.url


@dataclass(frozen=True, slots=True)
class Wording:
    """The notes for one audience: the words, what was drafted of each change when they were written, and by whom.

    `file` is the sha256 of the file under review that was taken into account by then; `where` says where that is, if
    these are its words.
    """

    words: str
    seen: Mapping[str, str]
    by: str
    at: datetime
    file: str = ""
    where: str = ""

    @property
    def is_edited_here(self) -> bool:
        """Whether a person wrote them at one of our own doors."""
        return self.by != TMINUS.email and not self.where

    @property
    def sha256(self) -> str:
        return sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Run:
    """The flow run that stands for an item in Prefect, in one of its rounds."""

    run_id: str
    number: int
    round: int
    form: Form


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody said of those deliveries that were in doubt at that moment: of a correction or a recall, or of the
    announcement itself, where `purpose` is empty."""

    purpose: str
    fate: Fate
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item: its definition, where it stands, and what happened in its current round.

    `lines` is the quorum with every `all of` spelled out. `earlier` are the approvals of the rounds before that a
    change made void: these people may confirm them. `changes` says what is different since the last round. `commit`
    is the one it stays bound to where later ones did not touch its paths. `last_shut` is the number of the last flow
    run that began before the item had to wait again: its result is about how things were. `asked` are those who were
    mailed in this round, `asked_for` is the form they were last asked to fill in, and `ask_again` whom somebody wants
    mailed anew: None where nobody wants it, nobody in particular where everybody is meant. `writers` are all people who
    have ever written its notes, `review` is the pull request these are in. `rests_until` is when the rest of a message
    can leave: its readers' day has not begun, or a vendor asked for time. `muted` is why nothing is said after an ended
    message for now, and `replaced` are the corrections in whose place a later one was said.
    """

    key: str
    item: Item
    lines: tuple[QuorumLine, ...] = ()
    status: ItemStatus = "waiting"
    round: int = 1
    signatures: tuple[Signature, ...] = ()
    earlier: tuple[Signature, ...] = ()
    evidence: Mapping[str, Exhibit] = field(default_factory=dict)
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    writers: frozenset[str] = frozenset()
    review: UnderReview | None = None
    question: str = ""
    asked_by: str = ""
    because: Because | None = None
    changes: tuple[str, ...] = ()
    commit: str | None = None
    notice: str = ""
    summary: str = ""
    findings: tuple[str, ...] = ()
    run: Run | None = None
    last_run: str | None = None
    runs: int = 0
    last_shut: int = 0
    asked: tuple[str, ...] = ()
    asked_for: Form | None = None
    ask_again: tuple[str, ...] | None = None
    mailing: int = 0
    wrong_codes: int = 0
    reminded: frozenset[str] = frozenset()
    waived_until: datetime | None = None
    rests_until: datetime | None = None
    paused: str | None = None
    muted: str | None = None
    follow_ups: tuple[FollowedUp, ...] = ()
    replaced: frozenset[str] = frozenset()
    verdicts: tuple[Verdict, ...] = ()
    fate: Fate | None = None
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def stopped(self) -> str | None:
        """Why it is paused, where it is: the announcement until it has ended, then its corrections and its recall."""
        return self.muted if self.has_ended else self.paused

    @property
    def is_recalled(self) -> bool:
        return any(one.what == "recall" for one in self.follow_ups)

    @property
    def is_kept_back(self) -> bool:
        """Whether nothing of the message leaves: it is paused, or was corrected or recalled since."""
        return self.paused is not None or bool(self.follow_ups)

    @property
    def is_signable(self) -> bool:
        return self.status in SIGNABLE

    @property
    def is_troubled(self) -> bool:
        """Failed or rejected: a person decides what now."""
        return self.status in TROUBLED

    @property
    def is_locked(self) -> bool:
        """Too many wrong codes: the form takes no more until new ones are mailed."""
        return self.wrong_codes >= WRONG_CODES

    @property
    def is_automated(self) -> bool:
        return isinstance(self.item, Automated | Announce | Notes)

    @property
    def is_signed_by_people(self) -> bool:
        return isinstance(self.item, Gate | Training)

    @property
    def allows_self_sign(self) -> bool:
        return isinstance(self.item, Gate) and self.item.self_sign == "allowed"

    @property
    def number(self) -> int:
        """Of the form people can answer now; before it is written down that one is open, of the one to come."""
        return self.run.number if self.run else self.runs + 1

    @property
    def approvals(self) -> dict[str, frozenset[str]]:
        """Who approved in this round, with what each of them stood for when they did."""
        return {s.by: s.held for s in self.signatures if s.decision == "approve"}

    @property
    def missing(self) -> tuple[str, ...]:
        """The places nobody has filled yet, such as `1 of qa`; empty once the item has ended."""
        return () if self.has_ended else missing(self.lines, self.approvals)

    @property
    def places(self) -> dict[str, str]:
        """Which line each approval fills."""
        return {by: str(self.lines[index]) for by, index in place(self.lines, self.approvals).items()}
