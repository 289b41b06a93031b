"""GitLab's door: its token first, compared as a whole, and then the same as for every host."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tasks.world import World
from tests.web.room import COMMIT, PrefectPeer, kept, serving

TOKEN = "a-token-of-gitlabs"


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    (world.settings.home / "gitlab-secret").write_text(TOKEN)
    return world


def body(name: str = "v2.4.0", **said: Any) -> bytes:
    push = {"ref": f"refs/tags/{name}", "after": COMMIT, "checkout_sha": COMMIT, "user_username": "jsmith"}
    return json.dumps({**push, "project": {"path_with_namespace": "example-group/team/lab"}, **said}).encode()


def deliver(client: httpx.Client, sent: bytes, event: str = "Tag Push Hook", **more: str) -> httpx.Response:
    said = {
        "X-Gitlab-Event": event,
        "X-Gitlab-Token": TOKEN,
        "X-Gitlab-Event-UUID": "13792a34-cac6-4fda-95a8-c58e00a3954e",
        "Content-Type": "application/json",
    }
    return client.post("/webhooks/gitlab", content=sent, headers=said | more)


def test_a_tag_is_kept_answered_and_then_told_to_prefect(world: World, prefect: PrefectPeer) -> None:
    with serving(world) as client:
        answer = deliver(client, body())
    (receipt,), (event,) = kept(world), prefect.events
    assert (answer.status_code, answer.json()) == (202, {"launch": "lab-2.4.0"})
    assert (receipt.release_key, receipt.source) == ("gitlab:example-group/team/lab:v2.4.0", "gitlab")
    assert receipt.delivery_id == "13792a34-cac6-4fda-95a8-c58e00a3954e"
    assert event["payload"]["request"]["commit"] == COMMIT


def test_tag_and_release_are_one_receipt_and_one_event(world: World, prefect: PrefectPeer) -> None:
    release = {"tag": "v2.4.0", "action": "create", "description": "Faster", "url": "https://gitlab.com/x"}
    with serving(world) as client:
        assert [deliver(client, body()).status_code for _ in range(3)] == [202] * 3
        assert deliver(client, body(**release), "Release Hook").status_code == 202
    (receipt,) = kept(world)
    assert (receipt.deliveries, receipt.payload["notes"], len(prefect.events)) == (4, "Faster", 1)


@pytest.mark.parametrize("token", [None, "", TOKEN[:-1], TOKEN + " x", TOKEN.upper(), "\xe9", "Bearer " + TOKEN])
def test_a_bad_token_is_refused_without_detail(client: httpx.Client, world: World, token: str | None) -> None:
    said: dict[str, str | bytes] = {"X-Gitlab-Event": "Tag Push Hook", "Content-Type": "application/json"}
    if token is not None:
        said["X-Gitlab-Token"] = token.encode("latin-1")
    answer = client.post("/webhooks/gitlab", content=b"[" * 100_000, headers=said)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json(), kept(world)) == (401, {"detail": "Unauthorized"}, ())


def test_another_hosts_repository_is_not_gitlabs_to_speak_for(client: httpx.Client, world: World) -> None:
    answer = deliver(client, body(project={"path_with_namespace": "Codertocat/Hello-World"}))
    assert answer.status_code == 202
    assert "correct `host` in the organisation file" in answer.json()["ignored"]
    assert [receipt.state for receipt in kept(world)] == ["ignored"]


def test_without_a_setting_the_token_is_made_in_home(client: httpx.Client, world: World) -> None:
    assert world.settings.gitlab_secret is None
    assert world.settings.gitlab_webhook_secret.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (body(), "text/plain", 415),
        (body(), "application/x-www-form-urlencoded", 415),
        (b"[" * 500_000, "application/json", 400),
        (b'{"project": "\xff"}', "application/json", 400),
        (b"x" * 25_000_000, "application/json", 413),
        (body(project={"path_with_namespace": "http://169.254.169.254/latest"}), "application/json", 400),
        (body("x" * 250), "application/json", 202),
        (body("-rf"), "application/json", 202),
        (body("größe/v1"), "application/json", 202),
    ],
    ids=range(9),
)
def test_bad_input_is_refused_or_kept_and_starts_nothing(
    world: World, prefect: PrefectPeer, sent: bytes, kind: str, status: int
) -> None:
    with serving(world) as client:
        answer = deliver(client, sent, **{"Content-Type": kind})
    assert answer.status_code == status
    assert [receipt.state for receipt in kept(world)] == (["ignored"] if status == 202 else [])
    assert prefect.events == []
