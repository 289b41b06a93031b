"""The door for any program: Standard Webhooks, with their time, and several keys while one replaces another."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from tasks.standard_secret import new_secret
from tasks.world import World
from tests.web.room import PrefectPeer, kept, make_world, serving

OLD, NEW, STRANGE = (new_secret() for _ in range(3))
ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "home", release_secret=SecretStr(f"{NEW}, {OLD}"))


def body(**said: Any) -> bytes:
    return json.dumps({"product": "acme", "version": "2.4.0", "commit": "9f2c" * 10, **said}).encode()


def headers(sent: bytes, secret: str = NEW, *, age: float = 0) -> dict[str, str]:
    """What a program sends with it; `age` is how old it says it is, in seconds."""
    at = int(time.time() - age)
    signature = Webhook(secret).sign(ID, datetime.fromtimestamp(at, UTC), sent.decode("latin-1"))
    said = {"webhook-id": ID, "webhook-timestamp": str(at), "webhook-signature": signature}
    return {**said, "Content-Type": "application/json"}


def deliver(client: httpx.Client, sent: bytes, said: dict[str, str] | None = None) -> httpx.Response:
    return client.post("/webhooks/release", content=sent, headers=said or headers(sent))


def test_a_release_is_kept_answered_and_then_told_to_prefect(world: World, prefect: PrefectPeer) -> None:
    sent = body(requested_by="ben@example.com", notes="Faster")
    with serving(world) as client:
        answer = deliver(client, sent)
    (receipt,), (event,) = kept(world), prefect.events
    assert (answer.status_code, answer.json()) == (202, {"launch": "acme-2.4.0"})
    assert (receipt.release_key, receipt.source, receipt.delivery_id) == ("release:acme:2.4.0", "release", ID)
    asked = event["payload"]["request"]
    assert (asked["tag"], asked["notes"], asked["requested_by"]) == ("v2.4.0", "Faster", "release:ben@example.com")


@pytest.mark.parametrize("secret", [OLD, NEW, NEW.removeprefix("whsec_")], ids=["old", "new", "bare"])
def test_the_old_key_is_as_good_as_the_new_one_while_both_are_named(client: httpx.Client, secret: str) -> None:
    assert deliver(client, body(), headers(body(), secret)).status_code == 202


def test_one_of_several_signatures_is_enough(client: httpx.Client) -> None:
    said = headers(body(), STRANGE)
    good = headers(body(), NEW)["webhook-signature"]
    assert deliver(
        client, body(), said | {"webhook-signature": f"v1a,eA== {said['webhook-signature']} {good}"}
    ).is_success


def test_once_the_old_key_is_taken_out_it_opens_nothing(tmp_path: Path, prefect: PrefectPeer) -> None:
    world = make_world(tmp_path / "home", release_secret=SecretStr(NEW))
    with serving(world) as client:
        assert deliver(client, body(), headers(body(), OLD)).status_code == 401
        assert deliver(client, body(), headers(body(), NEW)).status_code == 202


@pytest.mark.parametrize(("age", "status"), [(290, 202), (-290, 202), (310, 401), (-310, 401), (86_400 * 365, 401)])
def test_a_clock_may_be_wrong_by_five_minutes_and_no_more(
    client: httpx.Client, world: World, age: float, status: int
) -> None:
    assert deliver(client, body(), headers(body(), age=age)).status_code == status
    assert len(kept(world)) == (status == 202)


def test_a_replay_is_one_release(world: World, prefect: PrefectPeer) -> None:
    said = headers(body())
    with serving(world) as client:
        assert {deliver(client, body(), said).status_code for _ in range(10)} == {202}
    (receipt,) = kept(world)
    assert (receipt.deliveries, len(prefect.events)) == (10, 1)


def test_a_replay_under_another_name_or_time_is_refused(client: httpx.Client, world: World) -> None:
    said = headers(body())
    for changed in ({"webhook-id": "msg_other"}, {"webhook-timestamp": str(int(said["webhook-timestamp"]) + 1)}):
        assert deliver(client, body(), said | changed).status_code == 401
    assert deliver(client, body(version="2.4.1"), said).status_code == 401
    assert kept(world) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,not base64 at all!"},
        {"webhook-signature": "v1,AAAA,BBBB"},
        {"webhook-signature": "v2," + "A" * 44},
        {"webhook-signature": "v1," + b64encode(b"\x00" * 32).decode()},
        {"webhook-signature": "v1,é".encode().decode("latin-1")},
        {"webhook-id": ""},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "yesterday"},
    ],
    ids=repr,
)
def test_a_bad_signature_is_refused_without_detail(client: httpx.Client, world: World, changed: dict[str, str]) -> None:
    said = {name: value.encode("latin-1") for name, value in (headers(body()) | changed).items()}
    answer = client.post("/webhooks/release", content=body(), headers=said)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json(), kept(world)) == (401, {"detail": "Unauthorized"}, ())


def test_without_any_headers_nothing_is_read(client: httpx.Client) -> None:
    assert client.post("/webhooks/release", content=b"[" * 1_000_000).status_code == 401
    assert client.post("/webhooks/release", content=b"\xff\xfe").status_code == 401


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (body(), "text/plain", 415),
        (body(), "application/x-www-form-urlencoded", 415),
        (b"[" * 900_000, "application/json", 400),
        (b'{"a":' * 200_000, "application/json", 400),
        (b'{"version": ' + b"9" * 900_000 + b"}", "application/json", 400),
        (b"", "application/json", 400),
        (b"{}", "application/json", 400),
        (body(checklist="hotfix"), "application/json", 400),
        (body(version=2.4), "application/json", 400),
        (b" " * 25_000_000, "application/json", 413),
    ],
    ids=range(10),
)
def test_bad_input_is_refused_with_a_short_reason(
    client: httpx.Client, world: World, sent: bytes, kind: str, status: int
) -> None:
    answer = deliver(client, sent, headers(sent) | {"Content-Type": kind})
    assert answer.status_code == status
    assert 0 < len(answer.json()["detail"]) < 350
    assert kept(world) == ()


def test_a_release_nobody_knows_is_an_error_that_a_build_shows(world: World, prefect: PrefectPeer) -> None:
    with serving(world) as client:
        answer = deliver(client, body(product="absent"))
    assert (answer.status_code, "called absent" in answer.json()["detail"]) == (422, True)
    (receipt,) = kept(world)
    assert (receipt.state, prefect.events) == ("ignored", [])


def test_a_version_that_the_product_ignores_is_no_error(world: World, prefect: PrefectPeer) -> None:
    with serving(world) as client:
        answer = deliver(client, body(version="2.4.0-rc.1"))
    assert (answer.status_code, prefect.events) == (202, [])
    assert "starts nothing for a pre-release" in answer.json()["ignored"]
