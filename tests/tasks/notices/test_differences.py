"""What a letter says is different: words, and no marks of a `diff` or of markdown."""

from __future__ import annotations

from checklists.changes import of_code, of_content
from checklists.entries import Difference
from tasks.notices.differences import in_sentences
from tests.checklists.bound import content

BEFORE = "## New\n\n- **Exports:** every night\n- Views"
NOW = "## New\n\n- **Exports:** every [hour](https://example.com/hour)\n- Views\n\n## Fixed"


def sentences(changes: tuple[str, ...]) -> list[str]:
    return [line for change in changes for line in in_sentences(change)]


def test_each_line_of_a_text_is_told_in_words() -> None:
    assert sentences(of_content(content("notes", BEFORE), content("notes", NOW))) == [
        "notes is not what it was",
        "Removed: Exports: every night",
        "Added: Exports: every hour (https://example.com/hour)",
        "Added: Fixed",
    ]


def test_the_code_itself_is_left_to_the_page() -> None:
    found = Difference(
        base="a" * 40, head="b" * 40, count=1, commits=("b1 fix: x",), files=("a.py",), text="@@ -1 +1 @@\n-a\n+b"
    )
    assert sentences(of_code("a" * 40, found, "b" * 40))[1:] == ["b1 fix: x", "files: a.py"]
