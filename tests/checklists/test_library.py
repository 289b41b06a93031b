"""The checklists that come with tminus: complete, readable, and possible for the example organisation."""

import subprocess
import sys
from pathlib import Path

import pytest

from checklists.files.load import LIBRARY, load_checklist, names
from checklists.files.organisation_file import read_organisation
from checklists.files.validate import check_against
from checklists.items import KINDS, Announce, Item, Training
from tests.checklists.files.test_organisation_file import EXAMPLE

ALL = ("base", "hotfix", "internal-tool", "library-release", "saas-feature")


def _items(name: str) -> dict[str, Item]:
    return load_checklist(name).checklist.items


def _above(name: str, items: dict[str, Item]) -> set[str]:
    """Everything an item waits for, directly or not."""
    needs = set(items[name].needs)
    return needs.union(*(_above(need, items) for need in needs))


def test_the_library_is_what_we_say_it_is() -> None:
    assert tuple(names()) == ALL


@pytest.mark.parametrize("name", ALL)
def test_the_example_organisation_can_do_it(name: str) -> None:
    assert check_against(load_checklist(name), read_organisation(EXAMPLE)) == ()


@pytest.mark.parametrize("name", ALL)
def test_items_have_short_names_an_owner_and_a_date(name: str) -> None:
    for key, item in _items(name).items():
        assert len(item.label) <= 40, key
        assert item.owner, key
        assert item.due, key


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_due_before_what_it_needs(name: str) -> None:
    items = _items(name)
    for key, item in items.items():
        for need in item.needs:
            due, before = item.due, items[need].due
            assert due and before and before.days <= due.days, f"{key} is due before {need}"


@pytest.mark.parametrize("name", ALL)
def test_customers_hear_after_the_go_and_the_look_back_comes_last(name: str) -> None:
    items = _items(name)
    for key, item in items.items():
        if isinstance(item, Announce) and item.announce.audience == "customers":
            assert "go" in _above(key, items)
            assert key in _above("post-launch-review", items)
    assert str(items["post-launch-review"].due) == "T+5d"


@pytest.mark.parametrize("name", ["library-release", "saas-feature"])
def test_customers_hear_by_the_second_working_day_or_not_at_all(name: str) -> None:
    item = _items(name)["announce-customers"]
    assert isinstance(item, Announce)
    assert str(item.announce.until) == "T+2d 18:00"


def test_every_kind_of_item_is_used() -> None:
    assert {item.kind for name in ALL for item in _items(name).values()} == set(KINDS)


def test_a_new_feature_needs_no_account_anywhere() -> None:
    assert not [key for key, item in _items("saas-feature").items() if getattr(item, "check", "") == "github-status"]


def test_a_hotfix_has_few_gates() -> None:
    assert [key for key, item in _items("hotfix").items() if item.kind == "gate"] == ["fix-confirmed", "go"]


@pytest.mark.parametrize("name", ALL)
def test_training_materials_are_there(name: str) -> None:
    for item in _items(name).values():
        if isinstance(item, Training):
            assert all((LIBRARY / material).is_file() for material in item.training.materials)


@pytest.mark.parametrize(("sections", "status"), [(["Start", "Who to ask"], 0), (["Start", "Retire"], 1)])
def test_the_runbook_check_tells_what_is_missing(sections: list[str], status: int, tmp_path: Path) -> None:
    command = [sys.executable, str(LIBRARY / "scripts" / "has-sections"), "training/runbook.md", *sections]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert ended.returncode == status
    assert ("no section called Retire; add it" in ended.stderr) is bool(status)
