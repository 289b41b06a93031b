"""What is one's own machine: the only place where a name that somebody types may be trusted."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from checklists.errors import LaunchError


class NotHere(LaunchError):
    """Names that somebody types would be trusted where others can type them."""


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


def check_trust(identity: Literal["asserted", "verified"], what: str, url: str) -> None:
    """Raises NotHere where names are trusted and others reach this address; an empty one leads nowhere."""
    if identity == "asserted" and url and not is_here(url):
        raise NotHere(
            f"{what} at {url} can be reached by others, and the names people type are trusted "
            "(TMINUS_IDENTITY=asserted); set TMINUS_IDENTITY=verified, or use 127.0.0.1"
        )
