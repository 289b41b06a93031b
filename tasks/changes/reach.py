"""Which hosts git may be sent to: public ones, and those in the networks that the organisation allows."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from checklists.git_name import REMOTE, is_folder
from tasks.changes.git import GitFailed
from tasks.checks.guard import Unusable, networks, resolve
from tasks.checks.result import CheckFailed

PORTS = {"https": 443, "ssh": 22}


def pinned(address: str, allowed: Iterable[str], seconds: float) -> dict[str, str]:
    """The settings that hold git to the addresses that were looked at. Raises GitFailed for a host of the house.

    A name that nobody knows is left to ssh, which has names of its own (`Host` in its settings), or to the proxy that
    is the way out. Else it would be git that asks again, and may be told of a host of the house.
    """
    found = host_of(address)
    if found is None:
        return {}
    scheme, host, port = found
    try:
        reachable = resolve(host, port, networks(allowed), seconds)
    except Unusable as error:
        if "not a public address" in str(error):
            raise GitFailed(str(error)) from error
        if scheme == "https" and not _is_by_proxy(host):
            raise GitFailed(f"{error}, or set https_proxy where only a proxy knows it") from error
        return {}
    except CheckFailed as error:
        raise GitFailed(str(error)) from error
    return {"http.curloptResolve": f"{host}:{port}:{','.join(map(_bracketed, reachable))}"} if scheme == "https" else {}


def _is_by_proxy(host: str) -> bool:
    """Whether the environment that git gets sends it to a proxy, which looks names up by itself."""
    proxies = getproxies_environment()
    return bool(proxies.keys() & {"https", "all"}) and not proxy_bypass(host)


def _bracketed(ip: str) -> str:
    return f"[{ip}]" if ":" in ip else ip


def host_of(address: str) -> tuple[str, str, int] | None:
    """Protocol, host and port of an address; None for a folder."""
    if is_folder(address) or address.startswith("file:"):
        return None
    if REMOTE.match(address):
        return "ssh", address.partition(":")[0].rpartition("@")[2], PORTS["ssh"]
    url = urlsplit(address)
    return url.scheme, url.hostname or "", url.port or PORTS.get(url.scheme, 443)
