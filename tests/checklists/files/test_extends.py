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
escalate: [2d: lead, 4d: boss]
items:
  qa:
    gate: QA
    due: T-3d
    sign: [2 of qa, 1 of security]
    evidence: [report]
    bound-to: code
  legal:
    gate: Legal
    sign: [1 of legal or finance]
    bound-to: {code: [terms/**, "!terms/drafts"]}
    self-sign: allowed
    escalate: [1d: legal-lead]
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
    announce: {audience: internal, channels: [email], at: "T+0 09:00", until: "T+2d 18:00", window: "09:00-17:00",
      after: {item: qa, gap: 1h}}
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
    assert list(child.items) == ["qa", "legal", "links", "http", "training", "announce", "extra"]


def test_a_child_without_items_is_its_parent(tmp_path: Path) -> None:
    assert list(_loaded(tmp_path, "").items) == ["qa", "legal", "links", "http", "training", "announce"]


def test_what_a_child_adds_stands_before_the_next_item_it_repeats(tmp_path: Path) -> None:
    child = _loaded(tmp_path, "  docs: {todo: x}\n  http: {needs: [docs]}\n  last: {todo: y}")

    assert list(child.items) == ["qa", "legal", "links", "docs", "http", "training", "announce", "last"]


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


TIGHTER = {
    "narrowed": ("sign: [1 of legal]", "sign", ["1 of legal"]),
    "narrowed and raised": ("sign: [2 of finance]", "sign", ["2 of finance"]),
    "narrowed to all": ("sign: [all of legal]", "sign", ["all of legal"]),
    "both of them": ("sign: [1 of legal, 1 of finance]", "sign", ["1 of legal", "1 of finance"]),
    "one more": ("sign: [1 of legal or finance, 1 of legal]", "sign", ["1 of legal or finance", "1 of legal"]),
    "all": ("sign: [all of legal or finance]", "sign", ["all of legal or finance"]),
    "all of more": ("sign: [all of legal or finance or qa]", "sign", ["all of legal or finance or qa"]),
    "in another order": ("sign: [2 of finance or legal]", "sign", ["2 of finance or legal"]),
    "somebody else on top": ("sign: [ada@x.org]", "sign", ["1 of legal or finance", "ada@x.org"]),
    "authors barred": ("self-sign: barred", "self-sign", "barred"),
    "more paths": (
        'bound-to: {code: [terms/**, prices/**, "!terms/drafts"]}',
        "bound-to",
        {"code": ["terms/**", "prices/**", "!terms/drafts"]},
    ),
    "nothing taken out": ("bound-to: {code: [terms/**]}", "bound-to", {"code": ["terms/**"]}),
    "all but": ('bound-to: {code: ["!terms/drafts"]}', "bound-to", {"code": ["!terms/drafts"]}),
    "all of the code": ("bound-to: code", "bound-to", "code"),
    "told earlier": ("escalate: [0d: legal-lead, 2d: boss]", "escalate", [{"0d": "legal-lead"}, {"2d": "boss"}]),
    "reminded never": ("remind: 0d", "remind", 0),
}


@pytest.mark.parametrize(("said", "key", "holds"), TIGHTER.values(), ids=list(TIGHTER))
def test_a_child_may_tighten(said: str, key: str, holds: object, tmp_path: Path) -> None:
    assert _loaded(tmp_path, f"  legal: {{{said}}}").items["legal"].model_dump(mode="json")[key] == holds


def test_a_child_may_bind_what_was_free(tmp_path: Path) -> None:
    write(
        tmp_path, "parent", "checklist: parent\nitems: {a: {gate: A, sign: [1 of qa], bound-to: nothing}, b: {todo: x}}"
    )
    child = write(
        tmp_path, "child", "checklist: child\nextends: parent\nitems: {a: {bound-to: code, self-sign: barred}}"
    )
    (gate, _) = load_checklist(child, (tmp_path,)).checklist.items.values()
    assert isinstance(gate, Gate)
    assert gate.bound_to == Binding(to="code")


def test_what_a_grandchild_raises_holds_against_both(tmp_path: Path) -> None:
    """`1 of qa` -> `2 of qa` -> `all of qa`."""
    _child(tmp_path, "  qa: {sign: [3 of qa]}")
    grand = write(tmp_path, "grand", "checklist: grand\nextends: child\nitems:\n  qa: {sign: [all of qa]}\n")
    gate = load_checklist(grand, (tmp_path,)).checklist.items["qa"]
    assert isinstance(gate, Gate)
    assert [str(line) for line in gate.sign] == ["1 of security", "all of qa"]
    lower = write(tmp_path, "grand", "checklist: grand\nextends: child\nitems:\n  qa: {sign: [2 of qa]}\n")
    (found,) = findings(lower)
    assert "child.yaml:4" in found
    assert found.endswith('"3 of qa"')


def test_the_ladder_of_a_child_is_told_to_everybody_it_was(tmp_path: Path) -> None:
    write(tmp_path, "parent", PARENT)
    sooner = "checklist: child\nextends: parent\nescalate: [1d: lead, 3d: boss, 5d: ceo]\n"
    child = load_checklist(write(tmp_path, "child", sooner), (tmp_path,)).checklist
    assert [(step.after, step.role) for step in child.escalate] == [(1, "lead"), (3, "boss"), (5, "ceo")]
    for later, asked in (("[2d: lead]", "4d: boss"), ("[3d: lead, 4d: boss]", "2d: lead"), ("[]", "2d: lead")):
        file = write(tmp_path, "child", f"checklist: child\nextends: parent\nescalate: {later}\n")
        (found,) = findings(file)
        assert found.startswith("child.yaml:3: escalate: nobody can be told later, or not at all; ")
        assert found.endswith(f'parent.yaml:4 asks for "{asked}"')


WEAKER = {
    "fewer signatures": ("qa: {sign: [1 of qa]}", "items.qa.sign", '"2 of qa"'),
    "fewer over several lines": ("qa: {sign: [1 of legal, 1 of qa]}", "items.qa.sign", '"2 of qa"'),
    "no signatures": ("qa: {sign: }", "items.qa.sign", "it"),
    "more who may": (
        "legal: {sign: [1 of legal or finance or qa]}",
        "items.legal.sign",
        '"1 of legal or finance"',
    ),
    "others": ("qa: {sign: [2 of qa, 1 of security or docs]}", "items.qa.sign", '"1 of security"'),
    "authors let in": ("qa: {self-sign: allowed}", "items.qa.self-sign", '"barred"'),
    "bound to some": ("qa: {bound-to: {code: [src/**]}}", "items.qa.bound-to", '"code"'),
    "bound to other paths": (
        "legal: {bound-to: {code: [prices/**]}}",
        "items.legal.bound-to",
        '"code: terms/**, !terms/drafts"',
    ),
    "more taken out": (
        'legal: {bound-to: {code: [terms/**, "!terms/drafts", "!terms/old"]}}',
        "items.legal.bound-to",
        '"code: terms/**, !terms/drafts"',
    ),
    "bound to something else": ("qa: {bound-to: evidence}", "items.qa.bound-to", '"code"'),
    "told later": ("legal: {escalate: [2d: legal-lead]}", "items.legal.escalate", '"1d: legal-lead"'),
    "told to others": ("legal: {escalate: [1d: boss]}", "items.legal.escalate", '"1d: legal-lead"'),
    "not told": ("legal: {escalate: []}", "items.legal.escalate", '"1d: legal-lead"'),
    "around the ladder of all": ("qa: {escalate: [1d: lead]}", "items.qa.escalate", '"4d: boss"'),
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
    "a message that may be late": (
        "announce: {announce: {until: T+3d}}",
        "items.announce.announce.until",
        '"T+2d 18:00"',
    ),
    "wider hours": ('announce: {announce: {window: "08:59-17:00"}}', "items.announce.announce.window", '"09:00-17:00"'),
    "a shorter gap": ("announce: {announce: {after: {gap: 59m}}}", "items.announce.announce.after.gap", '"1h"'),
    "after something else": (
        "announce: {announce: {after: {item: legal}}}",
        "items.announce.announce.after.item",
        '"qa"',
    ),
    "an earlier message": ("announce: {announce: {at: T-1d}}", "items.announce.announce.at", '"T+0 09:00"'),
}


@pytest.mark.parametrize(("item", "path", "asked"), WEAKER.values(), ids=list(WEAKER))
def test_a_child_never_weakens(item: str, path: str, asked: str, tmp_path: Path) -> None:
    (found,) = findings(_child(tmp_path, f"  {item}"))

    assert found.startswith(f"child.yaml:4: {path}: ")
    assert "parent.yaml:" in found
    assert found.endswith(asked)


AUDIENCES = """checklist: parent
audiences:
  testers: {external: true, rule: {list: beta}}
items:
  tell: {announce: {audience: testers, channels: [email]}}
"""


def _telling(folder: Path, audiences: str) -> Path:
    write(folder, "parent", AUDIENCES)
    return write(folder, "child", f"checklist: child\nextends: parent\naudiences:{audiences}\n")


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("", ["testers"]),
        (" {partners: {rule: {domain: partner.example}}}", ["testers", "partners"]),
        (" {testers: {rule: {list: beta}, external: true}}", ["testers"]),
    ],
)
def test_a_child_adds_audiences_and_keeps_those_it_has(said: str, names: list[str], tmp_path: Path) -> None:
    child = load_checklist(_telling(tmp_path, said), (tmp_path,)).checklist
    assert list(child.audiences) == names
    assert str(child.audiences["testers"].rule) == 'list is "beta"'


SAYS_WHO = "parent.yaml:3 says who these are, and its announcements go to them; give yours another name"
OTHERS = {
    "wider": ("{external: true, rule: {list: [beta, crm]}}", SAYS_WHO),
    "other people": ("{external: true, rule: {domain: partner.example}}", SAYS_WHO),
    "the house instead of customers": ("{rule: {list: beta}}", SAYS_WHO),
    "for everybody to read": ("{external: true, public: true, rule: {list: beta}}", SAYS_WHO),
    "narrower": ("{external: true, rule: {all: [{list: beta}, {locale: de}]}}", SAYS_WHO),
    "taken away": ("", "this cannot be taken away; parent.yaml:3 asks for it"),
}


@pytest.mark.parametrize(("said", "problem"), OTHERS.values(), ids=list(OTHERS))
def test_a_child_never_makes_other_people_of_an_audience(said: str, problem: str, tmp_path: Path) -> None:
    (found,) = findings(_telling(tmp_path, f"\n  testers: {said}"))
    assert found == f"child.yaml:4: audiences.testers: {problem}"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (" [testers]", "child.yaml:3: audiences: expected a mapping, not a list"),
        ("\n  partners: {rulle: {list: b}}", 'child.yaml:4: audiences.partners.rulle: no key is called "rulle"; did'),
        ("\n  partners: {rule: {}}", "child.yaml:4: audiences.partners.rule: this rule means everybody or nobody; say"),
        ("\n  partners:\n    rule: {any: []}", "child.yaml:5: audiences.partners.rule.any: must not be empty"),
        ("\n  Partners: {rule: {list: b}}", "child.yaml:4: audiences.Partners: expected lower-case words joined by"),
        ("\n  partners: {addresses: [a@b.de]}", "child.yaml:4: audiences.partners: a launch keeps its checklist for"),
        ("\n  partners: {public: true}", "child.yaml:4: audiences.partners: only what customers are told is for"),
    ],
)
def test_what_no_audience_can_be_is_told_with_its_place(said: str, found: str, tmp_path: Path) -> None:
    (only,) = findings(_telling(tmp_path, said))
    assert only.startswith(found)
