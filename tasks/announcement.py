"""An announcement before it leaves: what it says on each of its channels, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checklists.checklist import unknown
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from checklists.organisation import Audience, Organisation
from tasks.world import World
from templates.render import Rendered, render


class NothingToSend(LaunchError):
    """An announcement that would reach nobody, or must not leave as it is; a person has to look."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The announcement as it would leave now: its messages and its recipients, by channel."""

    audience: Audience
    messages: Mapping[str, Rendered]
    recipients: Mapping[str, tuple[str, ...]]

    @property
    def reach(self) -> int:
        """How many deliveries it would be."""
        return sum(map(len, self.recipients.values()))


def ready(world: World, launch: Launch, item: Announce) -> Ready:
    """Raises NothingToSend where its audience or a channel is gone, Unrenderable where a template cannot be filled."""
    known, channels = world.organisation, item.announce.channels
    audience = _audience(known, item)
    filled = values(world, launch, audience)
    kinds = {channel: known.channels[channel].kind for channel in channels}
    rendered = {kind: render(item.announce.message, kind, filled) for kind in dict.fromkeys(kinds.values())}
    return Ready(
        audience=audience,
        messages={channel: rendered[kind] for channel, kind in kinds.items()},
        recipients={channel: recipients(known, audience, channel) for channel in channels},
    )


def _audience(known: Organisation, item: Announce) -> Audience:
    """The audience; the organisation file may have lost it, or a channel, since the launch was started."""
    if item.announce.audience not in known.audiences:
        raise NothingToSend(unknown(item.announce.audience, known.audiences, "audience"))
    if gone := [channel for channel in item.announce.channels if channel not in known.channels]:
        raise NothingToSend(unknown(gone[0], known.channels, "channel"))
    return known.audiences[item.announce.audience]


def recipients(organisation: Organisation, audience: Audience, channel: str) -> tuple[str, ...]:
    """Mail addresses for a mail channel, each once; the channel itself for one that posts."""
    if organisation.channels[channel].kind != "email":
        return (channel,)
    wanted = set(audience.roles)
    people = [address for address, person in organisation.people.items() if wanted & set(person.roles)]
    return tuple(dict.fromkeys((*people, *audience.addresses)))


def values(world: World, launch: Launch, audience: Audience) -> Mapping[str, object]:
    """What an announcement's templates are filled with."""
    release = launch.release
    return {
        "product": release.title,
        "version": release.version,
        "headline": "",  # a title names what colleagues do, such as "Tell our customers"
        "notes": notes_for(launch, audience) or f"{release.title} {release.version} is out.",
        "link": release.url or "",
        "organisation": world.organisation.organisation,
        "postal_address": world.settings.postal_address if audience.external else "",
    }


def notes_for(launch: Launch, audience: Audience) -> str:
    """The notes that were written for this audience, or else what the release itself says."""
    written = (state.wordings.get(audience.notes) for state in launch.items.values())
    return next((one.words for one in written if one), launch.release.notes)
