"""What blocks notes, and what does not."""

from __future__ import annotations

import pytest

from checklists.notes.change import Change
from checklists.notes.findings import of_changes, of_text, together
from checklists.notes.style import Style

STYLE = Style(banned={"simply": "", "login": "sign-in"}, required=("Acme",), internal_hosts=(".acme.example",))


def problems(*changes: Change) -> list[str]:
    return [str(finding) for finding in of_changes(changes, ("customer", "admin", "internal"))]


def test_a_user_visible_change_without_words_is_named_for_each_audience_that_sees_it() -> None:
    assert problems(Change("#41", "exports", type="feat", commits=("a1b2c3d4e5f6",))) == [
        'customer #41 a1b2c3d4e5: "exports" has no text for customers yet; '
        "write one here, or in a `release-note customer` block or a fragment in the repository; "
        "NONE there if customers need not know",
        'admin #41 a1b2c3d4e5: "exports" has no text for admins yet; '
        "write one here, or in a `release-note admin` block or a fragment in the repository; "
        "NONE there if admins need not know",
    ]


def test_many_changes_without_a_text_are_one_finding_and_a_hash_is_said_once() -> None:
    exports = Change("2c21a0b38f", "exports", type="feat", commits=("2c21a0b38f99",))
    bare = [exports, Change("#42", "views", type="feat")]
    assert str(next(of_changes(bare, ("customer",)))).startswith("customer 2c21a0b38f: ")
    (whole,) = together(of_changes(bare, ("customer",)))
    assert str(whole).startswith(
        'customer: 2 changes have no text for customers yet: "exports" (2c21a0b38f), "views" (#42); write one here, or'
    )


@pytest.mark.parametrize(
    "change",
    [
        Change("a", "exports", type="feat", notes={"customer": "Reports come every night."}),
        Change("a", "exports", type="feat", notes={"customer": "NONE", "admin": "NONE", "developer": "NONE"}),
        Change("a", "tidy", type="refactor"),
        Change("a", "Release 2.0", type="release"),
        Change("a", "whatever"),
    ],
)
def test_words_or_a_written_none_or_no_reader_are_enough(change: Change) -> None:
    assert problems(change) == []


def test_what_breaks_says_what_to_do() -> None:
    words = {"customer": "The key has another name."}
    silent = Change("a", "rename", type="fix", is_breaking=True, notes=words)  # type: ignore[arg-type]  # a literal
    assert [line.partition(":")[0] for line in problems(silent)] == ["customer a", "admin a"]
    assert problems(Change("a", "rename", type="fix", is_breaking=True, action="Write it.", notes=silent.notes)) == []


@pytest.mark.parametrize("words", ["TODO", "tbd", "…", "say <insert name>", "{{ product }}", "n/a"])
def test_a_placeholder_is_no_note(words: str) -> None:
    assert any(
        "is a placeholder" in line for line in problems(Change("a", "x", type="feat", notes={"customer": words}))
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Acme is here. TODO", "placeholder"),
        ("Acme: simply click", '"simply" is not a word of ours; leave it out'),
        ("The Acme login", '"login" is not a word of ours; write "sign-in"'),
        ("Acme ghp_0123456789abcdefghijklmnopqrstuvwxyz", "looks like a secret"),
        ("Acme password: hunter2hunter2", "looks like a secret"),
        ("Acme AKIAIOSFODNN7EXAMPLE", "looks like a secret"),
        ("-----BEGIN RSA PRIVATE KEY----- Acme", "looks like a secret"),
        ("Acme http://10.0.0.7/x", '"10.0.0.7" is a host of the house'),
        ("Acme http://localhost:8080/", '"localhost" is a host of the house'),
        ("Acme build.corp.internal", '"build.corp.internal" is a host of the house'),
        ("Acme https://wiki.acme.example/x", '"wiki.acme.example" is a host of the house'),
        ("nothing", '"Acme" does not appear'),
        ("  ", "the text is empty"),
    ],
)
def test_the_text_for_customers_is_looked_at_line_by_line(line: str, problem: str) -> None:
    found = [str(finding) for finding in of_text(line, "customer", STYLE)]
    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize(
    "line",
    ["Acme exports every night", "Acme: https://docs.example.com/exports", "Acme keeps simplymade files", "Acme 2.4.0"],
)
def test_ordinary_sentences_pass(line: str) -> None:
    assert list(of_text(line, "customer", STYLE)) == []


def test_colleagues_may_read_of_hosts_of_the_house() -> None:
    assert list(of_text("see http://build.corp.internal/7", "internal", STYLE)) == []
