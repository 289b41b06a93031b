"""Who somebody is, as their door has made sure of it."""

from __future__ import annotations

import getpass
import socket
from dataclasses import replace

from checklists.errors import LaunchError
from checklists.people import Actor
from ledger.links import Link
from tasks.people.proxy import of_proxy
from tasks.people.tokens import Scope, read_token
from tasks.world import World

__all__ = ["NotProven", "in_terminal", "of_code", "of_link", "of_proxy", "stranger", "terminal"]


class NotProven(LaunchError):
    """Somebody at a terminal is not who they say, or cannot show it; the sentence says what they need."""


def of_link(world: World, link: Link) -> Actor:
    """Whoever holds the link; where it asks for the code, this is who they are once that was right."""
    return replace(world.person(link.person), proof="code" if link.asks_code else "link")


def of_code(world: World, link: Link) -> Actor:
    """Whoever typed the code that came with this link."""
    return replace(world.person(link.person), proof="code")


def in_terminal(world: World, as_: str | None, needs: Scope = "sign") -> Actor:
    """Who gives a command. Raises NotProven.

    Where identity is asserted, that is the name given with `--as`, or else this machine's login. Where it is verified,
    it is the person of the token in TMINUS_TOKEN, if that opens what the command needs.
    """
    if world.settings.identity == "asserted":
        return world.person(as_ or getpass.getuser())
    who, scopes = _by_token(world)
    if as_ and as_.strip().lower() != who.email:
        raise NotProven(f"the token in TMINUS_TOKEN is {who.email}'s; nobody acts as {as_} with it")
    if needs not in scopes:
        raise NotProven(f"the token in TMINUS_TOKEN does not open this; it takes one made with `--scope {needs}`")
    return who


def _by_token(world: World) -> tuple[Actor, frozenset[str]]:
    given = world.settings.token
    if given is None:
        raise NotProven(
            "people are verified here (TMINUS_IDENTITY), and a name alone is not enough; "
            "set TMINUS_TOKEN to a token of yours: `tminus token create --as EMAIL` makes one"
        )
    found = read_token(world, given.get_secret_value())
    if found is None:
        raise NotProven("the token in TMINUS_TOKEN is none, or has ended; `tminus token create --as EMAIL` makes one")
    return found


def stranger() -> Actor:
    """Whoever sits at the terminal, as the machine knows them, which proves nothing."""
    return Actor(getpass.getuser(), proof="command")


def terminal() -> str:
    """Where a command comes from, for the record: login and machine."""
    return f"{getpass.getuser()}@{socket.gethostname()}"[:64]
