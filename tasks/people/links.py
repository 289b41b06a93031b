"""Personal links: opaque, bound to launch, item, round, person and content, for a while, for one use.

A link is base64url(id + mac). Both are made with the secret key, so nothing that was not made here is ever looked up.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import timedelta

from checklists.launch import ItemState, Launch
from checklists.people import Actor
from checklists.quorum import may_sign
from ledger.links import Link
from tasks.people.opaque import HALF, sealed, unsealed
from tasks.people.opaque import signed as signed
from tasks.world import World


def make_links(world: World, launch: Launch, item: str, people: Sequence[str]) -> tuple[Link, ...]:
    """Each person's link to the item as it is now, kept. Made twice, it is the same one; a new mailing renews it."""
    made = [_link(world, launch, launch.items[item], person.lower()) for person in dict.fromkeys(people)]
    world.ledger.links.keep(made)
    kept = {link.id: link for link in world.ledger.links.of(launch.id, item, launch.items[item].round)}
    return tuple(kept[link.id] for link in made)


def send_links(world: World, wanted: Iterable[tuple[Launch, str, str]]) -> dict[tuple[str, str, str], Link]:
    """The links that go out now, by launch, item and person, all kept in one go; they live on from today."""
    made = {(one.id, item, who): _link(world, one, one.items[item], who.lower()) for one, item, who in wanted}
    world.ledger.links.send(made.values())
    return made


def _link(world: World, launch: Launch, state: ItemState, person: str) -> Link:
    now, content = world.now(), launch.bound_content(state.key)
    return Link(
        id=_id(world, launch.id, state.key, state.round, person, content).hex(),
        launch_id=launch.id,
        item=state.key,
        round=state.round,
        person=person,
        content=content,
        mailing=state.mailing,
        asks_code=world.settings.link_code,
        created_at=now,
        expires_at=now + timedelta(days=world.settings.link_days),
    )


def address_of(world: World, link: Link) -> str:
    """Where the person finds the page."""
    return f"{world.settings.public_url}/sign/{token_of(world, link)}"


def token_of(world: World, link: Link) -> str:
    return sealed(world, "link", link.id)


def read_link(world: World, token: str) -> Link | None:
    """The link whose token this is, letter for letter; None for anything else."""
    id_ = unsealed(world, "link", token)
    link = world.ledger.links.find(id_) if id_ else None
    if link is None:
        return None
    bound = _id(world, link.launch_id, link.item, link.round, link.person, link.content)
    return link if hmac.compare_digest(bound.hex(), link.id) else None


def _id(world: World, launch_id: str, item: str, round_: int, person: str, content: str) -> bytes:
    return signed(world, "id", launch_id, item, round_, person, content)[:HALF]


def standing(world: World, link: Link, launch: Launch) -> str:
    """Why the link (or the code that came with it) opens nothing now, in words for its person; empty where it does."""
    state = launch.items.get(link.item)
    if state is None or launch.id != link.launch_id:
        return "this link leads to nothing that is here"
    return _over(link, launch, state) or _used(world, link, launch) or _not_asked(world, link, launch, state)


def _over(link: Link, launch: Launch, state: ItemState) -> str:
    if launch.is_over:
        return f"{launch.name} is {launch.status}; nothing can be signed any more"
    if state.has_ended:
        return f"{state.key} is {state.status} already, since {state.ended_at:%d %b %Y %H:%M} UTC"
    if link.round != state.round:
        return (
            f"round {link.round} of {state.key} is over; it is in round {state.round} now, for which you get a new mail"
        )
    if state.status == "waiting":
        return f"{state.key} waits for {', '.join(launch.blocked_by(state.key)) or 'its turn'}; use this again then"
    if link.content != launch.bound_content(state.key):
        return f"what {state.key} is about has changed since this was mailed; you get a new mail for what it is now"
    return ""


def _used(world: World, link: Link, launch: Launch) -> str:
    """A clock that was set back revives nothing: time goes on from the last entry."""
    now = max(filter(None, (world.now(), launch.updated_at)))
    if link.used_at is not None:
        return f"your link and code for {link.item} were used on {link.used_at:%d %b %Y %H:%M} UTC; they work once"
    if link.expires_at <= now:
        again = f"`tminus ask {launch.id} {link.item}`"
        return f"this expired on {link.expires_at:%d %b %Y %H:%M} UTC; {again} mails a new one"
    return ""


def _not_asked(world: World, link: Link, launch: Launch, state: ItemState) -> str:
    """Who has lost the role since the mail went out; `decide` has the last word on everybody else."""
    who = world.person(link.person)
    if not who.is_known:
        return "you are not a person of this organisation any more"
    if state.is_signable and state.lines and not may_sign(state.lines, _held(who)):
        return f"you do not hold a role any more that {state.key} asks for"
    return ""


def _held(who: Actor) -> frozenset[str]:
    """Their own roles, and those of the absent people they sign for."""
    return who.held.union(*(one.held for one in who.stands_for))


def mark_used(world: World, link: Link) -> None:
    """Note that it did its work; a try that was refused does not use it up."""
    world.ledger.links.use(link.id, world.now())
