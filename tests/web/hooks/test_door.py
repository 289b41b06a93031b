"""What all doors have in common: what cannot be kept is not promised, and what became of a release is followed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from checklists.request import LaunchRequest
from ledger.store import Ledger
from tasks.act import begin
from tasks.boards.memory_board import MemoryBoard
from tasks.standard_secret import new_secret
from tasks.world import World
from tests.web.hooks.test_github import release_of, start_of
from tests.web.room import COMMIT, Hook, PrefectPeer, deliver, headers, kept, make_world, serving

SECRET = new_secret()
Sent = tuple[str, bytes, dict[str, str]]


def github(world: World) -> Sent:
    body = Hook("v2.4.0").push
    return "/webhooks/github", body, headers(body, "push")


def gitlab(world: World) -> Sent:
    about = {"project": {"path_with_namespace": "example-group/team/lab"}}
    body = json.dumps({"ref": "refs/tags/v2.4.0", "after": COMMIT, **about}).encode()
    token = world.settings.gitlab_webhook_secret.get_secret_value()
    return "/webhooks/gitlab", body, {"X-Gitlab-Event": "Tag Push Hook", "X-Gitlab-Token": token}


def gitea(world: World) -> Sent:
    body = Hook("v2.4.0", "Example-Org/tea").push
    secret = world.settings.gitea_webhook_secret.get_secret_value().encode()
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return "/webhooks/gitea", body, {"X-Gitea-Event": "push", "X-Gitea-Signature": signature}


def release(world: World) -> Sent:
    body, now = b'{"product": "acme", "version": "2.4.0"}', int(time.time())
    signature = Webhook(SECRET).sign("id", datetime.fromtimestamp(now, UTC), body.decode())
    return (
        "/webhooks/release",
        body,
        {"webhook-id": "id", "webhook-timestamp": f"{now}", "webhook-signature": signature},
    )


DOORS = pytest.mark.parametrize("door", [github, gitlab, gitea, release])


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "home", release_secret=SecretStr(SECRET))


def post(world: World, sent: Sent) -> tuple[int, Any]:
    address, body, said = sent
    with serving(world) as client:
        answer = client.post(address, content=body, headers={"Content-Type": "application/json"} | said)
    return answer.status_code, answer.json()


@DOORS
def test_what_cannot_be_kept_is_never_answered_with_success(
    world: World, prefect: PrefectPeer, tmp_path: Path, door: Callable[[World], Sent]
) -> None:
    away = replace(world, ledger=Ledger(f"sqlite:///{tmp_path}/gone/l.db"))
    status, said = post(away, door(world))
    assert (status, said, prefect.events) == (503, {"error": "the ledger cannot be reached now; try again later"}, [])


@DOORS
def test_what_prefect_cannot_take_is_kept_for_the_patrol(
    world: World, prefect: PrefectPeer, door: Callable[[World], Sent]
) -> None:
    prefect.answer("refuse")
    status, said = post(world, door(world))
    assert (status, list(said)) == (202, ["launch"])
    assert [receipt.state for receipt in kept(world)] == ["new"]


@DOORS
def test_no_page_answers_there(world: World, prefect: PrefectPeer, door: Callable[[World], Sent]) -> None:
    address, _, _ = door(world)
    with serving(world) as client:
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            assert client.request(method, address).status_code == 405


def test_a_tag_that_is_deleted_is_asked_about_and_a_redelivery_asks_nothing(world: World, prefect: PrefectPeer) -> None:
    here = replace(world, board=MemoryBoard())
    deleted = Hook("v2.4.0").create
    edited = Hook("v2.4.0").release.replace(b"published", b"edited").replace(b"Faster", b"Slower")
    with serving(here) as client:
        deliver(client, "push", Hook("v2.4.0").push)
        (receipt,) = kept(here)
        asked = LaunchRequest.model_validate({**receipt.payload, "checklist": "hotfix"})
        begin(here, replace(start_of(asked), release=release_of(asked)))
        answers = [deliver(client, event, body) for event, body in (("delete", deleted), ("release", edited)) * 3]
    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].json() == {"launch": "acme-2.4.0"}
    launch = here.launch("acme-2.4.0")
    assert launch is not None
    assert (launch.unanswered, launch.release.notes) == (("question-1",), "Slower\nexports")
    assert launch.questions["question-1"].said == "GitHub says that Codertocat deleted the tag v2.4.0."
