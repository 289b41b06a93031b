"""Fragment files of four habits, read for what they say; and files that are none."""

from __future__ import annotations

import re

import pytest

from checklists.notes.change import AUDIENCES
from checklists.notes.findings import of_changes
from checklists.notes.fragments import is_fragment, read_fragment

OURS = """---
type: feat
audiences: [admin]
action: Set EXPORT_FOLDER.
pull-request: 41
---
Exports every night

## customer

Reports come by themselves.

## internal

NONE
"""


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("newsfragments/41.feature.md", True),
        ("pkg/newsfragments/41.feature.md", True),
        (".changeset/brave-cats.md", True),
        ("releasenotes/notes/exports-1a2b.yaml", True),
        (".changeset/README.md", False),
        (".changeset/config.json", False),
        ("newsfragments/.gitignore", False),
        ("news/_template.md.jinja2", False),
        ("changelog/41.feature.rst", True),
        ("src/41.feature.md", False),
    ],
)
def test_a_fragment_lies_in_a_folder_for_them(path: str, is_one: bool) -> None:
    assert is_fragment(path) == is_one


@pytest.mark.parametrize(
    ("path", "id_", "type_", "breaking"),
    [
        ("newsfragments/41.feature.md", "#41", "feat", False),
        ("newsfragments/41.bugfix.rst", "#41", "fix", False),
        ("newsfragments/41.bugfix.2.rst", "#41", "fix", False),
        ("newsfragments/gh-41.misc", "#41", "chore", False),
        ("newsfragments/+orphan.removal.md", "+orphan", "removed", False),
        ("newsfragments/41.breaking.md", "#41", "feat", True),
    ],
)
def test_towncrier_says_the_kind_in_the_name(path: str, id_: str, type_: str, breaking: bool) -> None:
    (change,) = read_fragment(path, "Exports every\nnight\n\nMore about it.")
    assert (change.id, change.type, change.is_breaking, change.title) == (id_, type_, breaking, "Exports every night")
    assert change.has_words("customer") is (type_ != "chore")
    assert change.has_words("internal")


@pytest.mark.parametrize("kind", ["misc", "trivial", "process", "contrib"])
def test_what_is_the_houses_own_is_told_to_the_house(kind: str) -> None:
    (change,) = read_fragment(f"news/41.{kind}.rst", "Move the helpers.")
    assert change.concerns == ("internal",)


def test_a_kind_that_only_this_project_has_is_told_where_the_name_says_whose_it_is() -> None:
    (change,) = read_fragment("changelog/14343.regression.rst", "Sorting works again.")
    assert (change.id, change.type, change.words("customer")) == ("#14343", "unsorted", "Sorting works again.")
    assert "customer" in change.concerns
    for name in ("changelog/index.other.md", "changelog/41.py", "changelog/1.2.0.md"):
        assert read_fragment(name, "No fragment.") == (), name


def test_restructured_text_reads_as_markdown() -> None:
    text = "See `the docs <https://example.com/a>`_ and :pep:`723`: ``pip lock`` takes :ref:`more of it <x>` now."
    (change,) = read_fragment("news/41.feature.rst", text)
    assert change.title == "See [the docs](https://example.com/a) and PEP 723: `pip lock` takes `more of it` now."
    (change,) = read_fragment("news/41.feature.md", "Write ``x`` here.")
    assert change.title == "Write ``x`` here."


@pytest.mark.parametrize(
    ("bump", "type_", "breaking"), [("major", "feat", True), ("minor", "feat", False), ("patch", "fix", False)]
)
def test_a_changeset_says_how_far_each_package_goes(bump: str, type_: str, breaking: bool) -> None:
    (change,) = read_fragment(
        ".changeset/brave-cats.md", f'---\n"@acme/app": {bump}\n"@acme/lib": patch\n---\n\nFaster\n'
    )
    assert (change.type, change.is_breaking, change.scope) == (type_, breaking, "@acme/app, @acme/lib")


def test_reno_keeps_several_changes_in_one_file() -> None:
    text = (
        "features:\n  - Exports every night.\nupgrade:\n  - |\n    Rename the key.\n\n    Write `folder`.\nfixes: []\n"
    )
    new, broken = read_fragment("releasenotes/notes/exports-1a2b3c.yaml", text)
    assert (new.type, broken.is_breaking, broken.action) == ("feat", True, "Write `folder`.")


def test_ours_has_words_for_each_audience() -> None:
    (change,) = read_fragment("changes/exports.md", OURS)
    assert (change.id, change.title, change.action) == ("#41", "Exports every night", "Set EXPORT_FOLDER.")
    assert change.concerns == ("customer", "admin")
    assert change.words("customer") == "Reports come by themselves."


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("newsfragments/41.feature.md", "  \n"),
        ("newsfragments/notes.md", "no kind in its name"),
        ("changes/all.md", "x" * 100_001),
        ("releasenotes/notes/a.yaml", "- a list"),
        ("news/templates/a.yaml", "{{ .Values.all }}: no YAML"),
        (".changeset/empty.md", "---\n---\n"),
    ],
)
def test_what_is_none_says_nothing(path: str, text: str) -> None:
    assert read_fragment(path, text) == ()


@pytest.mark.parametrize("piece", ["`", "` ", "`a ", ":a", ":a:`", "``", "`x <https://a"])
def test_a_long_text_of_marks_takes_no_time(piece: str) -> None:
    """What takes the square of its length would take minutes here."""
    assert len(read_fragment("news/41.feature.rst", piece * (99_000 // len(piece)))) == 1


LEVELS = list(zip("abcdefghij", "bcdefghijk", strict=True))
LISTS = "\n".join(["a: &a [x, x, x]", *(f"{k}: &{k} [*{p}, *{p}, *{p}, *{p}]" for p, k in LEVELS), "type: *k"])
MERGES = "\n".join(["a: &a {x: 1}", *(f"{k}: &{k} {{<<: [{f'*{p},' * 9}]}}" for p, k in LEVELS)])
BROKEN = {
    "no end": ("features: [unclosed", "this is not YAML: did not find expected"),
    "lists of lists": (f"features:\n{LISTS}", "anchors and aliases"),
    "merged mappings": (f"features:\n{MERGES}", "anchors and aliases"),
    "deep": ("features: " + "[" * 50_000, "this is nested more than 12 deep"),
    "deep by lines": ("features:\n" + "\n".join(" " * depth + "-" for depth in range(300)), "nested more than 12"),
    "a key that is none": ("features:\n  ? [a, b]\n  : c", "a key is one word"),
    "a tag": ("features: !!python/object/apply:os.system [ls]", "tags such as"),
    "twice": ("features: a\nfeatures: b", "this stands here already"),
    "an odd character": ("features: a\0b", "the character U+0000 is not allowed; remove it"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize(
    ("path", "around", "line"),
    [("releasenotes/notes/exports-1a2b.yaml", "{}", 1), ("changes/exports.md", "---\n{}\n---\nExports", 2)],
)
def test_what_cannot_be_read_says_where_and_what_to_do(path: str, around: str, line: int, case: str) -> None:
    text, problem = BROKEN[case]
    (change,) = read_fragment(path, around.format(text))
    assert (change.id, change.concerns) == ("exports", AUDIENCES)
    assert change.title == ("Exports" if path.endswith(".md") else f"{path} cannot be read")
    assert re.match(rf"{re.escape(path)}:\d+: .*{re.escape(problem)}", change.problem)
    assert int(change.problem.split(":")[1]) >= line
    found = [str(one) for one in of_changes([change], ("customer",))]
    assert found == [f"customer exports: {change.problem}; mend it, or write here what it is to say"]


@pytest.mark.parametrize(
    "value", ["2024-99-99", "9" * 5_000, "0x" + "f" * 5_000, "1:" * 5_000 + "1", "1e999", ".nan", "~"]
)
def test_no_date_and_no_number_is_too_much(value: str) -> None:
    (change,) = read_fragment("changes/exports.md", f"---\ndate: {value}\npull-request: 41\n---\nExports")
    assert (change.id, change.title, change.problem) == ("#41", "Exports", "")
    read_fragment("releasenotes/notes/a-1.yaml", f"features: {value}")


def test_a_fragment_as_long_as_a_book_is_none_that_is_read() -> None:
    (change,) = read_fragment("news/41.feature.md", "x" * 100_001)
    assert (change.id, change.problem.partition(";")[0]) == (
        "#41",
        "news/41.feature.md: it is longer than 100000 characters",
    )


@pytest.mark.parametrize(("said", "is_breaking"), [("true", True), ("yes", True), ("False", False), ("no", False)])
def test_what_breaks_is_said_in_any_way_of_yaml(said: str, is_breaking: bool) -> None:
    (change,) = read_fragment("changes/exports.md", f"---\nbreaking: {said}\n---\nExports")
    assert change.is_breaking is is_breaking


def test_a_name_that_cannot_be_shown_is_spelled_out() -> None:
    (change,) = read_fragment("releasenotes/notes/a\nb-1.yaml", "features: [")
    assert change.problem.startswith("releasenotes/notes/a\\nb-1.yaml:2: ")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".changeset/brave-cats.md", '---\n"@acme/app": minor\n---\n\nFaster\n'),
        ("changes/exports.md", OURS),
        ("releasenotes/notes/a.yaml", "features:\n  - |\n    Faster.\n\n    Much.\n"),
    ],
)
def test_lines_may_end_as_windows_ends_them(path: str, text: str) -> None:
    (change,) = read_fragment(path, text)
    assert read_fragment(path, text.replace("\n", "\r\n")) == (change,)
