from __future__ import annotations

from ipaddress import ip_network

import pytest
from fastapi import Request

from tests.tasks.people.mailed import with_settings
from tests.web.signing.scene import Scene
from web.addresses import address_of, peer_of

LISTED = (ip_network("10.0.0.0/8"),)


def request(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", said.encode()) for said in forwarded]
    return Request({"type": "http", "headers": headers, "client": (peer, 50_000) if peer else None})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", (), "192.0.2.7"),
        ("192.0.2.7", ("203.0.113.9",), "192.0.2.7"),
        ("10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("198.51.100.1, 203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("198.51.100.1", "203.0.113.9"), "203.0.113.9"),
        ("10.0.0.1", ("2001:db8::1",), "2001:db8::1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("<script>",), "10.0.0.1"),
        ("", (), ""),
    ],
)
def test_only_a_listed_proxy_says_where_somebody_is(
    here: Scene, peer: str, forwarded: tuple[str, ...], address: str
) -> None:
    world = with_settings(here.world, proxy_addresses=LISTED)
    asked = request(peer, *forwarded)
    assert (peer_of(asked), address_of(world, asked)) == (peer, address)
