"""The door of Gitea and Forgejo: any of the signatures they send, over the raw body."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from tasks.world import World
from tests.web.room import COMMIT, PrefectPeer, kept, serving

SECRET = "a-secret-of-giteas"


@pytest.fixture
def world(world: World) -> World:
    (world.settings.home / "gitea-secret").write_text(SECRET)
    return world


def body(tag: str = "v2.4.0", **said: Any) -> bytes:
    push = {"ref": f"refs/tags/{tag}", "before": "0" * 40, "after": "a" * 40, "head_commit": {"id": COMMIT}}
    about = {"repository": {"full_name": "Example-Org/tea"}, "sender": {"login": "gitea"}}
    return json.dumps({**push, **about, **said}).encode()


def signed(sent: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), sent, hashlib.sha256).hexdigest()


def deliver(client: httpx.Client, sent: bytes, **headers: str) -> httpx.Response:
    return client.post("/webhooks/gitea", content=sent, headers={"Content-Type": "application/json"} | headers)


@pytest.mark.parametrize(
    ("brand", "header", "prefix"),
    [
        ("Gitea", "X-Gitea-Signature", ""),
        ("Forgejo", "X-Forgejo-Signature", ""),
        ("Gitea", "X-Hub-Signature-256", "sha256="),
    ],
)
def test_a_tag_starts_a_launch(world: World, prefect: PrefectPeer, brand: str, header: str, prefix: str) -> None:
    said = {f"X-{brand}-Event": "push", f"X-{brand}-Delivery": "f6266f16", header: prefix + signed(body())}
    with serving(world) as client:
        answer = deliver(client, body(), **said)
    (receipt,), (event,) = kept(world), prefect.events
    assert (answer.status_code, answer.json()) == (202, {"launch": "tea-2.4.0"})
    assert (receipt.release_key, receipt.delivery_id) == ("gitea:example-org/tea:v2.4.0", "f6266f16")
    assert event["payload"]["request"]["commit"] == COMMIT


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Gitea-Signature": ""},
        {"X-Gitea-Signature": "sha256="},
        {"X-Gitea-Signature": signed(body(), "another")},
        {"X-Gitea-Signature": signed(body() + b" ")},
        {"X-Gogs-Signature": signed(body())},
        {"X-Hub-Signature": "sha1=" + signed(body())},
        {"X-Forgejo-Signature": signed(body()).upper()},
    ],
)
def test_a_bad_signature_is_refused_without_detail(client: httpx.Client, world: World, headers: dict[str, str]) -> None:
    answer = deliver(client, body(), **{"X-Gitea-Event": "push"}, **headers)
    assert (answer.status_code, answer.json(), kept(world)) == (401, {"detail": "Unauthorized"}, ())


def test_githubs_secret_opens_no_door_of_giteas(client: httpx.Client, world: World) -> None:
    github = world.settings.webhook_secret.get_secret_value()
    assert deliver(client, body(), **{"X-Gitea-Event": "push", "X-Gitea-Signature": signed(body(), github)}).is_error


def test_events_about_no_tag_leave_nothing(client: httpx.Client, world: World) -> None:
    sent = body(ref="refs/heads/main")
    answer = deliver(client, sent, **{"X-Gitea-Event": "push", "X-Gitea-Signature": signed(sent)})
    assert (answer.status_code, kept(world)) == (204, ())
