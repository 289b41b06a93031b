"""The docs say what is: commands, settings, links, deployments and examples are compared with the real ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from checklists.files.organisation_file import read_organisation
from checklists.files.validate import validate
from deployments.command import app
from tasks.settings import LIBRARY, Settings
from tests.layers import ROOT

README = ROOT / "README.md"
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
HELP = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def text_of(file: Path) -> str:
    return file.read_text("utf-8")


def blocks(file: Path, kind: str) -> list[str]:
    return [body for found, body in FENCED.findall(text_of(file)) if found == kind]


def code(file: Path) -> Iterator[str]:
    """Everything that is meant to be typed: lines of consoles, and words between backticks."""
    yield from (line.strip() for body in blocks(file, "console") for line in body.splitlines())
    yield from re.findall(r"`([^`\n]+)`", FENCED.sub("", text_of(file)))


def said(word: str) -> set[str]:
    """What stands behind `make` or `tminus` anywhere in the docs."""
    lines = [line for file in DOCS for line in code(file)]
    return {found[1] for line in lines if (found := re.match(rf"(?:\S*/)?{word} ([a-z]+)\b", line))}


def anchors(file: Path) -> set[str]:
    """The places in a page that links may name, as GitHub spells them."""
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", text_of(file)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def loose_links(file: Path, root: Path = ROOT) -> list[str]:
    """The links of a page that lead to no file below the root, or to no heading of it."""
    return [link for link in LINK.findall(FENCED.sub("", text_of(file))) if not _leads_somewhere(file, link, root)]


def _leads_somewhere(file: Path, link: str, root: Path) -> bool:
    if re.match(r"https?://", link):
        return True
    path, _, place = link.partition("#")
    target = (file.parent / path).resolve() if path else file
    return target.exists() and target.is_relative_to(root) and (not place or place in anchors(target))


def settings() -> set[str]:
    fields = Settings.model_fields.items()
    return {str(field.validation_alias or f"TMINUS_{name.upper()}") for name, field in fields}


def first_column(file: Path, heading: str) -> list[str]:
    """The names in the first column of the first table below a heading."""
    below = text_of(file).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", below, re.MULTILINE)


def test_every_make_target_that_is_named_exists_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    assert said("make") == targets


def test_the_readme_begins_with_the_two_commands() -> None:
    first, *_ = blocks(README, "console")
    assert [line.split()[:2] for line in first.splitlines()] == [["make", "demo"], ["make", "test"]]


def test_every_command_that_is_named_exists() -> None:
    known = {name for name in app if not name.startswith("-")}
    assert said("tminus") - known == set()


def test_the_help_in_the_readme_is_what_the_command_says() -> None:
    command = [sys.executable, "-m", "deployments.command", "--help"]
    told = subprocess.run(command, env=HELP, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    shown = [body for body in blocks(README, "text") if body.startswith("Usage:")]
    assert shown == ["\n".join(line.rstrip() for line in told.strip().splitlines()) + "\n"]


def test_the_readme_has_every_setting_and_no_other() -> None:
    assert sorted(first_column(README, "Settings")) == sorted(settings())


def test_the_example_environment_has_every_setting_and_no_other() -> None:
    shown = re.findall(r"^# ([A-Z_]+)=", text_of(ROOT / ".env.example"), re.MULTILINE)
    assert sorted(shown) == sorted(settings())


@pytest.mark.parametrize("file", DOCS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(file: Path) -> None:
    assert loose_links(file) == []


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One two\n[a](absent.md) [b](#one-two) [c](#three) [d](https://example.com) ![e](/etc/hosts)")
    assert loose_links(page, tmp_path) == ["absent.md", "#three", "/etc/hosts"]


def test_every_deployment_is_explained() -> None:
    plan = yaml.safe_load(text_of(ROOT / "deployments" / "prefect.yaml"))
    names = [f"{one['entrypoint'].rpartition(':')[2]}/{one['name']}" for one in plan["deployments"]]
    assert first_column(ROOT / "docs" / "prefect.md", "The deployments") == names


def test_every_checklist_of_the_library_is_explained() -> None:
    shown = set(re.findall(r"^\| `([^`]+)`", text_of(ROOT / "docs" / "checklists.md"), re.MULTILINE))
    assert {file.stem for file in LIBRARY.glob("*.yaml")} <= shown


def test_every_address_of_the_web_room_is_named() -> None:
    doors = [text_of(file) for file in (ROOT / "web").rglob("*.py")]
    paths = {path for door in doors for path in re.findall(r'"(/(?:webhooks/\w+|healthz|readyz|outbox))"', door)}
    assert paths
    assert {path for path in paths if path not in text_of(README)} == set()


@pytest.mark.parametrize("example", blocks(ROOT / "docs" / "checklists.md", "yaml"))
def test_the_examples_can_be_used_as_they_stand(example: str, tmp_path: Path) -> None:
    file = tmp_path / f"{yaml.safe_load(example)['checklist']}.yaml"
    file.write_text(example)
    organisation = ROOT / "deployments" / "organisation.yaml"
    assert read_organisation(organisation).products
    assert validate([file], (LIBRARY,), organisation) == ()
