"""Prefect's API as the rest of tminus needs it: one client a process, and its failures in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_KEY, PREFECT_API_URL

from checklists.errors import Unreachable

SHUT_OUT = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


class NotDeployed(Unreachable):
    """Prefect answers, but does not know our deployments yet."""


@cache
def client() -> SyncPrefectClient:
    """One connection pool a process; a client made for each call costs a TLS context each time.

    Raises Unreachable where no address of a Prefect server is set.
    """
    url = PREFECT_API_URL.value()
    if not url:
        raise Unreachable("no Prefect server is set; run `tminus up`, or set PREFECT_API_URL")
    made = SyncPrefectClient(url, api_key=PREFECT_API_KEY.value(), auth_string=PREFECT_API_AUTH_STRING.value())
    made.__enter__()
    return made


@contextmanager
def talking() -> Iterator[SyncPrefectClient]:
    """The client; what breaks on the way is raised as Unreachable, with the server's address."""
    try:
        yield client()
    except (httpx.TransportError, httpx.HTTPStatusError) as error:
        status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else 500
        if status < 500 and status not in SHUT_OUT:
            raise
        remedy = (
            "refuses us; set PREFECT_API_AUTH_STRING or PREFECT_API_KEY" if status in SHUT_OUT else "does not answer"
        )
        url = PREFECT_API_URL.value()
        raise Unreachable(f"the Prefect server at {url} {remedy} ({type(error).__name__})") from error


@cache
def deployment_id(name: str) -> UUID:
    """The id of one of our deployments (`gate/gate`). Raises NotDeployed with the remedy."""
    with talking() as api:
        try:
            return api.read_deployment_by_name(name).id
        except ObjectNotFound as error:
            raise NotDeployed(f"Prefect has no deployment {name}; run `tminus up` or `tminus deploy` first") from error


def forget() -> None:
    """Drop what was remembered of a server, so that another one can be talked to."""
    if client.cache_info().currsize:
        client().__exit__(None, None, None)
    client.cache_clear()
    deployment_id.cache_clear()
