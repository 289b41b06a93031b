"""Delegations: granting, ending and listing them. Those of the organisation file and those granted count alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from checklists.people import Actor, Delegation
from checklists.rules.delegating import delegate as objection
from checklists.rules.delegating import may_arrange
from checklists.rules.refusal import Refusal
from ledger.delegations import Granted
from tasks.world import World


@dataclass(frozen=True, slots=True)
class Arranged:
    """A delegation that holds now or will, and where it comes from; the organisation file has no `granted_by`."""

    who: str
    to: str
    starts: date
    ends: date
    granted_by: str | None = None
    granted_at: datetime | None = None


def delegate(world: World, by: Actor, who: str, to: str, until: date, starts: date | None = None) -> Granted | Refusal:
    """Let `to` sign for `who` from a day (today where they are, when unsaid) until another, both included."""
    now, directory = world.now(), world.directory
    who, to = who.strip().lower(), to.strip().lower()
    absent = directory.member(who)
    new = Delegation(who, to, starts or (absent.day(now) if absent else now.date()), until)
    if refusal := objection(by, new, directory, now):
        return refusal
    granted = Granted(str(uuid4()), who, to, new.starts, new.ends, by.email, now)
    world.ledger.delegations.grant(granted)
    return granted


def revoke(world: World, by: Actor, who: str, to: str | None = None) -> tuple[Granted, ...] | Refusal:
    """End the delegations of somebody that were granted by command, all or those to one person."""
    who, to = who.strip().lower(), to.strip().lower() if to else None
    if refusal := may_arrange(by, who):
        return refusal
    mine = tuple(one for one in _granted(world) if one.who == who and to in (None, one.to))
    if not mine:
        return Refusal(_nothing_to_end(world, who, to))
    world.ledger.delegations.revoke(tuple(one.id for one in mine), by.email, world.now())
    return mine


def _nothing_to_end(world: World, who: str, to: str | None) -> str:
    written = any(one.who == who and to in (None, one.to) for one in world.organisation.directory().delegations)
    if written:
        return f"that {to or 'somebody'} signs for {who} stands in the organisation file; change the absence there"
    nobody = f"{to} does not sign for {who}" if to else f"nobody signs for {who}"
    return f"{nobody}; `tminus delegate` lists who does"


def arranged(world: World, who: str | None = None) -> tuple[Arranged, ...]:
    """Who signs for whom, now and in days to come; of everybody, or of one person."""
    since = _since(world)
    written = (Arranged(d.who, d.to, d.starts, d.ends) for d in world.organisation.directory().delegations)
    granted = (Arranged(g.who, g.to, g.starts, g.ends, g.granted_by, g.granted_at) for g in _granted(world))
    found = [one for one in (*written, *granted) if one.ends >= since and who in (None, one.who)]
    return tuple(sorted(found, key=lambda one: (one.starts, one.who, one.to)))


def _granted(world: World) -> tuple[Granted, ...]:
    return world.ledger.delegations.standing(_since(world))


def _since(world: World) -> date:
    """Yesterday by UTC may still be today for somebody."""
    return world.now().date() - timedelta(days=1)
