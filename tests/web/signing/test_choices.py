from __future__ import annotations

from datetime import date

import pytest

from checklists.commands import TMINUS, Complete, Report, Rerun, Sign, Waive
from tests.web.signing.scene import REPORT, Scene, report
from web.signing.choices import choices, command, principals, values_of
from web.signing.fields import Filled
from web.signing.visitor import Visitor


def visitor(here: Scene, who: str = "", item: str = "qa") -> Visitor:
    return Visitor(here.launch_id, item, "page", here.who(who) if who else None, address="192.0.2.7")


def barred(here: Scene, who: str, item: str = "qa") -> dict[str, str]:
    return {one.value: one.barred for one in choices(here.world, here.launch, visitor(here, who, item))}


@pytest.mark.parametrize(
    ("item", "values"),
    [
        ("qa", ("approve", "request-changes", "reject")),
        ("guide", ("done",)),
        ("links", ()),
        ("go", ()),
    ],
)
def test_what_can_be_decided_follows_from_where_the_item_stands(
    here: Scene, item: str, values: tuple[str, ...]
) -> None:
    assert values_of(here.launch, here.item(item)) == values


def test_what_failed_is_run_again_or_waived(here: Scene) -> None:
    here.did(Report(by=TMINUS, item="links", round=1, ok=False, summary="dead"))
    assert values_of(here.launch, here.item("links")) == ("run-again", "waive")
    may = {who: [value for value, said in barred(here, who, "links").items() if not said] for who in ("ben", "ada")}
    assert may == {"ben": ["run-again"], "ada": ["run-again", "waive"]}


def test_the_rules_themselves_say_what_somebody_cannot_do(here: Scene) -> None:
    assert barred(here, "ben") == {"approve": "", "request-changes": "", "reject": ""}
    assert all("Fay Farah" in said for said in barred(here, "fay").values())
    here.did(Sign(by=here.who("ben"), item="qa", decision="approve", evidence=report()))
    after = barred(here, "ben")
    assert "Ben Brandt has approved qa already" in after["approve"]
    assert after["request-changes"] == ""


def test_nothing_is_barred_before_anybody_has_said_who_they_are(here: Scene) -> None:
    assert set(barred(here, "").values()) == {""}
    assert list(principals(here.world, here.launch, visitor(here))) == []


def test_asking_what_is_barred_leaves_no_trace(here: Scene) -> None:
    before = here.at.ledger.read(here.launch_id)
    barred(here, "fay")
    assert here.at.ledger.read(here.launch_id) == before


def asked(here: Scene, filled: Filled) -> object:
    return command(here.launch, visitor(here, "ben"), filled, here.who("ben"))


def test_a_form_becomes_the_command_it_stands_for(here: Scene) -> None:
    filled = Filled(
        "approve", "fine", {"test-report": REPORT, "video": ""}, instead_of="kim@example.com", shown="f" * 64
    )
    found = asked(here, filled)
    assert isinstance(found, Sign)
    assert (found.decision, found.comment, found.round, found.instead_of) == ("approve", "fine", 1, "kim@example.com")
    assert (found.via, found.address, found.shown) == ("page", "192.0.2.7", "f" * 64)
    assert {name: piece.url for name, piece in found.evidence.items()} == {"test-report": REPORT}


def test_each_choice_is_a_command_of_its_own(here: Scene) -> None:
    assert isinstance(asked(here, Filled("done", "here")), Complete)
    assert isinstance(asked(here, Filled("run-again", "once more")), Rerun)
    for_good = asked(here, Filled("waive", "known good"))
    assert isinstance(for_good, Waive)
    assert (for_good.until, for_good.reason) == (None, "known good")


def test_a_waiver_may_have_a_last_day(here: Scene) -> None:
    found = asked(here, Filled("waive", "known good", until="2026-11-24"))
    assert isinstance(found, Waive)
    assert found.until == date(2026, 11, 24)
