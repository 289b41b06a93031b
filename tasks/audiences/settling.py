"""Who hears an announcement: counted while people look at it, settled when it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from checklists.audience import Audience
from checklists.audiences import audience_of, is_in_both, known_to
from checklists.errors import LaunchError
from checklists.items import Announce, Announcement, binding
from checklists.launch import Launch
from checklists.organisation import Organisation
from checklists.selection import Selection
from ledger.roster_steps import Meant, Required
from ledger.rosters import Freeze
from tasks.announcements.announcement import notes_for
from tasks.world import World
from templates import entry

URGENT = {"action", "security"}
"""What waits for no digest: somebody has to do something, or is at risk."""


def settle(world: World, launch: Launch, key: str) -> Freeze:
    """Settle who hears this announcement in its present round, once; asked again it is what was settled.

    Raises LaunchError where it is no announcement, or its audience is gone.
    """
    who, now = meant_by(world, launch, key), world.now()
    gates = (state for state in launch.items.values() if (bound := binding(state.item)) and bound.item == key)
    approved = max((state.ended_at for state in gates if state.ended_at), default=None)
    return world.ledger.rosters.freeze(launch.id, key, launch.items[key].round, who, now, approved)


def settle_approved(world: World, launch: Launch) -> None:
    """Settle every announcement whose content a gate has approved, and which waits for its hour or for others."""
    approved = (binding(gate.item).item for gate in launch.items.values() if gate.status == "passed")
    for key in dict.fromkeys(item for item in approved if item is not None and not launch.is_over):
        state = launch.items[key]
        if state.status == "waiting" and isinstance(state.item, Announce) and _is_known(world, launch, state.item):
            settle(world, launch, key)


def _is_known(world: World, launch: Launch, item: Announce) -> bool:
    """Whether it can be said whom it is for; the announcement itself fails, with the reason, where it cannot."""
    name, known = item.announce.audience, world.organisation
    return name in known_to(known, launch.checklist) and not is_in_both(name, known, launch.checklist)


def settled(world: World, launch: Launch, key: str) -> Freeze | None:
    """What was settled for its present round; None where nothing is yet."""
    return world.ledger.rosters.freeze_of(launch.id, key, launch.items[key].round)


def counted(world: World, launch: Launch, key: str) -> Mapping[str, int]:
    """How many would hear it now (`""`), and how many would not, by reason."""
    return world.ledger.rosters.counted(meant_by(world, launch, key), world.now())


def meant_by(world: World, launch: Launch, key: str) -> Meant:
    """Whom this announcement is meant for now. Raises LaunchError where it is none, or its audience is gone."""
    item = launch.items[key].item
    if not isinstance(item, Announce):
        raise LaunchError(f"{launch.id}: {key} is no announcement; only those have an audience")
    name = item.announce.audience
    audience = audience_of(name, world.organisation, launch.checklist)
    types = item.announce.types or entry.types(notes_for(launch, audience))
    made = meant(world.organisation, name, audience, launch.release.product, types)
    about = all_about(audience, launch.release.product, item.announce.topics)
    is_gathered = may_wait(world.organisation, item.announce) and name in world.organisation.audiences
    urgent = made.selection.urgent or not is_gathered
    return replace(made, selection=made.selection.model_copy(update={"about": about, "urgent": urgent}))


def all_about(audience: Audience, product: str, topics: tuple[str, ...]) -> tuple[str, ...]:
    """What people may have given up of a message: its audience's topics, its own, and its product."""
    return tuple(dict.fromkeys((*audience.topics_of(product), *topics, product)))


def may_wait(organisation: Organisation, about: Announcement) -> bool:
    """Whether a digest can tell of it later: it gathers what stands on the change channel, and nothing urgent."""
    kinds = {organisation.channels[name].kind for name in about.channels if name in organisation.channels}
    return "feed" in kinds and not about.urgent


def meant(
    organisation: Organisation, name: str, audience: Audience, product: str, types: tuple[str, ...] = ()
) -> Meant:
    """Everybody who is in this audience where the product is launched."""
    topics = audience.topics_of(product)
    return Meant(
        audience=name,
        words=_exactly(audience, topics, types),
        roles=tuple(_of_roles(organisation, audience)),
        addresses=audience.addresses,
        selection=Selection(rule=audience.rule, topics=topics, types=types, urgent=bool(URGENT & set(types))),
    )


def _exactly(audience: Audience, topics: tuple[str, ...], types: tuple[str, ...]) -> str:
    """Who is meant, in words that change whenever that does; a long list of addresses by its hash."""
    addresses = sha256(" ".join(sorted(audience.addresses)).encode()).hexdigest()[:16]
    about = [f"about {', '.join(topics)}"] if topics else []
    kinds = [f"bringing {', '.join(types)}"] if types else []
    listed = [f"[sha256 {addresses}]"] if audience.addresses else []
    return "; ".join((*words_of(audience), *listed, *about, *kinds))


def words_of(audience: Audience) -> tuple[str, ...]:
    """Who is meant, whoever that is today, each way of being meant by itself."""
    by_role = f"everybody with the role {' or '.join(audience.roles)}" if audience.roles else ""
    count = len(audience.addresses)
    by_address = f"{count} address{'' if count == 1 else 'es'}" if count else ""
    return tuple(words for words in (by_role, by_address, audience.subscribers) if words)


def _of_roles(organisation: Organisation, audience: Audience) -> list[Required]:
    wanted = set(audience.roles)
    return [
        Required(address, person.name, person.timezone or "")
        for address, person in organisation.people.items()
        if wanted & set(person.roles)
    ]
