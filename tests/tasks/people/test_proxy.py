"""Who a proxy says it is: only a listed one is believed, and only where it says one thing."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.datastructures import Headers

from tasks.people.proxy import of_proxy
from tasks.world import World
from tests.checklists.launches import BEN
from tests.tasks.people.mailed import with_settings
from tests.tasks.worlds import Place

LISTED = (ip_network("10.0.0.7/32"), ip_network("192.168.4.0/24"), ip_network("fd00::/64"))


def headers(*values: str) -> Headers:
    return Headers(raw=[(b"x-forwarded-email", value.encode("latin-1")) for value in values])


def behind(at: Place) -> World:
    return with_settings(at.world, proxy_header="X-Forwarded-Email", proxy_addresses=LISTED)


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.168.4.200", "fd00::1", "::ffff:10.0.0.7"])
def test_a_listed_proxy_says_who_it_is(at: Place, peer: str) -> None:
    found = of_proxy(behind(at), peer, headers("Ben@Example.com "))
    assert found
    assert (found.email, found.roles, found.proof) == (BEN.email, BEN.roles, "proxy")


@pytest.mark.parametrize(
    "peer", ["10.0.0.8", "192.168.5.1", "127.0.0.1", "::1", "fd01::1", "", "proxy.example.com", "::ffff:10.0.0.8"]
)
def test_nobody_else_is_believed(at: Place, peer: str) -> None:
    assert of_proxy(behind(at), peer, headers("ben@example.com")) is None


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("",),
        ("ben@example.com", "ben@example.com"),
        ("eve@example.com", "ben@example.com"),
        ("eve@example.com, ben@example.com",),
        ("stranger@example.com",),
        ("ben@example.com\0",),
        ("Ben <ben@example.com>",),
        ("é",),
    ],
    ids=repr,
)
def test_no_name_two_names_and_strangers_are_nobody(at: Place, values: tuple[str, ...]) -> None:
    assert of_proxy(behind(at), "10.0.0.7", headers(*values)) is None


def test_without_the_setting_no_header_says_anything(at: Place) -> None:
    assert of_proxy(at.world, "127.0.0.1", headers("ben@example.com")) is None
    assert of_proxy(with_settings(at.world, proxy_addresses=LISTED), "10.0.0.7", headers("ben@example.com")) is None
