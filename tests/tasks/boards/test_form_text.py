"""What people read on top of a form before they answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checklists.entries import Content, Form, Piece
from checklists.item import Exhibit
from checklists.launch import Launch
from tasks.boards.around import Around
from tasks.boards.form_text import description as described
from tests.checklists.launches import ADA, DAN, NOW, begun, report, sign, told
from tests.tasks.boards.test_around import AROUND, bound

SHA = "ab12" * 16


def description(launch: Launch, item: str, form: Form = "sign", around: Around = Around()) -> str:  # noqa: B008
    return described(launch, launch.items[item], form, around)


def changed(launch: Launch, item: str = "qa", **said: Any) -> Launch:
    return replace(launch, items={**launch.items, item: replace(launch.items[item], **said)})


def test_a_form_says_who_is_needed_who_has_signed_and_who_is_missing() -> None:
    shown = description(told(begun(), sign(ADA, "qa")), "qa")
    assert "| Needed | 2 of qa, 1 of security |" in shown
    assert "Ada (2 of qa)" in shown
    assert "| Missing | 1 of qa; 1 of security |" in shown


def test_the_next_form_says_what_was_asked_for() -> None:
    launch = told(begun(), sign(ADA, "qa", "request-changes", "try the *roll-back*\n# now"))
    shown = description(launch, "qa")
    assert "round 2" in shown
    assert "ada" in shown.partition("Asked for in the last round by")[2].splitlines()[0].lower()
    assert "roll-back" in shown
    assert "\n# now" not in shown, "somebody's words are no markdown of ours"


def test_the_form_of_something_that_failed_says_what_was_found() -> None:
    shown = description(told(begun(), sign(DAN, "docs"), report("links", ok=False)), "links", "rescue")
    assert "failed: not well" in shown
    assert "run again, or waived with a reason" in shown


def test_a_training_shows_its_materials() -> None:
    assert "guide.md" in description(begun(), "training")


def test_the_places_that_are_empty_have_names() -> None:
    assert "| Missing | 2 of qa: Ada, Ben, Cat; 1 of security: Ben |" in description(begun(), "qa", around=AROUND)


def test_evidence_stands_with_its_digest_and_who_brought_it() -> None:
    pieces = {
        "report": Exhibit(Piece(url="https://ci.example.com/1", sha256=SHA), "ada@example.com", NOW),
        "scan": Exhibit(Piece(url="https://ci.example.com/2", problem="too large"), "ada@example.com", NOW),
    }
    shown = description(changed(begun(), evidence=pieces), "qa")
    assert "[report](<https://ci.example.com/1>): sha256 ab12ab12ab12…, from ada@example.com" in shown
    assert "[scan](<https://ci.example.com/2>): no digest: too large, from ada@example.com" in shown
    assert "- test-report *(missing)*" in description(bound(evidence=["test-report"]), "qa")


def test_what_is_different_since_the_last_round_stands_there() -> None:
    again = changed(begun(), round=2, changes=("3 commits, 2 files", "# src/<b>"), because="code")
    shown = description(again, "qa")
    assert "**Different since the last round**\n\n- 3 commits, 2 files\n- \\# src/&lt;b&gt;" in shown
    signed = told(begun(), sign(ADA, "qa")).items["qa"].signatures
    assert "to be confirmed or not: Ada." in description(changed(begun(), earlier=signed), "qa")


def test_it_says_what_a_signature_is_bound_to() -> None:
    launch = replace(bound(), release=bound().release.model_copy(update={"commit": "9f2c" * 10}))
    assert "| Signed for | the code at 9f2c9f2c9f2c |" in description(launch, "qa")
    paths = bound(**{"bound-to": {"code": ["src/**"]}})
    assert "| Signed for | the code in src/" in description(paths, "qa")
    assert "Signed for" not in description(begun(), "qa"), "it is bound to nothing"


def test_the_content_it_is_bound_to_has_a_digest() -> None:
    launch = bound(**{"bound-to": "evidence"})
    assert "| Signed for | its evidence |" in description(launch, "qa")
    launch = bound(**{"bound-to": "tell"})
    assert "| Signed for | what The news says |" in description(launch, "qa")
    content = Content(item="tell", round=1, sha256=SHA, text="words")
    known = replace(launch, contents={"tell": content})
    assert "| Signed for | what The news says, sha256 ab12ab12ab12… |" in description(known, "qa")


@pytest.mark.parametrize(("allowed", "shown"), [("allowed", True), ("barred", False)])
def test_a_gate_that_authors_may_sign_says_so(allowed: str, shown: bool) -> None:
    said = description(bound(**{"self-sign": allowed}), "qa")
    assert ("| Authors | may sign this gate themselves |" in said) is shown


def test_somebody_who_signed_their_own_work_is_marked() -> None:
    launch = told(begun(), sign(ADA, "qa"))
    own = tuple(replace(one, self_signed=True) for one in launch.items["qa"].signatures)
    assert "Ada (2 of qa, their own work)" in description(changed(launch, signatures=own), "qa")


def test_it_says_where_nobody_knows_who_wrote_it() -> None:
    launch = replace(bound(), difference=None)
    assert "| Authors | not known: its product has no git address |" in description(launch, "qa", around=AROUND)


def test_where_people_are_verified_it_asks_for_the_code() -> None:
    verified = replace(AROUND, identity="verified")
    shown = description(begun(), "qa", around=verified)
    assert "type the personal code from your mail" in shown
    assert "(<https://launches.example.com/launches/acme-2.4.0/qa>)" in shown
    assert "personal code" not in description(begun(), "qa", around=AROUND)
    assert "launches.example.com" not in description(begun(), "qa", around=replace(verified, public_url=""))


def test_a_locked_form_says_what_opens_it() -> None:
    assert "**This form is locked:**" in description(changed(begun(), wrong_codes=5), "qa")
    assert "locked" not in description(changed(begun(), wrong_codes=4), "qa")


def test_a_refused_try_stands_on_top() -> None:
    assert description(changed(begun(), notice="you *wrote* it"), "qa").startswith(
        "> **That did not count:** you \\*wrote\\* it"
    )


def test_a_to_do_asks_for_no_signature() -> None:
    shown = description(begun(), "guide", "done", AROUND)
    assert "Needed" not in shown
    assert "Write the guide" in shown


def test_a_rehearsal_says_so_on_every_form_and_a_launch_does_not() -> None:
    rehearsal = replace(begun(), rehearsal=True)
    assert description(rehearsal, "qa").startswith("> **A rehearsal: nothing of it reaches anybody**\n\n")
    assert description(replace(begun(), rehearsal=True), "guide", "done").startswith("> **A rehearsal")
    assert "rehearsal" not in description(begun(), "qa").lower()
