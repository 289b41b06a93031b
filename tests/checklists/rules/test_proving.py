"""Links and codes work once a round, and five wrong codes lock a form until the next mailing."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from checklists import entries as e
from checklists.commands import Abandon, Actor, Command, Complete, Sign, WrongCode
from checklists.decide import decide
from checklists.entries import Asked, Entry
from checklists.fold import fold
from checklists.launch import Launch
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, NOW, begun, refused, told

NOBODY = Actor("nobody", proof="code")
LOCKED = "locked after 5 wrong codes; new codes are mailed with `tminus ask acme-2.4.0 qa`"


def proven(who: Actor, proof: str) -> Actor:
    return replace(who, proof=proof)  # type: ignore[arg-type]


def by(who: Actor, proof: str, decision: str = "approve", item: str = "qa") -> Sign:
    said = decision, "because"
    return Sign(by=proven(who, proof), item=item, decision=said[0], comment=said[1])  # type: ignore[arg-type]


def wrong(launch: Launch, times: int, item: str = "qa") -> Launch:
    return told(launch, *(WrongCode(by=NOBODY, via="form", item=item, round=1) for _ in range(times)))


def mailed(launch: Launch, item: str = "qa") -> Launch:
    said = Asked(item=item, round=1, mailing=launch.items[item].mailing + 1, people=(ADA.email,))
    return fold([Entry(launch_id=launch.id, seq=launch.seq + 1, at=NOW, actor="tminus", data=said)], onto=launch)


@pytest.mark.parametrize(("first", "then"), [*product(("link", "code"), repeat=2)])
@pytest.mark.parametrize("decision", ["approve", "request-changes", "reject"])
def test_a_link_and_its_code_sign_once_between_them(first: str, then: str, decision: str) -> None:
    launch = told(begun(), by(ADA, first))
    assert "they work once" in refused(launch, by(ADA, then, decision))


def test_somebody_who_signed_through_another_door_may_still_ask_for_changes_by_link() -> None:
    launch = told(begun(), by(ADA, "token"))
    assert told(launch, by(ADA, "link", "request-changes")).items["qa"].round == 2


def test_the_links_of_others_and_of_the_next_round_are_not_spent() -> None:
    launch = told(begun(), by(ADA, "link"), by(BEN, "link"), by(CAT, "link", "request-changes"))
    assert told(launch, by(ADA, "link")).items["qa"].approvals.keys() == {ADA.email}


def test_each_wrong_code_says_how_many_are_left_and_the_fifth_locks() -> None:
    launch = begun()
    said = []
    for _ in range(5):
        launch = wrong(launch, 1)
        said.append(launch.items["qa"].wrong_codes)
    assert said == [1, 2, 3, 4, 5]
    assert launch.items["qa"].is_locked
    assert refused(launch, WrongCode(by=NOBODY, via="form", item="qa", round=1)) == LOCKED


def test_what_a_wrong_code_says_stands_on_the_next_form() -> None:
    launch = begun()
    run = launch.items["qa"].run
    assert run
    tried = WrongCode(by=NOBODY, via="form", item="qa", round=1, number=run.number)
    entries = decide(launch, tried, NOW)
    assert isinstance(entries, tuple)
    (entry,) = entries
    assert entry.actor == "nobody"
    assert isinstance(entry.data, e.Refused)
    assert (entry.data.wrong_code, entry.data.proof) == (True, "code")
    launch = told(launch, tried)
    assert launch.items["qa"].notice == "that code is nobody's in the newest mail; 4 more wrong ones lock this form"
    fresh = launch.items["qa"].run
    assert fresh
    assert fresh.number == run.number + 1


@pytest.mark.parametrize(
    "command", [by(ADA, "code"), by(ADA, "code", "reject"), Complete(by=proven(DAN, "code"), item="guide")]
)
def test_a_right_code_after_five_wrong_ones_counts_for_nothing(command: Command) -> None:
    item = getattr(command, "item", "")
    said = refused(wrong(begun(), 5, item), command)
    assert said.startswith("locked after 5 wrong codes")


def test_links_and_other_doors_are_not_locked() -> None:
    launch = wrong(begun(), 5)
    assert len(told(launch, by(ADA, "link"), by(BEN, "token")).items["qa"].signatures) == 2


def test_a_new_mailing_unlocks_and_takes_the_words_about_it_away() -> None:
    launch = begun()
    run = launch.items["docs"].run
    assert run
    for number in range(run.number, run.number + 5):
        launch = told(launch, WrongCode(by=NOBODY, via="form", item="docs", round=1, number=number))
    assert launch.items["docs"].notice.startswith("locked after 5 wrong codes")
    launch = mailed(launch, "docs")
    assert (launch.items["docs"].wrong_codes, launch.items["docs"].notice) == (0, "")
    assert told(launch, by(DAN, "code", item="docs")).items["docs"].status == "passed"


def test_a_new_mailing_leaves_other_words_on_the_form() -> None:
    launch = begun()
    number = launch.items["qa"].number
    launch = told(launch, WrongCode(by=NOBODY, via="form", item="qa", round=1, number=number))
    assert mailed(launch).items["qa"].notice == launch.items["qa"].notice != ""


def test_wrong_codes_for_a_round_or_a_launch_that_is_over_are_not_counted() -> None:
    launch = told(begun(), by(CAT, "asserted", "request-changes"))
    assert "round 1 of qa is over" in refused(launch, WrongCode(by=NOBODY, item="qa", round=1))
    assert "no item is called" in refused(launch, WrongCode(by=NOBODY, item="qaa"))
    launch = told(launch, Abandon(by=EVE, reason="another time"))
    assert "is abandoned" in refused(launch, WrongCode(by=NOBODY, item="qa"))
