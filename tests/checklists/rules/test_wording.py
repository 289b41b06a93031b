"""Notes: who may write them, when they are good enough, and that nobody's words are written over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.commands import TMINUS, Actor
from checklists.launch import Launch
from checklists.notes.rewriting import Text
from tests.checklists.bound import FIRST, SECOND, retag
from tests.checklists.launches import BEN, DAN, EVE, begun, refused, start, told

NOTES = Checklist.model_validate(
    {
        "checklist": "example",
        "items": {
            "notes": {"notes": {"audiences": ["customer", "internal"]}, "owner": "docs"},
            "later": {"notes": {"audiences": ["customer"]}, "needs": ["notes"]},
            "docs": {"gate": "Docs", "sign": ["1 of docs"], "needs": ["notes"], "bound-to": "notes"},
        },
    }
)
FINDINGS = ("customer #41: no words",)


def launch() -> Launch:
    return begun(start(NOTES))


def word(
    by: Actor, words: str = "Faster", *, item: str = "notes", audience: str = "customer", **more: object
) -> c.Word:
    return c.Word(by=by, item=item, texts={audience: Text(words, {"#41": words})}, **more)  # type: ignore[arg-type,dict-item]


def test_a_draft_that_lacks_nothing_is_good_enough() -> None:
    state = told(launch(), word(TMINUS)).items["notes"]
    assert (state.status, state.wordings["customer"].words, state.wordings["customer"].by) == (
        "passed", "Faster", "tminus",
    )  # fmt: skip


def test_a_draft_that_lacks_something_waits_for_a_person_who_mends_it() -> None:
    waits = told(launch(), word(TMINUS, findings=FINDINGS))
    assert (waits.items["notes"].status, waits.items["notes"].findings) == ("failed", FINDINGS)
    mended = told(waits, word(DAN, "Much faster")).items["notes"]
    assert (mended.status, mended.wordings["customer"].by) == ("passed", DAN.email)


def test_notes_that_lack_something_after_they_were_good_are_open_again() -> None:
    state = told(told(launch(), word(TMINUS)), word(DAN, "TODO", findings=FINDINGS)).items["notes"]
    assert (state.status, state.round) == ("failed", 2)


def test_better_words_keep_good_notes_good() -> None:
    state = told(told(launch(), word(TMINUS)), word(DAN, "Better")).items["notes"]
    assert (state.status, state.round, state.wordings["customer"].words) == ("passed", 1, "Better")


def test_what_others_have_saved_is_not_written_over() -> None:
    before = told(launch(), word(TMINUS))
    base = {"customer": before.items["notes"].wordings["customer"].sha256}
    after = told(before, word(DAN, "Dan's", base=base))
    assert "dan@example.com has saved other words" in refused(after, word(EVE, "Eve's", base=base))
    assert after.items["notes"].wordings["customer"].words == "Dan's"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (word(BEN), "notes belongs to docs"),
        (word(Actor("x@example.com")), "is not a person of this organisation"),
        (word(DAN, audience="admin"), "notes has no notes for admin"),
        (word(DAN, "x" * 40_001), "have 40001 characters; 40000 is the most"),
        (word(DAN, item="docs"), "docs is a gate; it has no words to write"),
        (word(EVE, item="later"), "later is waiting"),
        (word(DAN, item="nothing"), 'no item is called "nothing"'),
    ],
)
def test_it_is_refused_with_its_reason(command: c.Word, reason: str) -> None:
    assert reason in refused(launch(), command)


def test_a_late_draft_changes_nothing() -> None:
    mended = told(told(launch(), word(TMINUS, findings=FINDINGS)), word(DAN, "Mine"))
    assert told(mended, word(TMINUS, "machine", round=2)).items["notes"].wordings["customer"].words == "Mine"
    assert told(mended, word(TMINUS, "machine", number=99)).items["notes"].wordings["customer"].words == "Mine"


def test_words_that_were_judged_before_the_tag_moved_are_kept_and_wait_for_the_new_draft() -> None:
    """Whoever saved them has not seen what the new commit changes, and neither has what looked for findings."""
    asked = start(NOTES)
    waits = told(begun(replace(asked, release=asked.release.model_copy(update={"commit": FIRST}))), word(TMINUS))
    moved = told(waits, retag(SECOND))
    saved = told(moved, word(DAN, "Mine", commit=FIRST)).items["notes"]
    assert (saved.status, saved.round, saved.wordings["customer"].words) == ("running", 2, "Mine")
    assert told(moved, word(DAN, "Mine", commit=SECOND)).items["notes"].status == "passed"


def test_the_same_words_again_are_no_news() -> None:
    good = told(launch(), word(TMINUS))
    assert told(good, word(TMINUS)).seq == good.seq
