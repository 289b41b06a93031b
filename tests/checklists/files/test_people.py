"""People of the organisation file whom nobody could tell apart, and delegates who lead nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.errors import InvalidFile
from checklists.files.organisation_file import read_organisation
from tests.checklists.files.written import write

DAYS = "from: 2026-12-24, to: 2026-12-31"
STEPS = (("a", "b"), ("b", "c"), ("C", "d"), ("d", "d"))

CONFUSED = {
    "a name of two": (
        "  a@b.de: {name: A, also: [github:x]}\n  b@b.de: {name: B, also: [GitHub:X]}",
        '4: people.b@b.de.also: "github:x" is a name of a@b.de, too (line 3); leave it to one of them',
    ),
    "somebody else's address": (
        "  a@b.de:\n    name: A\n    also:\n      - B@b.de\n  b@b.de: {name: B}",
        '6: people.a@b.de.also: "b@b.de" is a name of b@b.de, too (line 7); leave it to one of them',
    ),
    "an unknown delegate": (
        f"  ada@b.de: {{name: A, absences: [{{{DAYS}, delegate: bn@b.de}}]}}\n  ben@b.de: {{name: B}}",
        '3: people.ada@b.de.absences.delegate: no person is called "bn@b.de"; did you mean "ben@b.de"?',
    ),
    "one's own delegate": (
        f"  a@b.de: {{name: A, absences: [{{{DAYS}, delegate: A@b.de}}]}}",
        "a@b.de cannot sign for themself in their own absence; name somebody else",
    ),
    "three steps": (
        "\n".join(f"  {who}@b.de: {{name: N, absences: [{{{DAYS}, delegate: {to}@b.de}}]}}" for who, to in STEPS),
        "that makes 3 steps, a@b.de -> b@b.de -> c@b.de -> d@b.de; 2 are the most",
    ),
}  # fmt: skip


def findings(people: str, folder: Path) -> list[str]:
    try:
        read_organisation(write(folder, "org", f"organisation: X\npeople:\n{people}\n"))
    except InvalidFile as invalid:
        return [str(finding) for finding in invalid.findings]
    return []


@pytest.mark.parametrize(("people", "said"), CONFUSED.values(), ids=list(CONFUSED))
def test_it_refuses(people: str, said: str, tmp_path: Path) -> None:
    first, *_ = findings(people, tmp_path)
    assert said in first


def test_a_circle_is_shown_at_each_of_its_steps(tmp_path: Path) -> None:
    ada = f"  a@b.de: {{name: A, absences: [{{{DAYS}, delegate: b@b.de}}]}}"
    ben = f"  b@b.de: {{name: B, absences: [{{{DAYS}}}, {{from: 2026-12-31, to: 2027-01-05, delegate: a@b.de}}]}}"
    circle = "that goes round in a circle, {0}@b.de -> {1}@b.de -> {0}@b.de; name somebody else"
    assert [line.split("org.yaml:")[1] for line in findings(f"{ada}\n{ben}", tmp_path)] == [
        f"3: people.a@b.de.absences.delegate: {circle.format('a', 'b')}",
        f"4: people.b@b.de.absences.delegate: {circle.format('b', 'a')}",
    ]
    assert findings(f"{ada}\n{ben.replace('from: 2026-12-31', 'from: 2027-01-01')}", tmp_path) == []


def test_ones_own_names_may_stand_there_twice(tmp_path: Path) -> None:
    assert findings("  Ada@b.de: {name: A, also: [ada@B.de, github:ada, GitHub:Ada]}", tmp_path) == []


def test_names_are_compared_once_the_rest_is_right(tmp_path: Path) -> None:
    (found,) = findings("  a@b.de: {name: 5, also: [x]}\n  b@b.de: {name: B, also: [x]}", tmp_path)
    assert "people.a@b.de.name: expected a text" in found
