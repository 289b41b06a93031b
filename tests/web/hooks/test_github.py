from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from checklists.commands import TMINUS, Start
from checklists.dates import Calendar
from checklists.entries import Release
from checklists.files.load import load_checklist
from checklists.people import Directory, Member
from checklists.request import LaunchRequest
from ledger.store import Ledger
from tasks.act import begin
from tasks.boards.memory_board import MemoryBoard
from tasks.patrol import patrol
from tasks.world import World
from tests.web.room import (
    COMMIT,
    Hook,
    PrefectPeer,
    deliver,
    fixture,
    headers,
    kept,
    make_world,
    prefect_at,
    serving,
    signature,
)

HOOK = Hook("v2.4.0")


def settled(world: World, prefect: PrefectPeer, sends: list[tuple[str, bytes]]) -> list[int]:
    """The statuses of these deliveries, once the room has shut and every event is on its way."""
    with serving(world) as client:
        return [deliver(client, event, body).status_code for event, body in sends]


def test_a_release_is_kept_answered_and_then_told_to_prefect(world: World, prefect: PrefectPeer) -> None:
    with serving(world) as client:
        answer = deliver(client, "release", HOOK.release)
        (receipt,) = kept(world)
    assert (answer.status_code, answer.json()) == (202, {"launch": "acme-2.4.0"})
    (event,) = prefect.events
    assert event["event"] == "tminus.release.tagged"
    assert event["resource"] == {"prefect.resource.id": "tminus.product.acme"}
    assert event["payload"]["request"]["receipt"] == receipt.release_key == "github:codertocat/hello-world:v2.4.0"
    assert (receipt.state, receipt.source, receipt.event) == ("new", "github", "release")
    assert receipt.payload["notes"] == "Faster\nexports"


@pytest.mark.parametrize(
    ("event", "name", "status"),
    [
        ("release", "release.published", 202),
        ("create", "create.tag", 202),
        ("push", "push.tag", 202),
        ("ping", "ping", 200),
    ],
)
def test_what_github_really_sends_is_understood(client: httpx.Client, event: str, name: str, status: int) -> None:
    assert deliver(client, event, fixture(name)).status_code == status


def test_a_real_release_starts_a_launch(world: World, prefect: PrefectPeer) -> None:
    assert settled(world, prefect, [("release", fixture("release.published"))]) == [202]
    (event,) = prefect.events
    asked = event["payload"]["request"]
    assert (asked["product"], asked["version"], asked["requested_by"]) == ("plain", "0.0.1", "github:Codertocat")
    assert asked["url"] == "https://github.com/Codertocat/Hello-World/releases/tag/0.0.1"


def test_the_three_events_of_one_tag_are_one_receipt_and_one_event(world: World, prefect: PrefectPeer) -> None:
    sends = [("push", HOOK.push), ("create", HOOK.create), ("release", HOOK.release)]
    assert settled(world, prefect, sends) == [202] * 3
    (receipt,) = kept(world)
    assert (receipt.deliveries, receipt.payload["commit"], len(prefect.events)) == (3, COMMIT, 1)


def test_a_release_after_its_tag_brings_the_running_launch_its_notes(world: World, prefect: PrefectPeer) -> None:
    with serving(world) as client:
        deliver(client, "create", HOOK.create)
        (receipt,) = kept(world)
        asked = LaunchRequest.model_validate({**receipt.payload, "checklist": "hotfix"})
        begin(world, start_of(asked))
        deliver(client, "release", HOOK.release)
        deliver(client, "push", HOOK.push)
        deliver(client, "release", HOOK.release.replace(b"Faster", b"Slower"))
    launch = world.launch("acme-2.4.0")
    assert launch is not None
    assert (launch.release.notes, launch.release.commit) == ("Faster\nexports", COMMIT)


def test_a_tag_that_was_moved_is_kept_answered_and_then_followed(world: World, prefect: PrefectPeer) -> None:
    here = replace(world, board=MemoryBoard())
    moved = HOOK.push.replace(COMMIT.encode(), b"9f2c" * 10)
    with serving(here) as client:
        deliver(client, "push", HOOK.push)
        (receipt,) = kept(here)
        asked = LaunchRequest.model_validate({**receipt.payload, "checklist": "hotfix"})
        begin(here, replace(start_of(asked), release=release_of(asked)))
        assert deliver(client, "push", moved).json() == {"launch": "acme-2.4.0"}
        assert deliver(client, "push", HOOK.push).status_code == 202
    launch = here.launch("acme-2.4.0")
    assert launch is not None
    assert (launch.release.commit, launch.past_commits) == ("9f2c" * 10, (COMMIT,))
    found = here.ledger.receipts.find(f"{receipt.release_key}@{'9f2c' * 10}")
    assert found is not None
    assert (found.state, found.event, len(prefect.events)) == ("started", "moved", 1)


def release_of(asked: LaunchRequest) -> Release:
    return Release(product=asked.product, title="Acme", version=asked.version, tag=asked.tag, commit=asked.commit)


def start_of(asked: LaunchRequest) -> Start:
    loaded = load_checklist("hotfix")
    roles = {role for item in loaded.checklist.items.values() for role in item.roles}
    return Start(
        by=TMINUS,
        release=Release(product=asked.product, title="Acme", version=asked.version, tag=asked.tag),
        checklist=loaded.checklist,
        folder=str(loaded.folder),
        calendar=Calendar(),
        directory=Directory(tuple(Member(f"{role}@example.com", role, (role,)) for role in sorted(roles))),
    )


def test_a_hundred_redeliveries_at_once_are_one_receipt_and_one_event(world: World, prefect: PrefectPeer) -> None:
    with serving(world) as client, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: deliver(client, "push", HOOK.push), range(100)))
    assert {answer.status_code for answer in answers} == {202}
    (receipt,) = kept(world)
    assert (receipt.deliveries, len(prefect.events)) == (100, 1)


def test_a_form_is_as_good_as_json(client: httpx.Client) -> None:
    body = urlencode({"payload": HOOK.push.decode()}).encode()
    answer = deliver(client, "push", body, **{"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
    assert (answer.status_code, answer.json()) == (202, {"launch": "acme-2.4.0"})


@pytest.mark.parametrize(
    ("repository", "tag", "reason"),
    [
        ("somebody/else", "v1.0.0", "no product in the organisation file has the repository somebody/else"),
        ("Codertocat/Hello-World", "nightly", "is no release tag of"),
        ("Codertocat/Hello-World", "v2.4.0-rc.1", "starts nothing for a pre-release"),
        ("Codertocat/Hello-World", "../../etc/passwd", "has signs that no release tag has"),
        ("Codertocat/Hello-World", "v1.0.0\x00\n\x1b[31m", "has signs that no release tag has"),
        ("Codertocat/Hello-World", "v1/../../2.0", "has signs that no release tag has"),
        ("Codertocat/Hello-World", "v" + "1" * 5000, "has signs that no release tag has"),
        ("Example-Org/twins", "v1.0.0", "fits `other-twin` and `twin`"),
    ],
)
def test_a_tag_that_starts_nothing_is_kept_with_its_reason(
    world: World, prefect: PrefectPeer, repository: str, tag: str, reason: str
) -> None:
    with serving(world) as client:
        answer = deliver(client, "create", Hook(tag, repository).create)
    (receipt,) = kept(world)
    assert answer.status_code == 202
    assert reason in receipt.reason == answer.json()["ignored"]
    assert (receipt.state, prefect.events) == ("ignored", [])


def test_a_broken_organisation_file_loses_no_release(world: World, prefect: PrefectPeer) -> None:
    good = world.settings.organisation.read_text()
    world.settings.organisation.write_text("products: [")
    assert settled(world, prefect, [("push", HOOK.push)]) == [202]
    (receipt,) = kept(world)
    assert "the organisation file cannot be used" in receipt.reason
    assert prefect.events == []
    patrol(replace(world, board=MemoryBoard()))
    assert kept(world)[0].reason == receipt.reason
    world.settings.organisation.write_text(good)
    patrol(replace(world, board=MemoryBoard()))
    (mended,) = kept(world)
    assert (mended.state, mended.payload["version"], mended.payload["commit"]) == ("new", "2.4.0", COMMIT)


def branch(said: dict[str, object]) -> bytes:
    return json.dumps({"repository": {"full_name": "a/b"}, **said}).encode()


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("issues", b"{}"),
        ("", b"not even JSON"),
        ("push", branch({"ref": "refs/heads/v1.0.0", "after": "a" * 40})),
        ("create", branch({"ref": "v1.0.0", "ref_type": "branch"})),
        ("release", branch({"action": "edited", "release": {"tag_name": "v1.0.0", "draft": True}})),
    ],
)
def test_events_about_no_new_tag_leave_nothing(client: httpx.Client, world: World, event: str, body: bytes) -> None:
    answer = deliver(client, event, body)
    assert (answer.status_code, answer.content, kept(world)) == (204, b"", ())


@pytest.mark.parametrize(
    "signed",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signature(HOOK.push)[:-1],
        signature(HOOK.push).upper(),
        signature(HOOK.push + b" "),
        signature(HOOK.push, "another secret"),
        signature(HOOK.push).replace("sha256", "sha1"),
        "sha256=\xe9\xff",
    ],
)
def test_a_bad_signature_is_refused_without_detail(client: httpx.Client, world: World, signed: str | None) -> None:
    said: dict[str, str | bytes] = {**headers(HOOK.push, "push")}
    del said["X-Hub-Signature-256"]
    if signed is not None:
        said["X-Hub-Signature-256"] = signed.encode("latin-1")
    answer = client.post("/webhooks/github", content=HOOK.push, headers=said)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json(), kept(world)) == (401, {"detail": "Unauthorized"}, ())


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_the_signature_is_compared_before_anything_is_parsed(client: httpx.Client, kind: str) -> None:
    garbage = b"[" * 1_900_000
    said = {"X-Hub-Signature-256": signature(b"something else"), "Content-Type": kind}
    assert deliver(client, "push", garbage, **said).status_code == 401


@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/form-data; boundary=x", "application/jsonx"])
def test_another_content_type_is_refused(client: httpx.Client, world: World, kind: str) -> None:
    assert deliver(client, "push", HOOK.push, **{"Content-Type": kind}).status_code == 415
    assert kept(world) == ()


@pytest.mark.parametrize(
    "body",
    [
        HOOK.push[:100],
        b"",
        b"[]",
        b"[" * 1_900_000,
        b'{"ref": "\xff"}',
        b'{"ref": "refs/tags/v1", "after": "x", "repository": {"full_name": "a/b"}}',
        branch({"ref": 1, "after": "a" * 40}),
        Hook("v1.0.0", "../../etc").push,
        Hook("v1.0.0", "a/b\n").push,
    ],
)
def test_a_signed_body_that_is_not_githubs_gets_a_short_reason(client: httpx.Client, world: World, body: bytes) -> None:
    answer = deliver(client, "push", body)
    assert answer.status_code == 400
    assert 0 < len(answer.json()["detail"]) < 200
    assert kept(world) == ()


@pytest.mark.parametrize("body", [b"", b"other=1", b"payload", b"&" * 1000, b"payload=\xff"])
def test_a_form_without_a_payload_is_refused(client: httpx.Client, body: bytes) -> None:
    answer = deliver(client, "push", body, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400


def chunks(size: int) -> Iterator[bytes]:
    return (b"x" * 65_536 for _ in range(size // 65_536))


@pytest.mark.parametrize("size", [2 * 1024 * 1024 + 1, 5_000_000, 25_000_000])
def test_a_body_over_the_limit_is_refused(client: httpx.Client, world: World, size: int) -> None:
    assert deliver(client, "push", HOOK.push + b" " * (size - len(HOOK.push))).status_code == 413
    assert kept(world) == ()


def test_a_body_without_a_length_is_refused_once_it_is_over_the_limit(client: httpx.Client) -> None:
    answer = client.post("/webhooks/github", content=chunks(5_000_000), headers=headers(b"", "push"))
    assert answer.status_code == 413


def test_a_body_that_does_not_end_is_not_read_for_ever(client: httpx.Client) -> None:
    body = chunks(200_000_000)
    with suppress(httpx.TransportError):
        client.post("/webhooks/github", content=body, headers=headers(b"", "push"))
    assert next(body) != b""
    assert client.get("/healthz").status_code == 200


def test_a_body_just_within_the_limit_is_read(client: httpx.Client) -> None:
    body = HOOK.push + b" " * (2 * 1024 * 1024 - len(HOOK.push))
    assert deliver(client, "push", body).status_code == 202


def test_a_sender_that_hangs_up_halfway_leaves_nothing(
    world: World, prefect: PrefectPeer, caplog: pytest.LogCaptureFixture
) -> None:
    said = "".join(f"{name}: {value}\r\n" for name, value in headers(HOOK.push, "push").items())
    with serving(world) as client:
        with socket.create_connection((client.base_url.host, client.base_url.port or 80)) as half:
            half.sendall(f"POST /webhooks/github HTTP/1.1\r\nHost: x\r\n{said}Content-Length: 500\r\n\r\n".encode())
            half.sendall(HOOK.push)
        assert client.get("/healthz").status_code == 200
    assert (kept(world), caplog.messages) == ((), [])


def test_the_webhook_is_not_a_page(client: httpx.Client) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        answer = client.request(method, "/webhooks/github")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_what_cannot_be_kept_is_never_answered_with_success(
    world: World, prefect: PrefectPeer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = World(world.settings, Ledger(f"sqlite:///{tmp_path}/gone/l.db"), world.organisation_file, world.board)
    with serving(away) as client:
        answer = deliver(client, "push", HOOK.push)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "gone" not in answer.text
    assert "gone/l.db" in caplog.text
    assert prefect.events == []


def test_a_receipt_outlives_an_absent_prefect(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    world = make_world(tmp_path / "home")
    with prefect_at("http://127.0.0.1:9/api"), serving(world) as client:
        assert deliver(client, "push", HOOK.push).status_code == 202
    assert [receipt.state for receipt in kept(world)] == ["new"]
    assert "the patrol will start the launch" in caplog.text


def test_a_prefect_that_hangs_holds_up_no_webhook(world: World, prefect: PrefectPeer) -> None:
    prefect.answer("hang")
    with serving(world) as client:
        answers = [deliver(client, "create", Hook(f"v{number}.0.0").create) for number in range(1, 51)]
        assert {answer.status_code for answer in answers} == {202}
        assert len(kept(world)) == 50
        assert client.get("/healthz").status_code == 200
        prefect.answer("accept")
        prefect.released.set()
