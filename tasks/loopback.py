"""What is one's own machine: the only place where a name that somebody types may be trusted."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that host; any name but `localhost` may lead anywhere."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_here(url: str) -> bool:
    """The same for the host of an address."""
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False
