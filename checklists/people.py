"""Who may act for whom today: people with their roles, absences and delegations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

MANAGERS = "launch-managers"
"""The role that runs launches: holds, waives, reschedules, abandons."""
LONGEST_CHAIN = 2
"""Steps from the one who is away to the one who signs: ada -> ben -> cleo, and no further."""

Proof = Literal["asserted", "link", "code", "token", "proxy", "command", "tminus"]
"""How a door made sure who somebody is: `asserted` trusts the name that was typed, `command` the shell on tminus's own
machine, `tminus` is the machine itself."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person by mail address, with the roles they hold and the other names they go by."""

    email: str
    name: str = ""
    roles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def held(self) -> frozenset[str]:
        """What a quorum line may ask of them: their roles and their own address."""
        return frozenset((*self.roles, self.email))

    @property
    def names(self) -> frozenset[str]:
        """Everything this human is known by: mail address, git addresses, logins such as `github:ada`."""
        return frozenset((self.email, *self.aliases))


@dataclass(frozen=True, slots=True)
class Principal(Somebody):
    """Somebody who is away, and for whom another may sign.

    `through` names those who passed it on, in order, and `go_between` is everything they are known by.
    """

    through: tuple[str, ...] = ()
    go_between: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor(Somebody):
    """Who asks, as the door made sure of it, with the roles they hold today. Unknown people have no name."""

    stands_for: tuple[Principal, ...] = ()
    proof: Proof = "asserted"

    @property
    def is_known(self) -> bool:
        return bool(self.name)

    @property
    def is_manager(self) -> bool:
        return MANAGERS in self.roles


TMINUS = Actor("tminus", "tminus", (MANAGERS,), proof="tminus")
"""The machine itself: release events, checks, the patrol."""


When = date | datetime
"""A day, or a moment (aware), which is the local day of each person in their own time zone."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """`who` lets `to` sign for them on the days from `starts` to `ends`, both included."""

    who: str
    to: str
    starts: date
    ends: date

    def holds(self, day: date) -> bool:
        return self.starts <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Member(Somebody):
    """One person as the organisation knows them. `away` are the days they are absent, both ends included."""

    away: tuple[tuple[date, date], ...] = ()
    timezone: str | None = None

    def day(self, when: When) -> date:
        """The day it is where they are."""
        if isinstance(when, datetime):
            return when.astimezone(ZoneInfo(self.timezone) if self.timezone else UTC).date()
        return when

    def is_away(self, when: When) -> bool:
        return self.away_until(when) is not None

    def away_until(self, when: When) -> date | None:
        """The last day of their absence, over all that follow each other; None where they are there."""
        day, last = self.day(when), None
        for starts, ends in sorted(self.away):
            if starts <= day <= ends:
                last, day = ends, ends + timedelta(days=1)
        return last


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody of the organisation, and who signs for whom."""

    members: tuple[Member, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    def member(self, email: str) -> Member | None:
        return next((one for one in self.members if one.email == email), None)

    def actor(self, email: str, when: When, proof: Proof = "asserted") -> Actor:
        """This person then, with those they stand for; an unknown address is nobody in particular."""
        found = self.member(email)
        if found is None:
            return Actor(email, proof=proof)
        stands_for = tuple(self._principals(email, when))
        return Actor(found.email, found.name, found.roles, found.aliases, stands_for, proof)

    def actors(self, when: When) -> Iterator[Actor]:
        return (self.actor(member.email, when) for member in self.members)

    def rosters(self, roles: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Who holds each of these roles, in the order of the file."""
        return {role: tuple(m.email for m in self.members if role in m.roles) for role in roles}

    def _principals(self, email: str, when: When) -> Iterator[Principal]:
        """Those whose delegations lead here in at most two steps; each holds on the day it is where they are."""
        seen = {email}
        chain: list[tuple[str, tuple[str, ...]]] = [(email, ())]
        for _ in range(LONGEST_CHAIN):
            step = [
                (d.who, (to, *through) if to != email else through)
                for to, through in chain
                for d in self.delegations
                if d.to == to and d.who not in seen and self._holds(d, when)
            ]
            chain = list(dict(step).items())
            seen |= {who for who, _ in chain}
            for who, through in chain:
                if member := self.member(who):
                    yield Principal(who, member.name, member.roles, member.aliases, through, self._names(through))

    def _holds(self, delegation: Delegation, when: When) -> bool:
        who = self.member(delegation.who)
        return who is not None and delegation.holds(who.day(when))

    def _names(self, emails: Iterable[str]) -> frozenset[str]:
        found = (self.member(email) for email in emails)
        return frozenset(name for member in found if member for name in member.names)
