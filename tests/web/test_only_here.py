"""Where the names people type are trusted, nobody but this machine is answered."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.web.room import PrefectPeer, make_world, serving
from web.only_here import is_from_here

ELSEWHERE = ["launches.example.com", "launches.example.com:4280", "192.0.2.1", "127.0.0.1.example.com", "", "[::1"]
HERE = ["127.0.0.1", "127.0.0.1:4280", "localhost:80", "[::1]:4280"]


def scope(server: tuple[str, int | None] | None, host: str | None = None, path: str = "/outbox") -> dict[str, object]:
    headers = [] if host is None else [(b"host", host.encode())]
    return {"type": "http", "path": path, "server": server, "headers": headers}


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_page_elsewhere_that_points_a_name_here_gets_nothing(client: httpx.Client, host: str) -> None:
    for path in ("/outbox", "/sign/x", "/api/launches", "/"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code in (400, 403)
        assert "The outbox" not in answer.text


@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/outbox", headers={"Host": host}).status_code == 200


def test_signed_webhooks_and_health_may_come_through_a_tunnel(client: httpx.Client) -> None:
    there = {"Host": "tunnel.example.com"}
    assert client.get("/healthz", headers=there).status_code == 200
    assert client.post("/webhooks/github", headers=there).status_code == 401


def test_the_refusal_says_what_to_do(client: httpx.Client) -> None:
    answer = client.get("/outbox", headers={"Host": "launches.example.com"})
    assert "Set TMINUS_IDENTITY=verified" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_where_people_are_verified_everybody_is_answered(tmp_path: Path, prefect: PrefectPeer) -> None:
    with serving(make_world(tmp_path / "home", identity="verified")) as client:
        assert client.get("/outbox", headers={"Host": "launches.example.com"}).status_code == 404
        assert client.get("/healthz", headers={"Host": "launches.example.com"}).status_code == 200


@pytest.mark.parametrize("path", ["/outbox", "/webhooks/github", "/healthz"])
@pytest.mark.parametrize("server", [("192.0.2.1", 4280), ("0.0.0.0", 4280), ("fd00::1", 4280)])
def test_what_came_to_an_address_of_others_is_not_from_here(server: tuple[str, int], path: str) -> None:
    assert not is_from_here(scope(server, "127.0.0.1", path))


@pytest.mark.parametrize("server", [("127.0.0.1", 4280), ("::1", 4280), ("/run/tminus.sock", None), None])
def test_what_came_to_loopback_or_a_socket_file_is(server: tuple[str, int | None] | None) -> None:
    assert is_from_here(scope(server, "localhost"))
    assert is_from_here(scope(server))
    assert not is_from_here(scope(server, "launches.example.com"))
