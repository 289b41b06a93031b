"""What may have arrived of a launch that is over: nobody is asked any more, so those who run launches are told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from checklists.delivery_commands import SETTLES, Doubtful
from checklists.launch import Launch
from checklists.people import MANAGERS
from checklists.questions import is_silent, way_to_settle
from ledger.deliveries import ANNOUNCEMENT, Address, Delivery
from ledger.notices import Planned
from tasks.notices.desk import Desk
from tasks.notices.planning import channels_of
from tasks.notices.purposes import Purpose, read
from tasks.people.asking import holders
from tasks.world import World
from templates.doubts import doubt

NAMED = 5
RECENT = timedelta(days=30)
"""What is older nobody can look up any more; and who comes to run launches is not mailed all there ever was."""


def plan_doubts(world: World) -> None:
    """A letter to each of them about each doubt that reports had time to settle; what was sent again since, and lost
    once more, is another one. No launch is read for it."""
    found = [one for one in world.ledger.in_doubt.each() if _is_theirs(world, one)]
    if found:
        managers = holders(world, [MANAGERS])
        missing = world.ledger.notices.missing([row for one in found for row in _rows(world, one, managers)])
        world.ledger.notices.plan(missing, world.now())


def _is_theirs(world: World, lost: Doubtful) -> bool:
    """Whether it is recent, its launch has ended, and nothing more of it is on its way."""
    if not SETTLES <= world.now() - lost.lost_at < RECENT:
        return False
    head = world.ledger.index.find(lost.launch_id)
    if head is None or head.is_open:
        return False
    return not (lost.purpose and world.ledger.followed.is_undone(lost.launch_id, lost.item, lost.purpose))


def _rows(world: World, lost: Doubtful, managers: tuple[str, ...]) -> Iterator[Planned]:
    purpose = str(Purpose("doubt", lost.round, lost.purpose or ANNOUNCEMENT))
    at = {"launch_id": lost.launch_id, "item": lost.item, "purpose": purpose}
    for who in managers:
        for channel in channels_of(world.organisation.people[who]):
            yield Planned(Address(channel=channel, recipient=who, **at), lost.round)


def why_silent(desk: Desk, launch: Launch, row: Delivery) -> str:
    """Why this letter says nothing any more, in words; empty where it does."""
    if row.recipient not in desk.holds(MANAGERS):
        return f"{row.recipient} does not run launches any more, or is away"
    if not launch.is_over:
        return f"{launch.name} is {launch.status}"
    return "" if desk.world.ledger.in_doubt.count(launch.id, row.item, _about(row)) else "nothing of it is in doubt"


def shown(desk: Desk, launch: Launch, row: Delivery) -> dict[str, Any]:
    """What there is to say of it."""
    ledger, about = desk.world.ledger, _about(row)
    count = ledger.in_doubt.count(launch.id, row.item, about)
    total = sum(ledger.deliveries.counts(launch.id, row.item, about).values())
    purpose = "" if about == ANNOUNCEMENT else about
    return {
        "launch": f"{launch.release.title} {launch.release.version}",
        "status": launch.status,
        "title": launch.items[row.item].item.label,
        "purpose": purpose,
        "said": doubt(count, total, ledger.in_doubt.some(launch.id, row.item, NAMED, about)),
        "settle": way_to_settle(launch, row.item, purpose),
        "is_silent": is_silent(launch, purpose),
        "link": f"{desk.world.settings.public_url}/reach/{launch.id}",
    }


def _about(row: Delivery) -> str:
    """The purpose of the deliveries it is about."""
    found = read(row.purpose)
    return found.which if found else ""
