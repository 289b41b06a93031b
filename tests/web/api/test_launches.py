"""Launches over the API: started, found page by page, read."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from ledger.anchor_file import read_kept
from ledger.bundle import verify_file
from tasks.proof import anchor
from tasks.view import show
from tests.checklists.launches import finished
from tests.web.api.room import ADA, APPROVE, EVE, LAUNCH, QA, Api
from web.api.launch_shapes import ItemShape, LaunchShape, SignatureShape
from web.api.shapes import LaunchesShape, LogShape

CHECKLIST = """
checklist: short
items:
  qa: {gate: QA, sign: [1 of qa]}
"""


def give_checklist(api: Api) -> None:
    folder = api.at.world.settings.home / "checklists"
    folder.mkdir(exist_ok=True)
    (folder / "short.yaml").write_text(CHECKLIST)
    api.at.world.settings.checklists = (folder,)


def start(api: Api, version: str, **said: object) -> int:
    return api.post("/api/launches", {"product": "acme", "version": version, "checklist": "short", **said}).status_code


def test_a_launch_is_shown_as_the_command_shows_it(api: Api) -> None:
    shown = api.get(LAUNCH).json()
    assert shown == json.loads(json.dumps(show(api.launch)))
    LaunchShape.model_validate(shown)


def test_the_description_has_every_field_there_is(api: Api) -> None:
    shown = show(finished(api.launch))
    item, signature = shown["items"]["qa"], shown["items"]["qa"]["signatures"][0]
    described = ((shown, LaunchShape), (item, ItemShape), (signature, SignatureShape))
    assert [set(told) ^ set(shape.model_fields) for told, shape in described] == [set(), set(), set()]


@pytest.mark.parametrize(
    "name", ["acme-9.9.9", "acme", "acme-2.4.0%00", "acme-2.4.0%0aSet-Cookie:x", "%F2%B5%BD%9A", "acme-2." + "0" * 400]
)
def test_what_is_not_there_is_not_found(api: Api, name: str) -> None:
    for path in ("", "/log", "/export", "/verify"):
        answer = api.get(f"/api/launches/{name}{path}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
        assert "2.4.0" not in answer.json()["detail"]
        assert "Set-Cookie" not in answer.headers


def test_pages_show_every_launch_once_whatever_comes_meanwhile(api: Api) -> None:
    give_checklist(api)
    for number in range(5):
        api.at.clock.wait(timedelta(seconds=1 - number % 2))  # some at the same moment
        assert start(api, f"3.{number}.0") == 201
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("/api/launches", params={"limit": 2, "cursor": cursor}).json()
        LaunchesShape.model_validate(page)
        seen += [one["id"] for one in page["launches"]]
        cursor = page["next"]
        if len(seen) == 2:
            api.at.clock.wait(timedelta(seconds=1))
            start(api, "4.0.0")
    assert sorted(seen) == ["acme-2.4.0", *(f"acme-3.{number}.0" for number in range(5))]
    assert seen[-1] == "acme-2.4.0"
    assert len(api.get("/api/launches").json()["launches"]) == 7


def test_the_list_is_filtered(api: Api) -> None:
    give_checklist(api)
    start(api, "3.0.0")
    api.post("/api/launches/acme-3.0.0/abandon", {"reason": "superseded"})

    def found(**asked: str) -> list[str]:
        return [one["id"] for one in api.get("/api/launches", params=asked).json()["launches"]]

    assert found(status="abandoned") == ["acme-3.0.0"]
    assert found(status="in-progress", product="acme") == ["acme-2.4.0"]
    assert found(product="other") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "x"},
        {"cursor": "x"},
        {"status": "great"},
        {"product": "a\x00b"},
        {"product": "A" * 61},
    ],
)
def test_a_list_nobody_can_give_is_refused(api: Api, asked: dict[str, str]) -> None:
    answer = api.get("/api/launches", params=asked)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_a_launch_that_cannot_be_read_hides_no_other(api: Api) -> None:
    give_checklist(api)
    api.at.clock.wait(timedelta(seconds=1))
    start(api, "3.0.0")
    with api.at.ledger.database.writing() as connection:
        connection.exec_driver_sql("update entries set body = 'rot' where launch_id = 'acme-3.0.0'")
        connection.exec_driver_sql("update launches set summary = null")
    (rotten, well) = api.get("/api/launches").json()["launches"]
    assert (rotten["id"], rotten["status"], well["status"]) == ("acme-3.0.0", "unreadable", "in-progress")
    answer = api.get("/api/launches/acme-3.0.0")
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/problems/unusable")


def test_starting_twice_shows_the_launch_there_is(api: Api) -> None:
    give_checklist(api)
    assert [start(api, "3.0.0", launch_on="2026-12-10"), start(api, "3.0.0")] == [201, 200]
    launch = api.at.launch("acme-3.0.0")
    assert (launch.started_by, launch.checklist.checklist, str(launch.launch_on)) == (EVE, "short", "2026-12-10")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"product": "acme"}, 422),
        ({"product": "acme", "version": "3.0.0", "requested_by": "ada@example.com"}, 422),
        ({"product": "acme", "version": "3.0.0", "receipt": "github:x"}, 422),
        ({"product": "acme", "version": "3.0.0", "launch_on": 0}, 422),
        ({"product": "acme", "version": "3.0.0", "launch_on": "2026-12-01T00:00:00"}, 422),
        ({"product": "acme", "version": "3.0.0", "launch_on": "0000-01-01"}, 422),
        ({"product": "acme", "version": "3.0.0", "launch_on": "2020-01-01", "checklist": "short"}, 409),
        ({"product": "other", "version": "3.0.0"}, 409),
        ({"product": "acme", "version": "next"}, 409),
        ({"product": "acme", "version": "3.0.0", "checklist": "nothing"}, 409),
        ({"product": "acme", "version": "3.0.0", "checklist": "../../etc/passwd"}, 422),
    ],
)
def test_a_launch_that_cannot_begin_does_not(api: Api, said: dict[str, object], status: int) -> None:
    give_checklist(api)
    assert api.post("/api/launches", said).status_code == status
    assert api.at.world.launch("acme-3.0.0") is None


def test_the_log_comes_in_pages(api: Api) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get(f"{LAUNCH}/log", params={"limit": 3, "cursor": cursor}).json()
        LogShape.model_validate(page)
        seen += [entry["seq"] for entry in page["entries"]]
        cursor = page["next"]
    assert seen == list(range(1, api.launch.seq + 1))


def test_an_export_can_be_verified_anywhere(api: Api) -> None:
    answer = api.get(f"{LAUNCH}/export")
    assert answer.headers["Content-Type"] == "application/jsonl"
    assert verify_file(answer.content.splitlines(keepends=True)).fault is None


def test_a_changed_record_shows(api: Api) -> None:
    assert api.get(f"{LAUNCH}/verify").json()["intact"] is True
    with api.at.ledger.database.writing() as connection:
        connection.exec_driver_sql("update entries set body = replace(body, 'Acme', 'Evil') where seq = 1")
    told = api.get(f"{LAUNCH}/verify").json()
    assert (told["intact"], told["fault"].startswith("entry 1: its hash")) == (False, True)


def test_prefect_away_a_signature_is_kept_and_the_answer_says_so(api: Api) -> None:
    api.at.board.is_reachable = False
    answer = api.post(f"{QA}/sign", APPROVE, ADA)
    assert (answer.status_code, "when Prefect is back" in answer.json()["note"]) == (202, True)
    assert api.signed == [ADA]


def test_the_newest_anchor_can_be_kept_elsewhere(api: Api) -> None:
    assert api.get("/api/anchor").json()["type"] == "/api/problems/no-anchor"
    anchor(api.at.ledger, api.at.world.settings, api.at.clock())
    kept = read_kept(api.get("/api/anchor").content)
    assert set(kept.heads) == {"acme-2.4.0"}
