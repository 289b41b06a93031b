"""The header in which a trusted proxy says who has signed in with it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Protocol

from checklists.people import Actor
from tasks.people.known import known
from tasks.world import World


class Headers(Protocol):
    """The headers of a request; names in any letter case."""

    def getlist(self, key: str) -> list[str]:
        """Every value of this header."""


def of_proxy(world: World, peer: str, headers: Headers) -> Actor | None:
    """Who a listed proxy says it is; None where another one says so, where it says two things, and for strangers.

    `peer` is the address at the other end of the connection, never one that a header names.
    """
    name = world.settings.proxy_header
    if not name or not is_listed(world, peer):
        return None
    values = headers.getlist(name)
    return known(world, values[0], "proxy") if len(values) == 1 else None


def is_listed(world: World, peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in world.settings.proxy_addresses)
