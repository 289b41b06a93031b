"""What counts as one's own machine."""

from __future__ import annotations

from typing import Literal

import pytest

from tasks.loopback import NotHere, check_trust, is_here, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_ones_own_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "", "localhost.example.com", "127.1"])
def test_everything_else_is_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("url", ["http://127.0.0.1:4280", "https://localhost/x", "http://[::1]:4200/api"])
def test_an_address_on_loopback_is_here(url: str) -> None:
    assert is_here(url)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://", "http://[::1", "https://launches.example.com", "http://127.0.0.1@example.com/"]
)
def test_an_address_elsewhere_is_not(url: str) -> None:
    assert not is_here(url)


@pytest.mark.parametrize(
    ("identity", "url"),
    [("asserted", ""), ("asserted", "http://127.0.0.1:4200/api"), ("verified", "https://prefect.example.com/api")],
)
def test_names_are_trusted_here_only(identity: Literal["asserted", "verified"], url: str) -> None:
    check_trust(identity, "the Prefect server", url)


def test_names_that_others_could_type_are_not_trusted() -> None:
    with pytest.raises(NotHere, match=r"^the Prefect server at https://p.example.com/api can be .*IDENTITY=verified"):
        check_trust("asserted", "the Prefect server", "https://p.example.com/api")
