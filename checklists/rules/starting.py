"""How a launch begins: its name, its dates, and whether its gates can be met at all."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import Checklist
from checklists.dates import Calendar
from checklists.items import Announce, quorum
from checklists.launch import Launch
from checklists.quorum import missing
from checklists.reminders import reminders
from checklists.rules.refusal import Facts, Refusal, no_launch_day
from checklists.versions import is_version


def launch_id(product: str, version: str) -> str:
    """The name a launch is known by everywhere: `acme-2.4.0`."""
    return f"{product}-{version}"


def start(command: c.Start, launch: Launch | None, now: datetime) -> Facts | Refusal:
    """The first entry; nothing where this release has its launch already."""
    if launch is not None:
        return _again(command, launch)
    if not is_version(command.release.version):
        return Refusal(f"{command.release.version!r} is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1")
    if refusal := no_launch_day(command.launch_on, command.calendar, now) or _impossible(command):
        return refusal
    return [_started(command)]


def _again(command: c.Start, launch: Launch) -> Facts | Refusal:
    asked, found = command.release, launch.release
    if (asked.product, asked.version) == (found.product, found.version):
        return []
    return Refusal(f"{launch.id} is the launch of {launch.name} already; give {asked.product} another version")


def _impossible(command: c.Start) -> Refusal | None:
    members = command.directory.members
    found = unsolvable(command.checklist, {one.email: frozenset((one.email, *one.roles)) for one in members})
    return Refusal("; ".join(found)) if found else None


def _started(command: c.Start) -> e.Started:
    return e.Started(
        release=command.release,
        checklist=command.checklist,
        order=tuple(command.checklist.items),
        folder=command.folder,
        launch_on=command.launch_on,
        dates=dates(command.checklist, command.launch_on, command.calendar),
        via=command.via,
        rosters=command.directory.rosters(_whole_roles(command.checklist)),
        difference=command.difference,
        behind=command.older,
        replaces=command.replaces,
    )


def _whole_roles(checklist: Checklist) -> tuple[str, ...]:
    """The roles of which everybody signs something."""
    lines = (line for item in checklist.items.values() for line in quorum(item) if line.count is None)
    return tuple(dict.fromkeys(role for line in lines for role in line.roles))


def unsolvable(checklist: Checklist, roles: Mapping[str, AbstractSet[str]]) -> tuple[str, ...]:
    """The gates that distinct people with these roles (by person) could never meet, one sentence each."""
    return tuple(
        f"{key} needs {' and '.join(empty)} more than the organisation has; give the role to more people"
        for key, item in checklist.items.items()
        if (empty := missing(quorum(item), roles))
    )


def dates(checklist: Checklist, launch_on: date | None, calendar: Calendar) -> e.Dates:
    """The instants the checklist's relative dates mean; none without a launch day."""
    if launch_on is None:
        return e.Dates()
    due = {k: calendar.instant(launch_on, item.due) for k, item in checklist.items.items() if item.due}
    not_before = {
        k: calendar.instant(launch_on, item.announce.at)
        for k, item in checklist.items.items()
        if isinstance(item, Announce) and item.announce.at
    }
    return e.Dates(due=due, not_before=not_before, reminders=reminders(checklist, launch_on, calendar))
