"""How a launch begins: its name, its dates, and whether its gates can be met at all."""

from __future__ import annotations

from datetime import date, datetime

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import Checklist
from checklists.dates import Calendar
from checklists.items import Announce, quorum
from checklists.launch import Launch
from checklists.reminders import reminders
from checklists.rules.refusal import LONGEST, Facts, Refusal, no_launch_day
from checklists.rules.solving import Outlook, unsolvable
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
    if refusal := no_launch_day(command.launch_on, command.calendar, now) or _impossible(command, now):
        return refusal
    return [_started(command)]


def _again(command: c.Start, launch: Launch) -> Facts | Refusal:
    asked, found = command.release, launch.release
    if (asked.product, asked.version) == (found.product, found.version):
        return []
    return Refusal(f"{launch.id} is the launch of {launch.name} already; give {asked.product} another version")


def _impossible(command: c.Start, now: datetime) -> Refusal | None:
    """Better no launch than one that stands still at a gate nobody can meet."""
    due = dates(command.checklist, command.launch_on, command.calendar).due
    outlook = Outlook(
        command.directory,
        now,
        due={key: command.calendar.today(instant) for key, instant in due.items()},
        authors=command.difference.authors if command.difference else (),
        requester=command.by.email,
    )
    found = "; ".join(unsolvable(command.checklist, outlook))[:LONGEST]
    remedy = "give the role to more people, or let somebody sign for who is away (`tminus delegate`)"
    return Refusal(f"{found}; {remedy}", is_unmet=True) if found else None


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
        rehearsal=command.rehearsal,
    )


def _whole_roles(checklist: Checklist) -> tuple[str, ...]:
    """The roles of which everybody signs something."""
    lines = (line for item in checklist.items.values() for line in quorum(item) if line.count is None)
    return tuple(dict.fromkeys(role for line in lines for role in line.roles))


def dates(checklist: Checklist, launch_on: date | None, calendar: Calendar) -> e.Dates:
    """The instants the checklist's relative dates mean; none without a launch day."""
    if launch_on is None:
        return e.Dates()
    due = {k: calendar.instant(launch_on, item.due) for k, item in checklist.items.items() if item.due}
    told = {k: item.announce for k, item in checklist.items.items() if isinstance(item, Announce)}
    return e.Dates(
        due=due,
        not_before={k: calendar.instant(launch_on, one.at) for k, one in told.items() if one.at},
        not_after={k: calendar.instant(launch_on, one.until) for k, one in told.items() if one.until},
        reminders=reminders(checklist, launch_on, calendar),
    )
