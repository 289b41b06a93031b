"""The JSON Schemas that editors read."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checklists.files.load import LIBRARY
from checklists.files.reader import read
from checklists.files.schema import FILES, Kind, schema, text
from tests.checklists.files.test_organisation_file import EXAMPLE
from tests.checklists.files.written import write

KINDS: tuple[Kind, ...] = ("checklist", "organisation")


def _problems(kind: Kind, plain: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(kind)).iter_errors(plain)]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_valid_schema_and_the_one_in_the_repository(kind: Kind) -> None:
    Draft202012Validator.check_schema(schema(kind))
    assert FILES[kind].read_text(encoding="utf-8") == text(kind), "run `python -m checklists.files.schema`"


@pytest.mark.parametrize("file", sorted(LIBRARY.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_library_is_valid_and_names_its_schema(file: Path) -> None:
    assert _problems("checklist", read(file).plain) == []
    assert file.read_text().startswith("# yaml-language-server: $schema=../schema.json\n")


def test_the_example_organisation_is_valid_and_names_its_schema() -> None:
    first = EXAMPLE.read_text().splitlines()[0]

    assert _problems("organisation", read(EXAMPLE).plain) == []
    assert (EXAMPLE.parent / first.partition("$schema=")[2]).resolve() == FILES["organisation"]


BAD = {
    "an unknown key": "checklist: a\nitem: {}\nitems: {b: {todo: c}}",
    "an unknown key of an item": "checklist: a\nitems: {b: {todo: c, neds: [d]}}",
    "an item of no kind": "checklist: a\nitems: {b: {title: c}}",
    "an item of two kinds": "checklist: a\nitems: {b: {todo: c, gate: d, sign: [1 of e]}}",
    "a gate nobody signs": "checklist: a\nitems: {b: {gate: c}}",
    "a bad quorum line": "checklist: a\nitems: {b: {gate: c, sign: [2 qa]}}",
    "a bad date": "checklist: a\nitems: {b: {todo: c, due: 3d}}",
    "a bad key": "checklist: a\nitems: {B c: {todo: c}}",
    "an unknown check": "checklist: a\nitems: {b: {check: lnks}}",
    "a bad time": "checklist: a\nitems: {b: {check: links, timeout: 5 min}}",
    "no items": "checklist: a",
    "no name": "items: {b: {todo: c}}",
    "a bad addition": "checklist: a\nextends: b\nitems: {c: {sign: [2 qa]}}",
    "an unknown key of an addition": "checklist: a\nextends: b\nitems: {c: {neds: [d]}}",
    "an unknown key inside an addition": "checklist: a\nextends: b\nitems: {c: {training: {pas: 80%}}}",
}


@pytest.mark.parametrize("yaml", BAD.values(), ids=list(BAD))
def test_a_bad_checklist_is_refused(yaml: str, tmp_path: Path) -> None:
    assert _problems("checklist", read(write(tmp_path, "a", yaml)).plain) != []


@pytest.mark.parametrize("items", ["{}", "{c: {needs: [d]}}", "{c: {training: {pass: 80%}}, d: {todo: e}}"])
def test_an_extension_says_only_what_it_adds(items: str, tmp_path: Path) -> None:
    file = write(tmp_path, "a", f"checklist: a\nextends: b\nitems: {items}")

    assert (_problems("checklist", read(file).plain) == []) is (items != "{}")


def test_a_bad_organisation_is_refused() -> None:
    assert _problems("organisation", {"organisation": "X", "people": {"ada": {"name": "Ada"}}}) != []
    assert _problems("organisation", {"organisation": "X", "peeple": {}}) != []


def test_every_key_a_person_may_write_says_what_it_is_for_or_has_a_telling_name() -> None:
    gate = schema()["$defs"]["Gate"]["properties"]

    assert [key for key, field in gate.items() if "description" not in field] == []
