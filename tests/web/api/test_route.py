"""What somebody may send: JSON, not too much of it, and nothing that is not asked for."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.web.api.room import ADA, APPROVE, EVE, LAUNCH, QA, Api
from web.api.route import LIMIT

BODIES: dict[str, dict[str, Any]] = {
    "/api/launches": {"product": "acme", "version": "2.4.0"},
    f"{QA}/sign": APPROVE,
    f"{LAUNCH}/items/guide/complete": {},
    f"{QA}/rerun": {},
    f"{QA}/evidence": {"evidence": {"report": "https://ci.example.com"}},
    f"{QA}/waive": {"reason": "no time"},
    f"{QA}/pause": {"reason": "a wrong price"},
    f"{QA}/resume": {},
    f"{QA}/correct": {"note": "the price is 20"},
    f"{QA}/recall": {"reason": "it is not for sale"},
    f"{QA}/settle": {"fate": "arrived"},
    f"{LAUNCH}/hold": {"reason": "frozen"},
    f"{LAUNCH}/resume": {},
    f"{LAUNCH}/reschedule": {"launch_on": "2027-01-12"},
    f"{QA}/ask": {},
    f"{LAUNCH}/retag": {"commit": "a" * 40},
    f"{LAUNCH}/abandon": {"reason": "superseded"},
    "/api/delegations": {"to": "ben@example.com", "ends": "2026-12-24"},
    "/api/delegations/revoke": {},
    "/api/tokens": {"scopes": ["read"]},
    "/api/subscribers": {"people": [{"address": "cleo@example.net"}]},
    "/api/subscribers/{id}/unsubscribe": {},
    "/api/validate": {"text": "checklist: x"},
}
FORGED = [
    "by",
    "via",
    "address",
    "shown",
    "proof",
    "requested_by",
    "expires_at",
    "role",
    "number",
    "person",
    "ending",
    "heard",
]


def send(api: Api, body: bytes, kind: str = "application/json", path: str = f"{QA}/sign") -> httpx.Response:
    headers = api.key(ADA) | ({"Content-Type": kind} if kind else {})
    return api.client.post(path, content=body, headers=headers)


def test_every_post_is_tried_here(api: Api) -> None:
    described = api.client.get("/api/openapi.json").json()["paths"]
    posts = {f"/api{path}" for path, methods in described.items() if "post" in methods}
    tried = {path.replace("acme-2.4.0", "{launch}").replace("qa", "{item}") for path in BODIES}
    assert {path.replace("guide", "{item}") for path in tried} == posts


@pytest.mark.parametrize("path", BODIES)
def test_fields_nobody_asked_for_are_refused(api: Api, path: str) -> None:
    before = api.launch.seq
    for name in (*FORGED, "x\ud800", "__class__"):
        body = json.dumps(BODIES[path] | {name: "eve@example.com"}).encode()
        answer = api.client.post(path, content=body, headers=api.key(EVE) | {"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["type"]) == (422, "/api/problems/not-valid"), name
        assert any(said in answer.json()["detail"] for said in ("Extra inputs are not permitted", "unicode"))
    assert api.launch.seq == before


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"decision=approve", "application/x-www-form-urlencoded", 415),
        (b'{"decision": "approve"}', "", 415),
        (b"", "text/plain", 415),
        (b"", "application/json", 422),
        (b"", "", 422),
        (b"null", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"{", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b'{"decision": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"decision":' * 20_000, "application/json", 400),
        (b'{"round": ' + b"9" * 100_000 + b"}", "application/json", 400),
        (b'{"decision": "approve", "round": 1e400}', "application/json", 422),
        (b'{"decision": "approve", "round": NaN}', "application/json", 422),
        (b'{"decision": "approve", "comment": "\\ud800"}', "application/json", 422),
        (b'{"decision": "approve", "comment": "' + b"x" * 2_001 + b'"}', "application/json", 422),
        (b'{"decision": "approve", "comment": null}', "application/json", 422),
        (b" " * (LIMIT + 1), "application/json", 413),
        (b'{"decision": "approve", "comment": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_signs_nothing(api: Api, body: bytes, kind: str, status: int) -> None:
    answer = send(api, body, kind)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.content) < 5_000
    assert api.signed == []


def test_nobody_without_a_key_makes_us_read(api: Api) -> None:
    """The answer comes although the body never does."""
    headers = {"Content-Type": "application/json", "Content-Length": "400000"}
    with api.client.stream("POST", f"{QA}/sign", headers=headers, content=iter([b"{"] * 400_000)) as answer:
        assert answer.status_code == 401


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_json_however_it_is_written(api: Api, kind: str) -> None:
    assert send(api, json.dumps(APPROVE).encode(), kind).status_code == 200


def test_null_bytes_and_escapes_are_kept_as_text(api: Api) -> None:
    said = "a\x00b\x1b[31m\r\nSet-Cookie: x"
    answer = api.post(f"{QA}/sign", APPROVE | {"comment": said}, ADA)
    assert (answer.status_code, api.launch.items["qa"].signatures[0].comment) == (200, said)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/api/%0d%0aSet-Cookie:%20x", f"{LAUNCH}%0d%0aSet-Cookie:%20x", "/api/x?%0aX-Y:z"])
def test_nothing_somebody_sends_becomes_a_header(api: Api, path: str) -> None:
    answer = api.client.get(path, headers=api.key(ADA))
    assert answer.status_code == 404
    assert {"set-cookie", "x-y"}.isdisjoint(answer.headers)
    assert "\n" not in answer.json()["instance"]
