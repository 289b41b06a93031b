"""Whole files and folders, and what an organisation cannot do of a checklist."""

import subprocess
import sys
from pathlib import Path

import pytest

from checklists.files.load import LIBRARY, load_checklist
from checklists.files.validate import check_against, validate
from checklists.organisation import Organisation
from tests.checklists.files.test_organisation_file import EXAMPLE
from tests.checklists.files.written import write

OURS = Organisation.model_validate(
    {
        "organisation": "X",
        "people": {
            "ada@example.com": {"name": "Ada", "roles": ["qa", "security"]},
            "ben@example.com": {"name": "Ben", "roles": ["qa"]},
        },
        "audiences": {"customers": {}},
        "topics": {"acme": {"title": "Acme"}},
    }
)

IMPOSSIBLE = {
    "a role nobody has": (
        "gate: x\n    sign: [1 of qa, 1 of legal]",
        '5: items.a.sign: nobody can meet "1 of legal": nobody in the organisation has the role "legal"',
    ),
    "a role misspelt": ("gate: x\n    sign: [1 of securty]", 'or did you mean "security"?'),
    "more than there are": ("gate: x\n    sign: [3 of qa]", '"1 of qa" stays open when one person fills one place'),
    "one person for two places": ("gate: x\n    sign: [2 of qa, 1 of security]", "stays open when one person"),
    "a person nobody is": (
        "gate: x\n    sign: [bea@example.com]",
        'nobody can meet "bea@example.com": no person is called "bea@example.com"; did you mean "ben@example.com"?',
    ),
    "one of two nobody is": ("gate: x\n    sign: [1 of qa or bea@example.com]", 'no person is called "bea@'),
    "somebody twice": (
        "gate: x\n    sign: [all of qa, ada@example.com]",
        '"ada@example.com" stays open when one person fills one place',
    ),
    "nobody to tell": (
        "todo: x\n    escalate:\n      - 1d: qa\n      - 2d: boss",
        '7: items.a.escalate: nobody in the organisation has the role "boss"; give it to somebody',
    ),
    "nobody to train": ("training: {audience: support, materials: [x]}", "4: items.a.training.audience: nobody can"),
    "an owner nobody is": ("todo: x\n    owner: docs", "5: items.a.owner: nobody in the organisation"),
    "an unknown audience": (
        "announce: {audience: customer, channels: [email]}",
        '4: items.a.announce.audience: no audience is called "customer"; did you mean "customers"?',
    ),
    "an unknown channel": ("announce: {audience: customers, channels: [slack]}", '"slack"; known: email, feed'),
}  # fmt: skip


@pytest.mark.parametrize(("item", "said"), IMPOSSIBLE.values(), ids=list(IMPOSSIBLE))
def test_an_organisation_cannot_do_what_it_has_nobody_for(item: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path, "ours", f"checklist: ours\nitems:\n  a:\n    {item}\n")

    (found,) = check_against(load_checklist(file), OURS)

    assert said in str(found).removeprefix(f"{file}:")


def test_somebody_with_two_roles_never_blocks_what_can_be_met(tmp_path: Path) -> None:
    file = write(tmp_path, "ours", "checklist: ours\nitems: {a: {gate: x, sign: [1 of qa, 1 of security]}}")

    assert check_against(load_checklist(file), OURS) == ()


OWN = {
    "the name of another one": (
        "customers: {rule: {list: beta}}",
        "customers",
        "email",
        "3: audiences.customers: the organisation file has an audience of this name, too, and nobody could tell who",
    ),
    "a topic nobody can choose": (
        "testers: {rule: {not: {any: [{topic: acmee}]}}}",
        "testers",
        "email",
        '3: audiences.testers.rule.not.any.topic: no topic is called "acmee"; did you mean "acme"?',
    ),
    "a role nobody has": (
        "testers: {roles: [qaa]}",
        "testers",
        "email",
        '3: audiences.testers.roles: nobody in the organisation has the role "qaa"; give it to somebody, or did you',
    ),
    "another one announced to": (
        "testers: {rule: {list: beta}}",
        "tester",
        "email",
        '6: items.a.announce.audience: no audience is called "tester"; did you mean "testers"?',
    ),
    "on the change channel for nobody": (
        "testers: {rule: {list: beta}, external: true}",
        "testers",
        "feed",
        '6: items.a.announce.channels: "feed" shows what is for "testers" alone to audiences of the organisation file',
    ),
}


@pytest.mark.parametrize(("audience", "named", "channel", "said"), OWN.values(), ids=list(OWN))
def test_audiences_of_a_checklist_are_looked_at_too(
    audience: str, named: str, channel: str, said: str, tmp_path: Path
) -> None:
    text = f"""checklist: ours
audiences:
  {audience}
items:
  a:
    announce: {{audience: {named}, channels: [{channel}]}}
"""
    (found,) = check_against(load_checklist(write(tmp_path, "ours", text)), OURS)
    assert str(found).removeprefix(f"{tmp_path}/ours.yaml:").startswith(said)


def test_a_checklist_announces_to_an_audience_of_its_own(tmp_path: Path) -> None:
    text = """checklist: ours
audiences: {testers: {topics: [launched-product], rule: {list: beta}, external: true}}
items: {a: {announce: {audience: testers, channels: [email]}}}
"""
    assert check_against(load_checklist(write(tmp_path, "ours", text)), OURS) == ()


@pytest.mark.parametrize(
    ("gate_needs", "tell_needs", "valid"), [("", "text", True), ("tell", "", True), ("", "", False)]
)
def test_an_announcement_waits_for_the_gate_that_signs_it(
    tmp_path: Path, gate_needs: str, tell_needs: str, valid: bool
) -> None:
    file = write(
        tmp_path,
        "ours",
        f"""checklist: ours
items:
  text:
    gate: The words
    needs: [{gate_needs}]
    sign: [1 of qa]
    bound-to: tell
  go: {{todo: Go, needs: [{tell_needs}]}}
  tell: {{announce: {{audience: customers, channels: [email]}}, needs: [go]}}
""",
    )
    found = [str(finding) for finding in check_against(load_checklist(file), OURS)]
    assert (found == []) is valid
    assert valid or 'items.text.bound-to: "tell" does not wait for this gate, which signs it' in found[0]


def test_the_library_is_valid_and_the_example_organisation_can_do_all_of_it() -> None:
    assert validate(organisation=EXAMPLE) == ()


def test_without_files_everything_is_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "checklists"
    folder.mkdir()
    write(folder, "a", "checklist: a\nitems: {x: {todo: 1}}")
    write(folder, "b", "checklist: b\nitems: {x: {todo: y, owner: nobody}}")
    ours = write(tmp_path, "organisation", "organisation: X\npeeple: {}")
    assert [finding.file.name for finding in validate((), (folder,), ours)] == ["organisation.yaml", "a.yaml"]

    write(tmp_path, "organisation", "organisation: X")
    assert [finding.file.name for finding in validate((), (folder,), ours)] == ["a.yaml", "b.yaml"]


def test_named_files_are_told_apart_and_checked_against_each_other(tmp_path: Path) -> None:
    ours = write(tmp_path, "ours", "checklist: ours\nitems: {x: {todo: y, owner: sales}}")
    people = write(tmp_path, "people", "organisation: X\npeople: {a@b.de: {name: A, roles: [sales]}}")

    assert validate([ours, people], organisation=EXAMPLE) == ()
    assert [finding.path for finding in validate([ours], organisation=EXAMPLE)] == ["items.x.owner"]
    assert validate([ours]) == ()


def test_a_product_names_checklists_that_are_there(tmp_path: Path) -> None:
    ours = write(
        tmp_path, "ours", "organisation: X\nproducts:\n  a: {title: A, checklists: {minor: saas, patch: ignore}}"
    )

    (found,) = validate([ours])
    assert str(found).endswith(
        ':3: products.a.checklists.minor: no checklist is called "saas"; did you mean "saas-feature"?'
    )


@pytest.mark.parametrize(("run", "valid"), [("tool", True), ("../tool", False), ("none", False), ("/bin/sh", False)])
def test_a_command_lies_beside_its_checklist(run: str, valid: bool, tmp_path: Path) -> None:
    folder = tmp_path / "checklists"
    folder.mkdir()
    for tool in (folder / "tool", tmp_path / "tool"):
        tool.touch()
    file = write(folder, "ours", f"checklist: ours\nitems: {{x: {{check: command, with: {{run: [{run}]}}}}}}")

    assert ([finding.path for finding in validate([file])] == []) is valid


def test_a_file_named_twice_is_found_wanting_once(tmp_path: Path) -> None:
    file = write(tmp_path, "ours", "- a")

    assert len(validate([file, file, tmp_path / "none.yaml"])) == 2


def test_validating_never_imports_prefect() -> None:
    """The promise of the interface, and what keeps the command quick."""
    code = "import sys, checklists.files.validate as v; v.validate(); sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=LIBRARY.parents[1]).returncode == 0


def test_the_ladder_of_all_items_leads_to_somebody(tmp_path: Path) -> None:
    file = write(tmp_path, "ours", "checklist: ours\nescalate: [1d: boss]\nitems: {a: {todo: x}}\n")
    (found,) = check_against(load_checklist(file), OURS)
    assert str(found).endswith(
        'ours.yaml:2: escalate: nobody in the organisation has the role "boss"; give it to somebody'
    )


def test_a_role_that_is_named_to_waive_is_somebodys(tmp_path: Path) -> None:
    people = "organisation: X\npeople: {a@b.de: {name: A, roles: [sales]}}\n"
    (found,) = validate([write(tmp_path, "ours", f"{people}waivers: sale\n")])
    assert str(found).endswith(
        'ours.yaml:3: waivers: nobody in the organisation has the role "sale"; give it to '
        'somebody, or did you mean "sales"?'
    )
    assert validate([write(tmp_path, "ours", f"{people}waivers: sales\n")]) == ()
    assert validate([write(tmp_path, "ours", people)]) == ()
