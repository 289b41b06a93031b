"""What is wrong with a checklist file, in words a person can act on."""

from pathlib import Path

import pytest

from tests.checklists.files.written import findings, write

WRONG = {
    "an unknown key": ("  a: {todo: x, neds: [b]}", '3: items.a.neds: no key is called "neds"; did you mean "needs"?'),
    "an underscore": ("  a: {gate: x, sign: [1 of q], bound_to: code}", 'no key is called "bound_to"; did you'),
    "a text for a list": ("  a: {todo: x, needs: b}", '3: items.a.needs: expected a list, not the text "b"'),
    "a number for a text": ("  a: {todo: 5}", "3: items.a.todo: expected a text, not the number 5"),
    "true for a number": ("  a: {todo: x}\ntier: true", "4: tier: expected a whole number, not true"),
    "a number too high": ("  a: {todo: x}\ntier: 9", "4: tier: must be 5 or less, not the number 9"),
    "a list for an item": ("  a: [b]", "3: items.a: expected a mapping, not a list; an item begins with one of gate"),
    "nothing for an item": ("  a:", "3: items.a: expected a mapping, not nothing"),
    "an empty kind": ("  a:\n    gate:", '3: items.a: "gate" is empty; say what it is'),
    "no kind": ("  a: {title: x}", "3: items.a: an item needs one of gate, training, todo, check, announce"),
    "nearly a kind": ("  a: {gaet: x}", 'did you mean "gate" where it says "gaet"?'),
    "two kinds": ("  a: {todo: x, gate: y, sign: [1 of q]}", 'this has "gate" already; remove "todo"'),
    "an unknown check": ("  a: {check: link}", '3: items.a: no check is called "link"; did you mean "links"?'),
    "a missing field": ("  a: {gate: x}", "3: items.a.sign: this is missing; add it"),
    "a missing field inside": ("  a:\n    check: http\n    with: {}", "5: items.a.with.url: this is missing; add it"),
    "nobody signs": ("  a: {gate: x, sign: []}", "3: items.a.sign: must not be empty"),
    "a bad quorum line": ("  a:\n    gate: x\n    sign:\n      - 2 qa", "6: items.a.sign: a quorum line reads"),
    "a bad date": ("  a: {todo: x, due: 3d}", "3: items.a.due: a date relative to the launch reads like 'T-3d'"),
    "a date as number": ("  a: {todo: x, due: 3}", "3: items.a.due: expected a date relative to the launch"),
    "a bad time": ("  a: {check: links, timeout: 5 min}", "3: items.a.timeout: a time reads like 90 (seconds), '30s'"),
    "a bad key": ("  A b: {todo: x}", "3: items.A b: expected lower-case words joined by dashes"),
    "two lines in a title": (r'  a: {todo: "x\ny"}', "3: items.a.todo: expected one line without control characters"),
    "a need of nothing": (
        "  docs:\n    todo: x\n    needs:\n      - release-note\n  release-notes: {todo: y}",
        '6: items.docs.needs: no item is called "release-note"; did you mean "release-notes"?',
    ),
    "bound to nothing": ("  a: {gate: x, sign: [1 of q], bound-to: cod}", '"cod"; did you mean "code"?'),
    "bound to no word": ("  a: {gate: x, sign: [1 of q], bound-to: Code}", "3: items.a.bound-to: a gate is bound to"),
    "bound to a list": ("  a: {gate: x, sign: [1 of q], bound-to: [code]}", "items.a.bound-to: a gate is bound to"),
    "bound to something else": ("  a: {gate: x, sign: [1 of q], bound-to: {cod: [x]}}", "as in `{code: [src/**, "),
    "bound to no paths": ("  a: {gate: x, sign: [1 of q], bound-to: {code: []}}", "`code` lists path patterns"),
    "an unknown word for authors": (
        "  a: {gate: x, sign: [1 of q], self-sign: true}",
        "3: items.a.self-sign: expected 'barred' or 'allowed', not true",
    ),
    "half a quorum line": ("  a:\n    gate: x\n    sign:\n      - all qa", "6: items.a.sign: a quorum line reads like"),
    "more people than are named": (
        "  a: {gate: x, sign: [3 of ada@x.org or ben@x.org]}",
        "items.a.sign: '3 of ada@x.org or ben@x.org' asks for more people than it names",
    ),
    "no number of days": ("  a: {todo: x, remind: 2 days}", "a number of business days reads like '1d', not '2 days'"),
    "too many days": ("  a: {todo: x, remind: 400d}", '3: items.a.remind: must be 365 or less, not the text "400d"'),
    "a step without a role": (
        "  a: {todo: x, escalate: [1d]}",
        '3: items.a.escalate: expected a step such as "1d: team-lead", not the text "1d"',
    ),
    "a step with a bad role": (
        "  a:\n    todo: x\n    escalate:\n      - 1d: QA",
        "6: items.a.escalate: a step of the ladder reads like '1d: team-lead', not '1d: QA'",
    ),
    "two steps in one": ("  a: {todo: x, escalate: [{1d: a, 2d: b}]}", "like '1d: team-lead', not '1d: a, 2d: b'"),
    "a bad step for all items": ("  a: {todo: x}\nescalate: [{soon: a}]", "4: escalate: a step of the ladder"),
    "a cycle": (
        "  a: {todo: x, needs: [c]}\n  b: {todo: x, needs: [a]}\n  c: {todo: x, needs: [b]}",
        "these items wait for each other: ",
    ),
    "an item that needs itself": ("  a: {todo: x, needs: [a]}", "wait for each other: a -> a"),
    "a duplicate item": ("  a: {todo: x}\n  a: {todo: y}", "4: items.a: this stands here already, in line 3"),
    "no items": ("  {}", "2: items: must not be empty"),
}  # fmt: skip


@pytest.mark.parametrize(("items", "said"), WRONG.values(), ids=list(WRONG))
def test_it_refuses(items: str, said: str, tmp_path: Path) -> None:
    found = findings(write(tmp_path, "bad", f"checklist: bad\nitems:\n{items}\n"))

    assert len(found) == 1
    assert found[0].startswith("bad.yaml:")
    assert said in found[0]


def test_every_finding_shows_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = write(
        tmp_path, "bad", "checklist: bad\ntier: x\nitems:\n  a: {todo: 1, needs: [b, c]}\n  d: {gate: e}\nteir: 1"
    )

    assert [line.split(": ", 1)[0] for line in findings(file)] == [f"bad.yaml:{line}" for line in (2, 4, 4, 4, 5, 6)]


def test_a_broken_file_yields_a_hundred_findings_at_most_of_a_sort(tmp_path: Path) -> None:
    needs = ", ".join(f"x{index}" for index in range(20_000))

    assert len(findings(write(tmp_path, "bad", f"checklist: bad\nitems:\n  a: {{todo: x, needs: [{needs}]}}"))) == 100
