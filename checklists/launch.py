"""A launch as it is now: what `fold` makes of the entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from checklists.checklist import Checklist
from checklists.entries import Cause, Content, Dates, Difference, Ending, Questioned, Release
from checklists.item import ItemState, ItemStatus, Run, Signature
from checklists.items import Announce, binding
from checklists.quorum import Rosters

__all__ = ["ItemState", "ItemStatus", "Launch", "LaunchRun", "LaunchStatus", "Run", "Signature"]

LaunchStatus = Literal[
    "scheduled", "in-progress", "on-hold", "launched", "closed", "abandoned", "replaced", "cancelled"
]


@dataclass(frozen=True, slots=True)
class LaunchRun:
    """The launch's own flow run and its artifacts."""

    run_id: str
    table_id: str | None = None
    progress_id: str | None = None


@dataclass(frozen=True, slots=True)
class Launch:
    """One launch as its entries tell it. `seq` is the number of entries folded in.

    `difference` lies between the release before and this one, `retagged` between this commit and the one before it.
    `retag_authors` wrote the commits of all retags, `unread` says why those of one of them are not known. Nothing of a
    `rehearsal` leaves the outbox; an `imported` one was released before tminus knew of it.
    `questions` are items that no checklist names: what a host did to the release, and deliveries in doubt.
    """

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
    rosters: Rosters = field(default_factory=dict)
    difference: Difference | None = None
    retagged: Difference | None = None
    retag_authors: frozenset[str] = frozenset()
    unread: str = ""
    past_commits: tuple[str, ...] = ()
    contents: Mapping[str, Content] = field(default_factory=dict)
    questions: Mapping[str, Questioned] = field(default_factory=dict)
    edited_at: datetime | None = None
    behind: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    rehearsal: bool = False
    imported: bool = False
    run: LaunchRun | None = None
    runs: int = 0
    has_ended: bool = False
    held: str | None = None
    launched_at: datetime | None = None
    closed_at: datetime | None = None
    abandoned: str | None = None
    ending: Ending | None = None
    successor: str | None = None
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
    def is_out(self) -> bool:
        """Whether what had to be true for the launch was, once."""
        return self.launched_at is not None or self.closed_at is not None

    @property
    def status(self) -> LaunchStatus:
        if self.abandoned is not None:
            return self.ending or "abandoned"
        if self.closed_at:
            return "closed"
        if self.held is not None:
            return "on-hold"
        if self.launched_at:
            return "launched"
        return "in-progress" if any(state.opened_at for state in self.items.values()) else "scheduled"

    @property
    def reason(self) -> str:
        """Why the launch is on hold, waits or was abandoned; empty otherwise."""
        waits = f"waits for {', '.join(self.behind)}" if self.behind and not self.is_over else ""
        return self.abandoned or self.held or waits

    @property
    def authors(self) -> frozenset[str]:
        """Everybody who wrote what is launched, by address or login: of all commits it has had."""
        since = self.difference.authors if self.difference else ()
        return self.retag_authors | frozenset(author.lower() for author in since)

    @property
    def code(self) -> str:
        """The commit that is launched; its tag or version where nobody has said."""
        return self.release.commit or self.release.tag or self.release.version

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The questions nobody has answered yet, as items."""
        return tuple(key for key in self.questions if not self.items[key].has_ended)

    def asked_about(self, key: str, purpose: str = "") -> str:
        """The question whether an announcement, or a correction or recall of it, arrived; empty where none is open."""
        about = (one for one in self.unanswered if self.questions[one].about == key)
        return next((one for one in about if self.questions[one].purpose == purpose), "")

    @property
    def open_about_release(self) -> tuple[str, ...]:
        """Those of them that are about the release: nothing is announced before they are answered."""
        return tuple(key for key in self.unanswered if self.questions[key].cause in get_args(Cause))

    def blocked_by(self, key: str) -> tuple[str, ...]:
        """What has not ended of what an item needs: also behind a need that passed before that was open again.

        A waiver ends the chain: somebody has said that the launch goes on without it. The gates before an item that
        sign its content are asked all the same.
        """
        item, found = self.items[key].item, dict[str, bool]()
        ahead = [*item.waits_for, *self.checklist.signed_before.get(key, ())]
        ahead += self.open_about_release if isinstance(item, Announce) else ()
        for need in ahead:  # grows while it is looked through
            if need not in found:
                found[need] = not self.items[need].has_ended
                ahead += self.items[need].item.waits_for if self.items[need].status == "passed" else ()
        return tuple(need for need, blocks in found.items() if blocks)

    def bound_content(self, key: str) -> str:
        """What a signature on this item is bound to now: the commit, or the digest of a content; empty for nothing."""
        bound = binding(self.items[key].item)
        if bound.thing == "code":
            return self.items[key].commit or self.code
        content = self.contents.get(bound.item or "")
        return content.sha256 if content else ""
