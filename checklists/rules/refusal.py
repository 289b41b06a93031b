"""A "no" with its reason, and the reasons that several rules share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from checklists import commands as c
from checklists import entries as e
from checklists.dates import Calendar
from checklists.launch import Launch

LONGEST = 2_000
YEARS = range(1970, 3000)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" with its reason, in words for the person who asked.

    `may_not`: it is about who asks, not about how things stand; waiting changes nothing.
    `is_unmet`: organisation or checklists cannot do it as they are; once they are others, they may.
    """

    reason: str
    may_not: bool = field(default=False, compare=False)
    is_unmet: bool = field(default=False, compare=False)


Facts = Sequence[e.Data]


def over(launch: Launch) -> Refusal | None:
    """Closed and abandoned launches stay as they are."""
    return Refusal(f"{launch.name} is {launch.status}; nothing can be changed any more") if launch.is_over else None


def not_a_manager(command: c.Command) -> Refusal | None:
    """What only those who run launches may do."""
    return lacks(command, c.MANAGERS)


def lacks(command: c.Command, role: str) -> Refusal | None:
    """What only those with this role may do."""
    if role in command.by.roles:
        return None
    name = command.by.name or command.by.email or "nobody"
    return Refusal(f"{name} does not hold the role {role}, which this takes", may_not=True)


def unwritable(texts: Iterable[str], most: int = LONGEST) -> Refusal | None:
    """Words the record has no room for, or that are no Unicode text."""
    for text in texts:
        if len(text) > most:
            return Refusal(f"what was written has {len(text)} characters; {most} is the most, say it shorter")
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            return Refusal("what was written is not readable text; write it in UTF-8")
    return None


def no_launch_day(day: date | None, calendar: Calendar, now: datetime) -> Refusal | None:
    """Days that are over would let announcements leave at once; they, and those no calendar reaches, are slips."""
    if day is None:
        return None
    if day.year not in YEARS:
        return Refusal(f"{day} is no launch day; name one between {YEARS[0]} and {YEARS[-1]}")
    today = calendar.today(now)
    return Refusal(f"{day} is over, today is {today}; name a launch day that is to come") if day < today else None
