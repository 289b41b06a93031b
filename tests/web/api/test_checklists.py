"""Checklists over the API: read, and checked without leaving anything behind."""

from __future__ import annotations

import json

import pytest

from checklists.checklist import Checklist
from checklists.files.load import load_checklist
from checklists.files.schema import text
from tests.web.api.room import Api

MINE = "checklist: mine\nitems:\n  qa: {gate: QA, sign: [1 of qa]}\n"


def test_checklists_are_listed_and_shown_with_what_they_extend(api: Api) -> None:
    assert {"base", "hotfix", "saas-feature"} <= set(api.get("/api/checklists").json()["checklists"])
    shown = api.get("/api/checklists/hotfix").json()
    assert Checklist.model_validate(shown) == load_checklist("hotfix").checklist


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc%2fpasswd", "hotfix.yaml", "%00", "validate"])
def test_there_is_no_other_checklist(api: Api, name: str) -> None:
    assert api.get(f"/api/checklists/{name}").status_code == 404


@pytest.mark.parametrize("kind", ["checklist", "organisation"])
def test_schemas_are_those_of_the_files(api: Api, kind: str) -> None:
    assert api.get(f"/api/schemas/{kind}").json() == json.loads(text(kind))  # type: ignore[arg-type]


def validated(api: Api, said: str) -> list[str]:
    answer = api.post("/api/validate", {"text": said}).json()
    assert answer["valid"] is (answer["findings"] == [])
    return [f"{one['file']}:{one['line']}: {one['path']}: {one['problem']}" for one in answer["findings"]]


def test_a_good_checklist_is_valid(api: Api) -> None:
    assert validated(api, MINE) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", "checklist.yaml"),
        ("{" * 2_000, "checklist.yaml"),
        ("a: &a [x]\nb: [*a, *a]\n", "checklist.yaml"),
        (MINE.replace("qa]", "qaa]"), 'mine.yaml:3: items.qa.sign: nobody can meet "1 of qaa"'),
        (MINE + "  qa2: {gate: QA, sign: [1 of qa], needs: [qq]}\n", 'no item is called "qq"'),
        (f"{MINE}extends: ../../../etc/passwd\n", "extends"),
        (MINE + "  run: {check: command, with: {run: [../../../../bin/sh]}}\n", "no program is called"),
    ],
)
def test_what_is_wrong_is_told_by_line(api: Api, said: str, found: str) -> None:
    assert any(found in one for one in validated(api, said)), validated(api, said)


def test_a_text_that_is_too_long_is_refused(api: Api) -> None:
    assert api.post("/api/validate", {"text": "#" * 262_145}).status_code == 422
