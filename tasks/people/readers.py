"""Personal links to the change channel: who reads with one, and which audiences they belong to at that moment."""

from __future__ import annotations

from collections.abc import Sequence

from checklists.selection import Selection, is_meant
from checklists.subscriber import Subscriber
from ledger.publication_search import Belongs
from ledger.readers import Reader
from tasks.people.opaque import HALF, sealed, signed, unsealed
from tasks.world import World

USE = "reader"


def reader_address(world: World, person: str) -> str:
    """Where this person reads what is for them alone; the same each time, until it is revoked."""
    return f"{world.settings.public_url}/changes/of/{reader_token(world, person)}"


def reader_token(world: World, person: str) -> str:
    """Their token, made where there is none."""
    person = person.strip().lower()
    made = world.ledger.readers.of(person)
    standing = _standing(made)
    if standing is None:
        id_ = signed(world, "reader id", person, len(made))[:HALF].hex()
        standing = Reader(id_, person, world.now())
        world.ledger.readers.keep(standing)
    return sealed(world, USE, standing.id)


def standing_token(world: World, person: str) -> str:
    """Their token; empty where none was made yet, or the last one was revoked."""
    standing = _standing(world.ledger.readers.of(person.strip().lower()))
    return sealed(world, USE, standing.id) if standing else ""


def _standing(made: Sequence[Reader]) -> Reader | None:
    return next((one for one in made if one.revoked_at is None), None)


def read_reader(world: World, token: str) -> Reader | None:
    """The reader whose token this is; None for anything else, and for one that was revoked."""
    id_ = unsealed(world, USE, token)
    found = world.ledger.readers.find(id_) if id_ else None
    return found if found and found.revoked_at is None else None


def is_somebody(world: World, person: str) -> bool:
    """Whether anybody here has this address."""
    known = world.organisation
    named = person in known.people or any(person in one.addresses for one in known.audiences.values())
    return named or world.ledger.subscribers.find(person) is not None


def belongs_to(world: World, person: str, who: Subscriber | None = None) -> Belongs:
    """The audiences that this person belongs to now, each with the product for which they do."""
    who = who or world.ledger.subscribers.find(person)
    names = world.organisation.audiences
    return frozenset((name, product) for name in names for product in _products(world, name, person, who))


def _products(world: World, audience: str, person: str, who: Subscriber | None) -> tuple[str, ...]:
    """Those whose announcements to the audience are for them: by role and address all, by rule as it says."""
    one, known = world.organisation.audiences[audience], world.organisation.people.get(person)
    products = tuple(world.organisation.products)
    if person in one.addresses or (known and set(one.roles) & set(known.roles)):
        return products
    if who is None or who.state != "confirmed":
        return ()
    return tuple(key for key in products if is_meant(Selection(rule=one.rule, topics=one.topics_of(key)), who))
