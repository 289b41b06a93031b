from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checklists.commands import TMINUS, AddEvidence, Hold, Observe, Sign
from checklists.entries import Content, Piece
from tests.web.signing.scene import ORGANISATION, Scene, report, text
from web.signing.answers import whole
from web.signing.showing import Look, as_shown, values
from web.signing.visitor import Visitor


def look(here: Scene, item: str = "qa") -> Look:
    return Look(here.world, here.launch, Visitor(here.launch_id, item, "page", here.who("ben")))


def test_the_page_shows_the_launch_the_gate_and_what_to_look_at(here: Scene) -> None:
    said = text(here.client.get(here.path("ben")))
    for words in (
        "Acme 2.4.0",
        "QA sign-off",
        "Due Thu 26 Nov 2026, 17:00 CET, in 3 days",
        "Run the release candidate, not the branch: the paths customers use most",
        "test-report missing; an approval has to bring it along",
        "You are Ben Brandt ben@example.com",
        "Who signs 0 of 3 ? Still missing 2 of qa Ben Brandt, Cleo Castro or Kim Kaya could sign",
        "Authors are not known: the product has no git address.",
    ):
        assert words in said


def test_a_rehearsal_is_marked_and_a_launch_is_not(here: Scene) -> None:
    seen = look(here)
    rehearsal = replace(seen, launch=replace(seen.launch, rehearsal=True))
    assert '<li class="marked">A rehearsal: nothing of it reaches anybody</li>' in shown(rehearsal)
    assert "rehearsal" not in shown(seen).lower()


def shown(seen: Look) -> str:
    return bytes(whole(seen).body).decode()


def test_what_is_late_or_on_hold_is_said_on_top(here: Scene) -> None:
    here.did(Hold(by=here.who("ada"), reason="the data centre is down"))
    here.at.clock.wait(timedelta(days=4))
    said = text(here.client.get(here.path("ben")))
    assert "Was due Thu 26 Nov 2026, 17:00 CET, since yesterday On hold: the data centre is down" in said


def test_the_next_round_shows_who_asked_for_what(here: Scene) -> None:
    here.did(Sign(by=here.who("cleo"), item="qa", decision="request-changes", comment="the upgrade\nloses filters"))
    page = here.client.get(here.path("ben"))
    assert "Cleo Castro asked in the last round the upgrade loses filters" in text(page)
    assert "<blockquote>the upgrade\nloses filters</blockquote>" in page.text


def test_a_gate_on_an_announcement_shows_the_very_words(here: Scene) -> None:
    here.known(Content(item="tell", round=1, sha256="a" * 64, text="To: customers\n\nFaster <exports>", reach=120))
    page = here.client.get(here.path("eva", "words"))
    assert "What is signed: Announce to customers You sign exactly" in text(page)
    assert text(page).count("as of now") == 1, "how many hear it is said once, with everybody in it"
    assert f"sha256 {'a' * 64}" in text(page)
    assert "To: customers\n\nFaster &lt;exports&gt;</pre>" in page.text


def test_a_changed_announcement_is_shown_with_its_difference(here: Scene) -> None:
    first, second = (Content(item="tell", round=1, sha256=sha * 64, text=f"Faster {sha}\n") for sha in "ab")
    here.did(Observe(by=TMINUS, contents=(first,)))
    here.did(Sign(by=here.who("cleo"), item="words", decision="approve"))
    here.did(Observe(by=TMINUS, contents=(second,)))
    said = text(here.client.get(here.path("cleo", "words")))
    assert "Open again: the content has changed tell is not what it was" in said
    assert "-Faster a +Faster b" in said
    assert "Confirm my approval" in said


@pytest.mark.parametrize(
    ("size", "words"), [(None, "sha256"), (900, "900 bytes ·"), (48_213, "48.2 kB ·"), (3_400_000, "3.4 MB ·")]
)
def test_evidence_says_how_large_it_is(here: Scene, size: int | None, words: str) -> None:
    piece = Piece(url="https://a.example", sha256="a" * 64, size=size)
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence={"test-report": piece}))
    assert words in text(here.client.get(here.path("ben")))


def test_evidence_without_a_digest_says_why(here: Scene) -> None:
    piece = Piece(url="https://a.example", problem="the address is private")
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence={"test-report": piece}))
    assert "no digest: the address is private" in text(here.client.get(here.path("ben")))


def test_whoever_has_no_name_here_is_shown_by_their_address(here: Scene) -> None:
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    here.organise("\n".join(line for line in ORGANISATION.splitlines() if "kim@" not in line))
    assert "attached by kim@example.com" in text(here.client.get(here.path("ben")))


def test_the_values_of_the_page_are_plain_data(here: Scene) -> None:
    found = values(look(here))
    assert (found["form"], found["round"], found["lacking"]) == ("sign", 1, ["test-report"])
    assert [one["value"] for one in found["choices"]] == ["approve", "request-changes", "reject"]


def test_what_was_shown_can_be_looked_at_again(here: Scene) -> None:
    before = here.launch
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    assert as_shown(look(here), before.seq) == before
    assert as_shown(look(here), 0) is None
    assert as_shown(look(here), 10_000) is None
