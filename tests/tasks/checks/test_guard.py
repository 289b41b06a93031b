"""Which addresses a check may reach."""

from __future__ import annotations

import socket
from threading import Event

import pytest

from tasks.checks.guard import Unusable, is_public, may_reach, networks, resolve
from tasks.checks.result import CheckFailed


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "223.255.255.254", "2606:4700::1111", "2a00::1"])
def test_public_addresses_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.254",
        "127.0.0.1",
        "127.1.2.3",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_every_other_address_is_refused(address: str) -> None:
    assert not is_public(address)
    assert not may_reach(address, networks(["172.20.0.0/16"]))


@pytest.mark.parametrize(
    ("address", "allowed"), [("127.0.0.1", "127.0.0.0/8"), ("10.1.2.3", "10.1.9.9/16"), ("fd00::1", "fd00::/8")]
)
def test_an_allowed_network_may_be_reached(address: str, allowed: str) -> None:
    assert may_reach(address, networks([allowed]))


def test_allowing_an_ipv4_network_does_not_allow_ipv6_addresses_that_hide_it() -> None:
    allowed = networks(["0.0.0.0/0"])
    assert not any(may_reach(hidden, allowed) for hidden in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"))


@pytest.mark.parametrize("written", ["localhost", "10.0.0.0/33", "", "*"])
def test_a_network_that_is_none_is_said(written: str) -> None:
    with pytest.raises(CheckFailed, match=r"allow-private-addresses: .* is not a network"):
        networks([written])


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0177.0.0.1", "0x7f000001", "127.1", "0", "::1"]
)
def test_however_loopback_is_spelled_it_is_refused(host: str) -> None:
    with pytest.raises(Unusable, match="which is not a public address"):
        resolve(host, 80, (), 10)


def test_only_the_allowed_addresses_of_a_name_are_used() -> None:
    assert resolve("localhost", 80, networks(["127.0.0.0/8"]), 10) == ("127.0.0.1",)


@pytest.mark.parametrize("host", ["no-such-name.invalid", "a" * 64, ".", "a..b"])
def test_a_name_that_leads_nowhere_is_said(host: str) -> None:
    with pytest.raises(Unusable, match="is not known"):
        resolve(host, 80, (), 10)


def test_a_resolver_that_hangs_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait(30) and [])
    with pytest.raises(Unusable, match="not resolved in time"):
        resolve("hangs.test", 80, (), 0.1)
    ended.set()
