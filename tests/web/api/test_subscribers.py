"""People outside, over the API: for those who run launches, all or none, and nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.api.room import BEN, EVE, Api, api_room

PATH = "/api/subscribers"
ADA = {"address": "Ada@example.net", "name": "Ada", "attributes": {"plan": "pro", "seats": 5}, "consent": "contract"}
BETA = """checklist: beta
audiences: {testers: {rule: {attributes: {plan: pro}}}}
items: {x: {todo: x}}
"""


def added(api: Api, **more: Any) -> dict[str, Any]:
    assert api.post(PATH, {"people": [ADA | more]}).status_code == 200
    (found,) = api.get(PATH).json()["subscribers"]
    return dict(found)


def test_people_are_added_once_shown_and_forgotten(api: Api) -> None:
    answer = api.post(PATH, {"people": [ADA, {"address": "ben@example.net"}]})
    assert answer.json() == {"new": 2, "renewed": 0, "same": 0, "left": 0}
    assert api.post(PATH, {"people": [ADA]}).json()["same"] == 1
    states = [one["state"] for one in api.get(PATH).json()["subscribers"]]
    assert sorted(states) == ["confirmed", "unconfirmed"]
    first = api.get(f"{PATH}?limit=1").json()
    second = api.get(f"{PATH}?limit=1&after={first['next']}").json()
    assert [one["state"] for page in (first, second) for one in page["subscribers"]] == states
    assert second["next"] is None
    (ada,) = api.get(f"{PATH}?address=ADA@example.net").json()["subscribers"]
    shown = api.get(f"{PATH}/{ada['id']}").json()
    assert (shown["attributes"], shown["consents"][0]["origin"]) == (ADA["attributes"], f"API, by {EVE}: contract")
    assert api.client.delete(f"{PATH}/{ada['id']}", headers=api.key(EVE)).status_code == 204
    assert api.get(f"{PATH}/{ada['id']}").status_code == 404


def test_when_they_agreed_is_kept(api: Api) -> None:
    one = added(api, consented="2026-03-31T09:30:00+02:00")
    assert api.get(f"{PATH}/{one['id']}").json()["consents"][0]["at"] == "2026-03-31T07:30:00+00:00"


@pytest.mark.parametrize(
    ("said", "status", "says"),
    [
        ({"consented": "last week"}, 422, "consented"),
        ({"consented": "2026-03-31T09:30:00"}, 422, "consented"),
        ({"consented": "2026-02-30"}, 409, "is in no calendar"),
        ({"consented": "9999-12-31"}, 409, "is still to come"),
        ({"consented": "2026-03-31", "consent": ""}, 409, "say in `consent` how they agreed"),
    ],
)
def test_a_moment_that_cannot_be_changes_nothing(api: Api, said: dict[str, str], status: int, says: str) -> None:
    answer = api.post(PATH, {"people": [ADA | said]})
    assert (answer.status_code, says in answer.json()["detail"]) == (status, True)
    assert api.get(PATH).json()["subscribers"] == []


@pytest.mark.parametrize("address", ["jörg@example.com", "f@localhost", "e@x..org"])
def test_who_cannot_be_mailed_is_named_with_the_reason(api: Api, address: str) -> None:
    answer = api.post(PATH, {"people": [ADA, ADA | {"address": address}]})
    assert (answer.status_code, f"{address} cannot be mailed: " in answer.json()["detail"]) == (409, True)
    assert api.get(PATH).json()["subscribers"] == []


def test_somebody_who_asked_is_unsubscribed_and_not_brought_back(api: Api) -> None:
    one = added(api)
    assert api.post(f"{PATH}/{one['id']}/unsubscribe").json()["state"] == "unsubscribed"
    assert api.post(PATH, {"people": [ADA]}).json()["left"] == 1


def test_an_audience_says_who_is_in_it_and_why(api: Api) -> None:
    name = next(iter(api.at.world.organisation.audiences), "")
    if not name:
        file = api.at.world.organisation_file.file
        file.write_text(file.read_text() + "\naudiences: {pro: {rule: {attributes: {plan: pro}}}}\n")
        name = "pro"
    added(api)
    assert api.get(f"/api/audiences/{name}").json()["reach"] >= 1
    assert api.get(f"/api/audiences/{name}?address=ada@example.net").json()["in"] is True
    assert api.get("/api/audiences/no-such").json()["type"] == "/api/problems/no-such-audience"


def test_an_audience_of_a_checklist_says_so_too(tmp_path: Path) -> None:
    (tmp_path / "beta.yaml").write_text(BETA)
    with api_room(tmp_path, checklists=(tmp_path,)) as api:
        added(api)
        assert api.get("/api/audiences/testers?checklist=beta").json()["meant"] == ['subscribers of whom plan is "pro"']
        assert api.get("/api/audiences/testers?checklist=beta&address=ada@example.net").json()["in"] is True
        for path, problem in (
            ("testers", "no-such-audience"),
            ("tester?checklist=beta", "no-such-audience"),
            ("testers?checklist=..%2fbeta", "no-such-checklist"),
            ("testers?checklist=%00", "no-such-checklist"),
        ):
            assert api.get(f"/api/audiences/{path}").json()["type"] == f"/api/problems/{problem}"


def test_only_those_who_run_launches_see_people(api: Api) -> None:
    one = added(api)
    for path in (PATH, f"{PATH}/{one['id']}", "/api/audiences/pro"):
        assert api.get(path, BEN).json()["type"] == "/api/problems/refused"
        assert api.client.get(path, headers=api.key(EVE, "read", "sign")).status_code == 403
        assert api.client.get(path).status_code == 401
    assert api.post(PATH, {"people": [ADA]}, BEN).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "ada"},
        {"address": "a@b.c\r\nBcc: x@y.z"},
        {"name": "a\nb"},
        {"locale": "german"},
        {"timezone": "Mars"},
        {"attributes": {"Plan": "x"}},
        {"attributes": {"plan": ["x"]}},
        {"topics": ["no-such"]},
        {"state": "confirmed", "consent": ""},
        {"id": "x"},
    ],
)
def test_one_wrong_person_keeps_out_all(api: Api, wrong: dict[str, Any]) -> None:
    answer = api.post(PATH, {"people": [{"address": "ok@example.net"}, ADA | wrong]})
    assert answer.json()["type"] in ("/api/problems/not-valid", "/api/problems/refused")
    assert answer.status_code in (409, 422)
    assert api.get(PATH).json()["subscribers"] == []
