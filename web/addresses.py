"""From which network address a request came."""

from __future__ import annotations

from ipaddress import ip_address

from fastapi import Request

from tasks.people.proxy import is_listed
from tasks.world import World

LONGEST = 64


def peer_of(request: Request) -> str:
    """The other end of the connection; no header has a say in it."""
    return request.client.host if request.client else ""


def address_of(world: World, request: Request) -> str:
    """Where somebody is: the other end of the connection, or the last address that a listed proxy names."""
    peer = peer_of(request)
    if not is_listed(world, peer):
        return peer[:LONGEST]
    said = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
    return (said if _is_address(said) else peer)[:LONGEST]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
