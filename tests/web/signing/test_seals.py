from __future__ import annotations

from dataclasses import replace

import pytest

from checklists.commands import AddEvidence, Sign
from checklists.entries import Content
from tests.web.signing.scene import Scene, report
from web.signing.seals import Shown, shown
from web.signing.visitor import Visitor


def visitor(here: Scene, who: str = "ben", item: str = "qa") -> Visitor:
    return Visitor(here.launch_id, item, "link", here.who(who), here.link(who, item))


def test_a_seal_fits_one_door_one_item_and_what_was_shown_only(here: Scene) -> None:
    now, ben = shown(here.launch, "qa"), visitor(here)
    seal = now.sealed(here.world, ben)
    assert now.is_sealed(here.world, ben, seal)
    for other in (visitor(here, "cleo"), visitor(here, item="words"), replace(ben, link=None), replace(ben, item="go")):
        assert not now.is_sealed(here.world, other, seal)
    for said in (Shown(now.seen + 1, now.digest), Shown(now.seen, "0" * 64)):
        assert not said.is_sealed(here.world, ben, seal)
    for text in ("", seal[:-1], seal.upper(), f"{seal} ", "é\ud800"):
        assert not now.is_sealed(here.world, ben, text)


def test_doors_are_told_apart(here: Scene) -> None:
    link, actor = here.link("ben"), here.who("ben")
    doors = [Visitor("x", "y", "page"), Visitor("x", "y", "page", actor), Visitor("x", "y", "link", actor, link)]
    assert [one.door for one in doors] == ["anybody", "person ben@example.com", f"link {link.id}"]
    assert [one.asks_code for one in doors] == [False, False, False]


def test_a_hash_stands_for_what_is_signed_and_not_for_who_has_signed(here: Scene) -> None:
    before = shown(here.launch, "qa").digest
    here.did(Sign(by=here.who("dan"), item="qa", decision="approve", evidence=report()))
    with_evidence = shown(here.launch, "qa").digest
    here.did(Sign(by=here.who("kim"), item="qa", decision="approve"))
    assert before != with_evidence == shown(here.launch, "qa").digest
    here.did(Sign(by=here.who("kim"), item="qa", decision="request-changes", comment="not yet"))
    assert shown(here.launch, "qa").digest != with_evidence


@pytest.mark.parametrize("sha256", ["b" * 64, "c" * 64])
def test_other_content_is_another_hash(here: Scene, sha256: str) -> None:
    here.known(Content(item="tell", round=1, sha256="a" * 64, text="Faster"))
    before, elsewhere = shown(here.launch, "words").digest, shown(here.launch, "qa").digest
    here.known(Content(item="tell", round=1, sha256=sha256, text="Slower"))
    assert shown(here.launch, "words").digest != before
    assert shown(here.launch, "qa").digest == elsewhere


def test_evidence_of_another_item_is_no_change(here: Scene) -> None:
    before = shown(here.launch, "qa").digest
    here.did(AddEvidence(by=here.who("kim"), item="words", evidence=report()))
    assert shown(here.launch, "qa").digest == before
