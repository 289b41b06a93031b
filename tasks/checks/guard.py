"""Where a request may go: only to public addresses, and to the networks the organisation allows."""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from threading import Thread

from tasks.checks.result import CheckFailed

Network = IPv4Network | IPv6Network

PUBLIC_IPV6 = IPv6Network("2000::/3")
"""IANA's global unicast space: leaves out ::ffff:0:0/96 and 64:ff9b::/96, which hide IPv4 addresses."""

NEVER_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "100.64.0.0/10",
        "168.63.129.16/32",  # public by its number, but each Azure machine's own platform service
        "169.254.0.0/16",
        "192.88.99.0/24",
        "224.0.0.0/3",
        "2001::/23",
        "2002::/16",  # 6to4: hides an IPv4 address
    )
)
ADDRESSES = 4


class Unusable(CheckFailed):
    """An address no check can use; what it says ends a sentence that begins with the address."""


def networks(written: Iterable[str]) -> tuple[Network, ...]:
    """The networks of the organisation's `allow-private-addresses`."""
    return tuple(_network(text) for text in written)


def _network(written: str) -> Network:
    try:
        return ip_network(written, strict=False)
    except ValueError as problem:
        raise CheckFailed(
            f"allow-private-addresses: {written!r} is not a network; write it like 10.1.0.0/16 or fd00::/8"
        ) from problem


def is_public(address: str) -> bool:
    """Whether an IP address is global unicast. Not `is_global` alone: what that means moves with Python's version."""
    ip = ip_address(address)
    inside = isinstance(ip, IPv4Address) or ip in PUBLIC_IPV6
    return inside and ip.is_global and not any(ip in network for network in NEVER_PUBLIC)


def may_reach(address: str, allowed: Iterable[Network]) -> bool:
    return is_public(address) or any(ip_address(address) in network for network in allowed)


def resolve(host: str, port: int, allowed: Iterable[Network], seconds: float) -> tuple[str, ...]:
    """The IP addresses of a host that may be connected to; never empty."""
    found = tuple(dict.fromkeys(_addresses(host, port, seconds)))
    good = tuple(address for address in found if may_reach(address, allowed))
    if not good:
        raise Unusable(
            f"{host} is {', '.join(found[:ADDRESSES])}, which is not a public address;"
            " allow it in the organisation's allow-private-addresses, or name another"
        )
    return good[:ADDRESSES]


def _addresses(host: str, port: int, seconds: float) -> list[str]:
    """Asks in a thread of its own: the system's resolver has no time limit that could be set."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    Thread(target=lambda: answers.put(_ask_resolver(host, port)), daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise Unusable(f"the name {host} was not resolved in time; try again later") from None
    if isinstance(answer, Exception):
        raise Unusable(f"the name {host} is not known; correct it") from answer
    return answer


def _ask_resolver(host: str, port: int) -> list[str] | Exception:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, ValueError) as problem:
        return problem
