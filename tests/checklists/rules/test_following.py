"""What may be said once more of an announcement, in which languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.follow_up import Again
from checklists.launch import Launch
from tests.checklists.launches import EVE, begun, decided, refused, report, start, told

CHECKLIST = Checklist.model_validate(
    {"checklist": "small", "items": {"tell": {"announce": {"audience": "internal", "channels": ["email"]}}}}
)
RIGHT = c.FollowUp(by=EVE, item="tell", what="correction", text="It costs 20.", heard=9, languages=("en", "de", "fr"))


def sent() -> Launch:
    return told(begun(start(CHECKLIST)), report("tell"))


def test_a_correction_is_kept_in_each_language_in_which_it_was_written() -> None:
    said = replace(RIGHT, translations={"de": " Es kostet 20. ", "fr": " "})
    (one,) = told(sent(), said).items["tell"].follow_ups
    assert (one.text, one.translations) == ("It costs 20.", {"de": "Es kostet 20."})


def test_the_same_words_again_are_what_was_said_and_another_translation_is_not() -> None:
    launch = told(sent(), replace(RIGHT, translations={"de": "Es kostet 20."}))
    assert decided(launch, replace(RIGHT, translations={"de": "Es kostet 20."})) == ()
    launch = told(launch, replace(RIGHT, translations={"de": "Das kostet 20."}))
    assert [one.number for one in launch.items["tell"].follow_ups] == [1, 2]


def test_a_correction_back_to_earlier_words_is_another_one() -> None:
    launch = told(sent(), RIGHT, replace(RIGHT, text="It costs 10."), RIGHT)
    assert [one.text for one in launch.items["tell"].follow_ups] == ["It costs 20.", "It costs 10.", "It costs 20."]
    assert decided(launch, RIGHT) == ()


@pytest.mark.parametrize("what", ["correction", "recall"])
def test_a_reason_is_kept_in_each_language_in_which_it_was_written(what: Again) -> None:
    said = c.FollowUp(by=EVE, item="tell", what=what, note="Wrong.", heard=9, languages=("en", "de", "fr"))
    launch = told(sent(), replace(said, notes={"de": " Falsch. ", "fr": " "}))
    (one,) = launch.items["tell"].follow_ups
    assert (one.note, one.notes) == ("Wrong.", {"de": "Falsch."})
    assert decided(launch, replace(said, notes={"de": "Falsch."})) == () or what == "recall"


@pytest.mark.parametrize("what", ["correction", "recall"])
@pytest.mark.parametrize(
    ("note", "notes", "says"),
    [
        ("", {"de": "Falsch."}, "in your first language, too"),
        ("Wrong.", {"it": "Sbagliato."}, "announced in it; your languages besides the first are: de, fr"),
        ("Wrong.", {"de": "x" * 2_001}, "is the most"),
    ],
)
def test_a_reason_nobody_could_read_is_refused(what: Again, note: str, notes: Mapping[str, str], says: str) -> None:
    said = c.FollowUp(by=EVE, item="tell", what=what, note=note, heard=9, languages=("en", "de", "fr"))
    assert says in refused(sent(), replace(said, text="" if note else "It costs 20.", notes=notes))


def test_a_note_in_another_language_is_no_longer_than_the_first() -> None:
    assert "300 is the most" in refused(sent(), replace(RIGHT, note="Wrong.", notes={"de": "x" * 301}))


@pytest.mark.parametrize(
    ("text", "translations", "says"),
    [
        ("", {"de": "Es kostet 20."}, "in your first language, too"),
        ("It costs 20.", {"it": "Costa 20."}, "announced in it; your languages besides the first are: de, fr"),
        ("It costs 20.", {"en": "It costs 20."}, "announced in en; your languages besides the first"),
        ("It costs 20.", {"de": "x" * 40_001}, "40000 is the most"),
    ],
)
def test_a_translation_nobody_could_read_is_refused(text: str, translations: Mapping[str, str], says: str) -> None:
    assert says in refused(sent(), replace(RIGHT, text=text, translations=translations))
