"""The description: everything is in it, said in words, and true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.web.api.room import EVE, Api

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def told(api: Api) -> dict[str, Any]:
    answer = api.client.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(told: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in told["paths"].items():
        yield from ((method, path, one) for method, one in methods.items())


def test_it_is_openapi_3_1_and_says_how_to_begin(told: dict[str, Any]) -> None:
    assert told["openapi"].startswith("3.1")
    assert "tminus token create" in told["info"]["description"]
    assert [one["url"] for one in told["servers"]] == ["/api"]


def test_every_door_says_what_it_does_and_what_it_takes(told: dict[str, Any]) -> None:
    tags = {one["name"] for one in told["tags"]}
    for method, path, one in operations(told):
        assert one["summary"] and one["description"] and set(one["tags"]) <= tags, path
        ((scheme, scopes),) = one["security"][0].items()
        assert (scheme in told["components"]["securitySchemes"], len(scopes)) == (True, 1)
        problems = {status for status in one["responses"] if status >= "400"}
        assert {"401", "403", "404", "422", "503"} <= problems
        for status in problems:
            assert list(one["responses"][status]["content"]) == ["application/problem+json"], (method, path)
        names = {parameter["name"] for parameter in one.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method == "post")


def test_parameters_are_explained(told: dict[str, Any]) -> None:
    for _, path, one in operations(told):
        assert all(parameter.get("description") for parameter in one.get("parameters", [])), path


def test_every_name_is_used_once(told: dict[str, Any]) -> None:
    names = [one["operationId"] for *_, one in operations(told)]
    assert len(set(names)) == len(names)


def test_nothing_points_nowhere(told: dict[str, Any]) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            for inner in node:
                yield from references(inner)
        elif isinstance(node, dict):
            yield from (value for key, value in node.items() if key == "$ref")
            for inner in node.values():
                yield from references(inner)

    known = {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    assert set(references(told)) - known == set()
    for schema in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_it_needs_no_token_and_tells_no_launch(api: Api) -> None:
    assert EVE not in api.client.get("/api/openapi.json").text
