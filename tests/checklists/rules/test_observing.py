"""What tminus sees by itself."""

from __future__ import annotations

import pytest

from checklists.commands import TMINUS, Observe, Waive
from checklists.launch import Launch
from tests.checklists.bound import FIRST, SECOND, bound_launch, content, difference, observe, retag
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, decided, refused, sign, told

WORDS = content("guide", "Press the button.\nWait.\n")
NEW_WORDS = content("guide", "Press the red button.\nWait.\n")


def read() -> Launch:
    """A gate is signed that is bound to the words of another item."""
    return told(bound_launch(), observe(WORDS), sign(DAN, "docs"))


def test_a_content_that_changed_opens_what_is_bound_to_it_and_shows_the_difference() -> None:
    launch = told(read(), observe(NEW_WORDS))
    gate = launch.items["docs"]
    assert (gate.status, gate.round, gate.because) == ("open", 2, "content")
    assert gate.changes == (
        "guide is not what it was",
        "--- before\n+++ now\n@@ -1,2 +1,2 @@\n-Press the button.\n+Press the red button.\n Wait.",
    )
    assert [s.by for s in gate.earlier] == [DAN.email]
    assert launch.bound_content("docs") == NEW_WORDS.sha256
    assert {key for key, state in launch.items.items() if state.round > 1} == {"docs"}


def test_the_same_content_again_is_nothing_new() -> None:
    assert decided(read(), observe(WORDS)) == ()
    assert decided(read(), observe(content("nothing", "x"))) == ()


def test_a_gate_signed_before_its_content_was_known_is_open_again() -> None:
    assert told(bound_launch(), sign(DAN, "docs"), observe(WORDS)).items["docs"].round == 2
    assert told(bound_launch(), observe(WORDS)).items["docs"].round == 1


def test_a_message_that_was_sent_stays_what_it_was() -> None:
    sent = told(bound_launch(), observe(content("tell", "Hello")), Waive(by=EVE, item="tell", reason="told by phone"))
    assert decided(sent, observe(content("tell", "Goodbye"))) == ()


def test_somebody_who_joins_a_role_has_to_sign_where_all_of_it_do() -> None:
    launch = told(bound_launch(), *(sign(by, "everybody") for by in (ADA, BEN)))
    joined = told(launch, observe(rosters={"qa": (ADA.email, BEN.email, CAT.email, "new@example.com")}))
    assert joined.items["everybody"].missing == (CAT.email, "new@example.com")
    assert decided(joined, observe(rosters={"qa": joined.rosters["qa"], "docs": (DAN.email,)})) == ()


def test_a_difference_that_was_not_known_at_the_start_is_written_down_once() -> None:
    known = difference(head=FIRST, authors=("Ada@example.com",))
    launch = told(bound_launch(), observe(difference=difference(why="git is away")), observe(difference=known))
    assert launch.authors == {ADA.email}
    assert decided(launch, observe(difference=difference(head=FIRST, count=7))) == ()


def test_the_whole_difference_to_a_new_commit_makes_its_authors_known() -> None:
    launch = told(bound_launch(), observe(difference=difference(head=FIRST)), retag(why="git is away"))
    assert launch.unread == "git is away"
    whole = told(launch, observe(difference=difference(head=SECOND, authors=("ben@example.com",))))
    assert whole.unread == ""
    assert whole.authors == {BEN.email}


@pytest.mark.parametrize("by", [EVE, ADA])
def test_nobody_else_writes_down_what_tminus_sees(by: object) -> None:
    assert "only tminus itself" in refused(bound_launch(), Observe(by=by, contents=(WORDS,)))  # type: ignore[arg-type]
    assert decided(bound_launch(), Observe(by=TMINUS, contents=(WORDS,)))
