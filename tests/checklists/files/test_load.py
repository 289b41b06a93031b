"""Checklist files: found, merged, and refused with the place and the likely right word."""

from pathlib import Path

import pytest

from checklists.errors import InvalidFile, LaunchError
from checklists.files.load import LIBRARY, load_checklist, names
from tests.checklists.files.written import findings, write


def test_a_file_says_the_name_it_is_found_by(tmp_path: Path) -> None:
    found = findings(write(tmp_path, "ours", "checklist: theirs\nitems: {a: {todo: x}}"))

    assert found == [
        'ours.yaml:1: checklist: the file is called ours.yaml; write "checklist: ours", or rename the file'
    ]


def test_an_unknown_checklist_is_answered_with_the_likely_one() -> None:
    with pytest.raises(LaunchError, match='no checklist is called "saas-featur"; did you mean "saas-feature"'):
        load_checklist("saas-featur")


@pytest.mark.parametrize("name", ["../library/base", "/etc/passwd", "library/base", ".", "", "base.yaml", "base\x00"])
def test_a_name_never_reaches_outside_the_folders(name: str) -> None:
    with pytest.raises(LaunchError, match="no checklist is called"):
        load_checklist(name)


def test_the_first_folder_that_has_a_name_wins(tmp_path: Path) -> None:
    file = write(tmp_path, "hotfix", "checklist: hotfix\nitems: {a: {todo: Ours}}")

    loaded = load_checklist("hotfix", (tmp_path, LIBRARY))

    assert (loaded.file, loaded.folder, list(loaded.checklist.items)) == (file, tmp_path, ["a"])
    assert names((tmp_path, LIBRARY))["base"] == LIBRARY / "base.yaml"


def test_a_fault_of_the_parent_is_found_in_the_parent(tmp_path: Path) -> None:
    write(tmp_path, "parent", "checklist: parent\nitems:\n  a: {todo: x, neds: []}\n")
    child = write(tmp_path, "child", "checklist: child\nextends: parent\nitems:\n  a: {title: y}\n  b: {todo: 1}")

    assert [line.split(":")[:2] for line in findings(child)] == [["child.yaml", "5"], ["parent.yaml", "3"]]


def test_a_need_of_the_child_may_be_an_item_of_the_parent_and_the_other_way_round(tmp_path: Path) -> None:
    write(tmp_path, "parent", "checklist: parent\nitems:\n  a: {todo: x, needs: [b]}\n")
    child = write(
        tmp_path, "child", "checklist: child\nextends: parent\nitems:\n  b: {todo: x}\n  c: {todo: y, needs: [a]}"
    )

    assert list(load_checklist(child, (tmp_path,)).checklist.items) == ["a", "b", "c"]


def test_an_unknown_parent_is_answered_with_the_likely_one(tmp_path: Path) -> None:
    found = findings(write(tmp_path, "child", "checklist: child\nextends: bas\nitems: {}"))

    assert found == ['child.yaml:2: extends: no checklist is called "bas"; did you mean "base"?']


@pytest.mark.parametrize("given", ["[base]", "null", "{a: b}", "3"])
def test_a_parent_is_a_name(given: str, tmp_path: Path) -> None:
    (found,) = findings(write(tmp_path, "child", f"checklist: child\nextends: {given}\nitems: {{}}"))

    assert found.startswith("child.yaml:2: extends: expected the name of a checklist, not ")


@pytest.mark.parametrize("circle", [("a",), ("a", "b"), ("a", "b", "c")])
def test_an_extends_loop_names_its_files(circle: tuple[str, ...], tmp_path: Path) -> None:
    for name, parent in zip(circle, (*circle[1:], circle[0]), strict=True):
        write(tmp_path, name, f"checklist: {name}\nextends: {parent}\nitems: {{x: {{todo: y}}}}")

    (found,) = findings(tmp_path / "a.yaml")
    named = " -> ".join(f"{name}.yaml" for name in (*circle, "a"))
    assert f"extends: these files extend each other: {named}; remove one" in found


def test_a_loop_above_the_file_is_found_as_well(tmp_path: Path) -> None:
    write(tmp_path, "a", "checklist: a\nextends: b\nitems: {}")
    write(tmp_path, "b", "checklist: b\nextends: a\nitems: {}")

    (found,) = findings(write(tmp_path, "c", "checklist: c\nextends: a\nitems: {}"))
    assert found.startswith("b.yaml:2: ")
    assert "a.yaml -> b.yaml -> a.yaml" in found


def test_an_unreadable_parent_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_bytes(b"\xff")

    assert findings(write(tmp_path, "child", "checklist: child\nextends: parent"))[0].startswith(
        "parent.yaml:1: byte 0"
    )


def test_a_loaded_checklist_remembers_its_file() -> None:
    loaded = load_checklist("saas-feature")

    assert (loaded.checklist.checklist, loaded.file.name, loaded.folder) == (
        "saas-feature",
        "saas-feature.yaml",
        LIBRARY,
    )


def test_findings_are_kept_apart_not_only_joined(tmp_path: Path) -> None:
    file = write(tmp_path, "bad", "checklist: bad\nitems: {a: {todo: 1}, b: {todo: 2}}")

    with pytest.raises(InvalidFile) as refused:
        load_checklist(file)
    assert [finding.path for finding in refused.value.findings] == ["items.a.todo", "items.b.todo"]
