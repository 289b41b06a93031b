"""Somebody who is subscribed, what they were sent, and what their mails hold."""

from __future__ import annotations

from urllib.parse import urlsplit

from ledger.batches import Of
from ledger.planning import Recipient
from ledger.roster_steps import Meant, Required
from ledger.subscribers import Subscriber
from tasks.audiences.settling import meant
from tasks.world import World
from web.letters import Letter, newest

ADDRESS = "Ada@example.com"
ORGANISATION = """
organisation: Example & Sons
people:
  ben@example.com: {name: Ben, roles: [support]}
products:
  acme: {title: Acme}
  sdk: {title: "Acme <SDK>"}
topics:
  roadmap-sso: {title: Single sign-on, about: Tell me when it ships}
  beta-programme: {title: Beta programme, offered: false}
audiences:
  customers: {topics: [acme, sdk], external: true}
  all: {rule: {domain: example.com}, external: true}
  support: {roles: [support]}
"""
LAUNCH, ITEM = "acme-2.4.0", "tell"


def person(world: World, address: str = ADDRESS) -> Subscriber:
    found = world.ledger.subscribers.find(address)
    assert found is not None
    return found


def sent(world: World, audience: str = "customers", address: str = ADDRESS) -> str:
    """The delivery of an announcement to this audience."""
    settled: Meant = meant(world.organisation, audience, world.organisation.audiences[audience], "acme")
    world.ledger.rosters.freeze(LAUNCH, ITEM, 1, settled, world.now())
    world.ledger.planning.plan(Of(LAUNCH, ITEM, "email", "announcement"), 1, [Recipient(address)], world.now())
    (delivery,) = world.ledger.deliveries.of(LAUNCH)
    return delivery.id


def required(address: str) -> Required:
    return Required(address)


def path_of(address: str) -> str:
    """Where a link leads in the web room."""
    return urlsplit(address).path


def letters(world: World) -> list[Letter]:
    return list(newest(world.settings.outbox, 100)[0])
