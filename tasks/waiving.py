"""What the organisation says of waivers: whose they are, and when the day they are given for ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from checklists.commands import Command, Waive
from checklists.launch import Launch
from checklists.rules.refusal import YEARS
from tasks.world import World


def as_configured(world: World, command: Command, launch: Launch | None) -> Command:
    """A waiver with the role it takes, and the moment it ends: when its last day is over where the product is at home.

    Every door may leave both out.
    """
    if not isinstance(command, Waive):
        return command
    ends = _end(world, launch, command.until) if command.until else command.expires_at
    return replace(command, role=world.organisation.waivers, expires_at=ends)


def _end(world: World, launch: Launch | None, day: date) -> datetime | None:
    """None for days that no calendar reaches: `decide` refuses those."""
    if day.year not in YEARS:
        return None
    return world.organisation.calendar_of(launch.release.product if launch else "").end_of(day)
