"""The pull request that notes are in: written down once, by tminus alone, and over once people ended it."""

from __future__ import annotations

import pytest

from checklists.commands import TMINUS, Abandon, Actor
from checklists.launch import Launch
from checklists.review_commands import Review
from checklists.review_entries import Standing, UnderReview
from tests.checklists.launches import DAN, EVE, begun, decided, refused, start, told
from tests.checklists.rules.test_wording import NOTES

URL, WORDS = "https://github.com/example-org/acme/pull/1", "a" * 64


def launch() -> Launch:
    return begun(start(NOTES))


def review(standing: Standing = "open", by: Actor = TMINUS, item: str = "notes", words: str = "") -> Review:
    return Review(
        by=by, via="tminus", item=item, url=URL, standing=standing, files={"customer": words} if words else {}
    )


def test_where_the_notes_are_is_written_down_once() -> None:
    opened = told(launch(), review(words=WORDS))
    known = opened.items["notes"].review
    assert known is not None
    assert (known.url, known.standing, known.files) == (URL, "open", {"customer": WORDS})
    assert decided(opened, review(words=WORDS)) == ()
    assert opened.items["notes"].status == launch().items["notes"].status


def test_other_words_are_news_and_what_was_put_there_stays_known() -> None:
    opened = told(launch(), review(words=WORDS))
    (entry,) = decided(opened, review(words="b" * 64))
    assert isinstance(entry.data, UnderReview)
    closed = told(opened, review("closed")).items["notes"].review
    assert closed is not None
    assert closed.files == {"customer": WORDS}


@pytest.mark.parametrize("standing", ["closed", "merged"])
def test_what_people_ended_stays_ended(standing: Standing) -> None:
    ended = told(launch(), review(words=WORDS), review(standing))
    assert decided(ended, review(words=WORDS)) == ()


def test_nobody_else_says_so_and_of_nothing_else() -> None:
    assert "only tminus" in refused(launch(), review(by=DAN))
    assert "only tminus" in refused(launch(), review(item="docs"))
    assert "no item is called" in refused(launch(), review(item="nots"))
    assert "abandoned" in refused(told(launch(), Abandon(by=EVE, reason="withdrawn")), review())
