"""A pull request knows better than its commits: it can be edited after the merge."""

from __future__ import annotations

import pytest

from checklists.notes.change import Author, Change
from checklists.notes.pull import Pull, told_by_pull

CHANGE = Change("#41", "wip exports", "pull-request", references=("#41",), commits=("aa",))
BLOCKS = """Some words about #9.

<!-- ```release-note
the template's own
``` -->
```release-note
Reports come every night.
```

```release-note admin
NONE
```

Fixes #7, closes: other/repo#8.

Action-Required: set `EXPORT_FOLDER`
"""


@pytest.mark.parametrize(
    ("title", "labels", "type_", "breaking"),
    [
        ("Exports", ("enhancement",), "feat", False),
        ("Exports", ("type: bug",), "fix", False),
        ("Exports", ("kind/documentation", "good first issue"), "docs", False),
        ("fix: exports", (), "fix", False),
        ("fix: exports", ("feature",), "feat", False),
        ("feat!: exports", (), "feat", True),
        ("Exports", ("Breaking Change",), "unsorted", True),
        ("Exports", ("nonsense",), "unsorted", False),
        ("Exports", ("skip-changelog",), "chore", False),
    ],
)
def test_labels_sort_a_change_and_then_its_title(
    title: str, labels: tuple[str, ...], type_: str, breaking: bool
) -> None:
    told = told_by_pull(CHANGE, Pull(title=title, labels=labels))
    assert (told.type, told.is_breaking, told.title.lower()) == (type_, breaking, "exports")
    assert (told.id, told.commits) == ("#41", ("aa",))


def test_its_blocks_are_the_words_and_its_issues_the_references() -> None:
    told = told_by_pull(CHANGE, Pull(title="Exports", body=BLOCKS.replace("\n", "\r\n")))
    assert told.notes == {"customer": "Reports come every night.", "admin": "NONE"}
    assert told.references == ("#41", "#7", "other/repo#8")
    assert told.action == "set `EXPORT_FOLDER`"
    assert "admin" not in told.concerns


def test_what_it_does_not_say_stands() -> None:
    known = {"type": "fix", "is_breaking": True, "breaks": "b", "action": "a", "references": ("#41",)}
    change = Change("#41", "x", notes={"admin": "n"}, **known)  # type: ignore[arg-type]  # each of its own kind
    assert told_by_pull(change, Pull(title="Better words")) == change._replace(title="Better words")


ADA, BEN, BOT = Author("Ada Abara", "ada@example.com"), Author("Ben", "ben@example.com"), Author("renovate[bot]")


def test_who_opened_it_is_the_one_person_who_wrote_it() -> None:
    told = told_by_pull(CHANGE._replace(authors=(ADA, BOT)), Pull(title="x", author="ada"))
    assert told.authors == (Author("Ada Abara", "ada@example.com", "ada"), BOT)


@pytest.mark.parametrize("authors", [(ADA, BEN), (BOT,), ()])
def test_of_several_and_of_bots_nobody_says_who_opened_it(authors: tuple[Author, ...]) -> None:
    assert told_by_pull(CHANGE._replace(authors=authors), Pull(title="x", author="ada")).authors == authors
