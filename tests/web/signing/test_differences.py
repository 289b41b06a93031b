from __future__ import annotations

from dataclasses import replace

import pytest

from checklists import entries as e
from checklists.commands import AddEvidence, Retag
from checklists.entries import Content, Difference
from tests.web.signing.scene import Scene, report
from web.signing.differences import lines, of_commits, since, told

FIRST = Difference(base="a" * 40, head="b" * 40, count=12, commits=("b1 One",), files=("src/a.py",), text="+x\n-y")
NEWER = Difference(base="b" * 40, head="c" * 40, count=1, commits=("c1 Two",), files=("src/b.py",), text="+z\n+y")
LONG = NEWER.model_copy(update={"count": 30, "files": tuple(f"src/{n}.py" for n in range(40))})


def test_each_line_of_a_difference_has_a_kind() -> None:
    text = "diff --git a b\nindex 1..2\n--- a\n+++ b\n@@ -1 +1 @@\n same\n-old\n+new\n\n<b>"
    kinds = ["file", "file", "file", "file", "place", "same", "gone", "new", "same", "same"]
    assert [one["kind"] for one in lines(text)] == kinds
    assert lines("") == []


def test_a_gate_on_code_shows_what_the_release_brings(here: Scene) -> None:
    here.known(e.Compared(difference=FIRST))
    found = of_commits(here.launch, here.item())
    assert found is not None
    assert (found["base"], found["head"], found["count"], found["is_new"]) == ("aaaaaaaaaa", "bbbbbbbbbb", 12, False)
    assert of_commits(here.launch, here.item("words")) is None


def test_after_a_retag_it_shows_what_the_newer_commit_brings(here: Scene) -> None:
    here.known(e.Compared(difference=FIRST))
    here.did(Retag(by=here.who("ada"), commit="c" * 40, difference=LONG))
    found = of_commits(here.launch, here.item())
    assert found is not None
    assert (found["is_new"], found["commits"], found["head"]) == (True, ["c1 Two"], "cccccccccc")


def test_what_is_told_of_the_new_round_is_not_shown_twice(here: Scene) -> None:
    here.did(Retag(by=here.who("ada"), commit="c" * 40, difference=NEWER))
    assert of_commits(here.launch, here.item()) is None
    assert "c1 Two" in str(told(here.item()))


def test_a_difference_nobody_knows_says_why_and_a_long_list_ends(here: Scene) -> None:
    here.known(e.Compared(difference=Difference(why="git does not answer")))
    found = of_commits(here.launch, here.item())
    assert found is not None
    assert (found["why"], found["commits"]) == ("git does not answer", [])
    here.known(e.Compared(difference=Difference(files=tuple(f"f{n}" for n in range(300)))))
    found = of_commits(here.launch, here.item())
    assert found is not None
    assert (len(found["files"]), found["file_count"], found["more_files"]) == (200, 300, True)  # type: ignore[arg-type]


def test_what_is_told_of_a_new_round_is_sentences_and_texts(here: Scene) -> None:
    state = replace(here.item(), changes=("tell is not what it was", "--- before\n+++ now\n-old\n+new"))
    found = told(state)
    assert found["said"] == ["tell is not what it was"]
    assert [[line["kind"] for line in text] for text in found["texts"]] == [["file", "file", "gone", "new"]]  # type: ignore[attr-defined]


def test_two_looks_at_the_same_thing_differ_in_nothing(here: Scene) -> None:
    assert since(here.launch, here.launch, "qa") == ()


@pytest.mark.parametrize("item", ["qa", "words"])
def test_only_what_concerns_the_item_is_a_difference(here: Scene, item: str) -> None:
    before = here.launch
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    here.known(Content(item="tell", round=1, sha256="a" * 64, text="Faster"))
    said = {"qa": ("Evidence was added: test-report.",), "words": ("The content of tell is another one.",)}
    assert since(before, here.launch, item) == said[item]
