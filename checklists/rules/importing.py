"""A release of the past becomes a launch that is over, in one step: there is no moment in which anything is due."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.launch import Launch
from checklists.rules.refusal import Facts, Refusal
from checklists.versions import is_version


def import_(command: c.Import, launch: Launch | None) -> Facts | Refusal:
    """Its whole record; nothing where this release has a launch already, however that stands."""
    if launch is not None:
        return []
    if not is_version(command.release.version):
        return Refusal(f"{command.release.version!r} is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1")
    started = e.Started(
        release=command.release,
        checklist=command.checklist,
        order=tuple(command.checklist.items),
        folder=command.folder,
        via=command.via,
    )
    return [started, e.Imported(released_at=command.released_at, **command.said), e.Ended()]
