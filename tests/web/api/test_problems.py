"""Whatever goes wrong is said in one shape, and says nothing that the person may not know."""

from __future__ import annotations

import httpx
import pytest

from tests.web.api.room import ADA, EVE, LAUNCH, QA, Api
from web.api.shapes import ProblemShape


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/launches/", 404),
        ("GET", "/api/%0A", 404),
        ("GET", "/api/docs", 404),
        ("PUT", LAUNCH, 405),
        ("POST", LAUNCH, 405),
        ("OPTIONS", LAUNCH, 405),
        ("TRACE", LAUNCH, 405),
        ("GET", f"{QA}/sign", 405),
    ],
)
def test_every_answer_has_the_shape(api: Api, method: str, path: str, status: int) -> None:
    answer = api.client.request(method, path, headers=api.key(EVE))
    said = ProblemShape.model_validate(answer.json())
    assert (answer.status_code, said.status, answer.headers["Content-Type"]) == (
        status,
        status,
        "application/problem+json",
    )
    assert said.instance == path.replace("%0A", "%EF%BF%BD")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/api/launches", "GET, POST"), ("/api/tokens", "GET, POST"), ("/api/tokens/x", "DELETE"), (LAUNCH, "GET")],
)
def test_an_address_names_all_its_methods(api: Api, path: str, allowed: str) -> None:
    assert api.client.patch(path, headers=api.key(EVE)).headers["Allow"] == allowed


def test_each_wrong_field_is_named_and_no_value_is_repeated(api: Api) -> None:
    said = {"decision": "maybe-secret", "round": -1, "evidence": {"A B": "x"}}
    answer = api.post(f"{QA}/sign", said, ADA)
    assert {one["at"] for one in answer.json()["errors"]} >= {"body.decision", "body.round"}
    assert "maybe-secret" not in answer.text


def test_a_thousand_wrong_fields_are_a_short_answer(api: Api) -> None:
    answer = api.post(f"{QA}/sign", {f"{'x' * 300}{number}": 1 for number in range(1_000)}, ADA)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 20)
    assert len(answer.content) < 10_000


def test_a_mistake_of_ours_is_told_to_the_log_only(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with api.at.ledger.database.writing() as connection:
        connection.exec_driver_sql("update tokens set scopes = null where 1 = 0")
        connection.exec_driver_sql("update launches set summary = '[]'")
    answer = api.get("/api/launches")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["detail"] == "something went wrong here; the log of the web room says what"


def test_other_doors_answer_as_before(api: Api) -> None:
    def kind(answer: httpx.Response) -> str:
        return answer.headers["Content-Type"]

    assert kind(api.client.get("/nothing")) == "application/json"
    assert kind(api.client.get("/webhooks/github")) == "application/json"


def test_somebody_elses_launch_is_in_no_error(api: Api) -> None:
    """Nor a hint at names nobody asked for."""
    answer = api.client.get("/api/launches/acme-2.4.1", headers=api.key(ADA))
    assert answer.status_code == 404
    assert "2.4.0" not in answer.text
