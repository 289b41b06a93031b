"""What somebody has decided in a round, as the record tells it, also after the round is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from checklists import entries as e
from checklists.entries import Entry, Via

DONE = "done"


@dataclass(frozen=True, slots=True)
class Deed:
    """One person's word: `decision` is named like the choice on the page."""

    decision: str
    at: datetime
    via: Via
    comment: str = ""


def deed(entries: Iterable[Entry], item: str, round_: int, person: str) -> Deed | None:
    """The last thing this person decided on the item in that round; None where it was nothing."""
    theirs = (entry for entry in entries if entry.actor == person)
    found = [one for entry in theirs if (one := _deed(entry, item, round_))]
    decided = [one for one in found if one.decision != DONE] or found
    return decided[-1] if decided else None


def _deed(entry: Entry, item: str, round_: int) -> Deed | None:
    match entry.data:
        case e.Signed(item=key, round=number) if (key, number) == (item, round_):
            return Deed(entry.data.decision, entry.at, entry.data.via, entry.data.comment)
        case e.Waived(item=key, round=number) if (key, number) == (item, round_):
            return Deed("waive", entry.at, entry.data.via, entry.data.reason)
        case e.Reopened(item=key, round=number, because="rerun") if (key, number) == (item, round_ + 1):
            return Deed("run-again", entry.at, entry.data.via, entry.data.question)
        case e.Settled(item=key, round=number) if (key, number) == (item, round_):
            return Deed(entry.data.fate, entry.at, entry.data.via, entry.data.comment)
    return _done(entry, item, round_)


def _done(entry: Entry, item: str, round_: int) -> Deed | None:
    """A to-do somebody marked as done; a gate passes together with its last signature, which says more."""
    match entry.data:
        case e.Passed(item=key, round=number) if (key, number) == (item, round_):
            return Deed(DONE, entry.at, entry.data.via, entry.data.summary)
    return None
