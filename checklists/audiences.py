"""Which audience an announcement names: one of the organisation file, or one of its own checklist."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.audience import Audience
from checklists.checklist import Checklist, unknown
from checklists.errors import LaunchError
from checklists.items import Announcement
from checklists.organisation import Organisation


def audience_of(name: str, organisation: Organisation, checklist: Checklist | None = None) -> Audience:
    """Raises LaunchError where there is none of this name, and where both files have one."""
    known = known_to(organisation, checklist)
    if name not in known:
        raise LaunchError(unknown(name, known, "audience"))
    if is_in_both(name, organisation, checklist):
        raise LaunchError(f'audiences.{name} of the checklist "{checklist and checklist.checklist}": {BOTH}')
    return known[name]


BOTH = "the organisation file has an audience of this name, too, and nobody could tell who is meant; rename one of them"


def known_to(organisation: Organisation, checklist: Checklist | None) -> dict[str, Audience]:
    """Every audience that an announcement of this checklist can name."""
    return {**organisation.audiences, **(checklist.audiences if checklist else {})}


def is_in_both(name: str, organisation: Organisation, checklist: Checklist | None) -> bool:
    return checklist is not None and name in checklist.audiences and name in organisation.audiences


def closed_ways(about: Announcement, organisation: Organisation, checklist: Checklist) -> Iterator[tuple[int, str]]:
    """Channels that it cannot take, by their place in it, each with the reason.

    Who may read what is not public is looked up in the organisation file, for as long as the change channel stands.
    """
    own = checklist.audiences.get(about.audience)
    for index, name in enumerate(about.channels):
        channel = organisation.channels.get(name)
        if channel is None:
            yield index, unknown(name, organisation.channels, "channel")
        elif channel.kind == "feed" and own is not None and not own.public:
            yield (
                index,
                (
                    f'"{name}" shows what is for "{about.audience}" alone to audiences of the organisation file only; '
                    f"define it there, make it `public: true`, or leave out this channel"
                ),
            )
