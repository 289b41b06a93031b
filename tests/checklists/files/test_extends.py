"""A checklist that extends another adds and tightens; it never weakens."""

from pathlib import Path

import pytest

from checklists.binding import Binding
from checklists.checklist import Checklist
from checklists.checks import LinksCheck
from checklists.files.load import load_checklist
from checklists.items import Announce, Gate, Training
from tests.checklists.files.written import findings, write

PARENT = """
checklist: parent
title: Parent
tier: 2
items:
  qa:
    gate: QA
    due: T-3d
    sign: [2 of qa, 1 of security]
    evidence: [report]
    bound-to: code
  links:
    check: links
    needs: [qa]
    with: {pages: ["https://a.example"]}
  http:
    check: http
    with: {url: "https://b.example"}
  training:
    training: {audience: support, materials: [a.md]}
  announce:
    announce: {audience: internal, channels: [email], at: "T+0 09:00"}
    needs: [qa]
"""


def _child(folder: Path, items: str) -> Path:
    write(folder, "parent", PARENT)
    return write(folder, "child", f"checklist: child\nextends: parent\nitems:\n{items}\n")


def _loaded(folder: Path, items: str) -> Checklist:
    return load_checklist(_child(folder, items), (folder,)).checklist


def test_a_child_has_all_of_its_parent_but_the_title(tmp_path: Path) -> None:
    child = _loaded(tmp_path, "  extra: {todo: x}")

    assert (child.checklist, child.title, child.tier) == ("child", None, 2)
    assert list(child.items) == ["qa", "links", "http", "training", "announce", "extra"]


def test_a_child_without_items_is_its_parent(tmp_path: Path) -> None:
    assert list(_loaded(tmp_path, "").items) == ["qa", "links", "http", "training", "announce"]


def test_what_a_child_adds_stands_before_the_next_item_it_repeats(tmp_path: Path) -> None:
    child = _loaded(tmp_path, "  docs: {todo: x}\n  http: {needs: [docs]}\n  last: {todo: y}")

    assert list(child.items) == ["qa", "links", "docs", "http", "training", "announce", "last"]


def test_a_child_adds_and_raises(tmp_path: Path) -> None:
    child = _loaded(
        tmp_path,
        """
  docs: {todo: x}
  qa: {sign: [3 of qa, 1 of legal], due: T-5d, evidence: [scan, report], about: more, needs: [docs]}
  links: {with: {pages: ["https://c.example"]}, needs: [docs]}
  training: {sign: [1 of qa], training: {materials: [b.md]}}
  announce: {announce: {at: T+1d, channels: [slack]}}
""",
    )
    qa, links, training, told = (child.items[key] for key in ("qa", "links", "training", "announce"))

    assert isinstance(qa, Gate)
    assert ([str(line) for line in qa.sign], str(qa.due), qa.evidence, qa.needs, qa.bound_to) == (
        ["1 of security", "3 of qa", "1 of legal"], "T-5d", ("report", "scan"), ("docs",), Binding(to="code"),
    )  # fmt: skip
    assert isinstance(links, LinksCheck)
    assert (links.needs, links.with_.pages) == (("qa", "docs"), ("https://a.example", "https://c.example"))
    assert isinstance(training, Training)
    assert [str(line) for line in training.sign] == ["1 of support", "1 of qa"]
    assert training.training.materials == ("a.md", "b.md")
    assert isinstance(told, Announce)
    assert (told.announce.audience, told.announce.channels, told.needs) == ("internal", ("slack",), ("qa",))


WEAKER = {
    "fewer signatures": ("qa: {sign: [1 of qa]}", "items.qa.sign", '"2 of qa"'),
    "fewer over several lines": ("qa: {sign: [1 of legal, 1 of qa]}", "items.qa.sign", '"2 of qa"'),
    "no signatures": ("qa: {sign: }", "items.qa.sign", "it"),
    "no needs": ("links: {needs: null}", "items.links.needs", "it"),
    "another kind": ("qa: {todo: x}", "items.qa.todo", "a gate"),
    "another check": ("links: {check: github-status}", "items.links.check", '"links"'),
    "a later due date": ("qa: {due: T-2d}", "items.qa.due", '"T-3d"'),
    "a later hour": ("qa: {due: T-3d 17:01}", "items.qa.due", '"T-3d"'),
    "no due date": ("qa: {due: ~}", "items.qa.due", "it"),
    "bound to less": ("qa: {bound-to: nothing}", "items.qa.bound-to", '"code"'),
    "another address": ("http: {with: {url: x}}", "items.http.with.url", '"https://b.example"'),
    "another status": ("http: {with: {status: 404}}", "items.http.with.status", '"200"'),
    "another role trained": ("training: {training: {audience: qa}}", "items.training.training.audience", '"support"'),
    "fewer trained": ("training: {training: {pass: 50%}}", "items.training.training.pass", '"100%"'),
    "another audience": ("announce: {announce: {audience: all}}", "items.announce.announce.audience", '"internal"'),
    "an earlier message": ("announce: {announce: {at: T-1d}}", "items.announce.announce.at", '"T+0 09:00"'),
}


@pytest.mark.parametrize(("item", "path", "asked"), WEAKER.values(), ids=list(WEAKER))
def test_a_child_never_weakens(item: str, path: str, asked: str, tmp_path: Path) -> None:
    (found,) = findings(_child(tmp_path, f"  {item}"))

    assert found.startswith(f"child.yaml:4: {path}: ")
    assert "parent.yaml:" in found
    assert found.endswith(asked)
