from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from checklists.commands import Hold, Sign
from tests.web.signing.scene import ORGANISATION, Scene, report
from web.signing.people import either, initials, missing, places, signed

BERLIN = ZoneInfo("Europe/Berlin")


def could(here: Scene, item: str = "qa") -> dict[object, object]:
    return {one["place"]: one["people"] for one in missing(here.world, here.launch, here.item(item))}


def approve(here: Scene, *names: str) -> None:
    for name in names:
        here.did(Sign(by=here.who(name), item="qa", decision="approve", evidence=report()))


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ben Brandt", "BB"), ("Ada", "A"), ("Maria del Mar Ruiz", "MR"), ("李 明", "李明"), ("<b> x", "X"), ("…", "")],
)
def test_initials_are_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_every_empty_place_names_who_could_fill_it(here: Scene) -> None:
    assert could(here) == {
        "2 of qa": "Ben Brandt, Cleo Castro or Kim Kaya",
        "1 of security": "Dan Dahl or Kim Kaya",
    }
    approve(here, "ben")
    assert could(here) == {"1 of qa": "Cleo Castro or Kim Kaya", "1 of security": "Dan Dahl or Kim Kaya"}
    approve(here, "dan")
    assert could(here) == {"1 of qa": "Cleo Castro or Kim Kaya"}


def test_who_is_away_is_not_named_and_their_delegate_is(here: Scene) -> None:
    away = "absences: [{from: 2026-11-20, to: 2026-11-30, delegate: fay@example.com}]"
    here.organise(ORGANISATION.replace("roles: [qa], timezone", f"roles: [qa], {away}, timezone"))
    assert could(here)["2 of qa"] == "Cleo Castro, Kim Kaya or Fay Farah for Ben Brandt"


def test_more_people_than_anybody_reads_are_counted(here: Scene) -> None:
    crowd = "".join(f"  qa{n}@example.com: {{name: Q{n}, roles: [qa]}}\n" for n in range(20))
    here.organise(ORGANISATION.replace("products:", f"{crowd}products:"))
    (qa, _) = missing(here.world, here.launch, here.item())
    assert qa["people"] == "Ben Brandt, Cleo Castro, Kim Kaya, Q0, Q1, Q2 or 17 more"


def test_places_are_named_on_hold_and_not_before_a_gate_is_open(here: Scene) -> None:
    here.did(Hold(by=here.who("ada"), reason="later"))
    assert "Ben Brandt" in str(could(here)["2 of qa"])
    assert could(here, "go") == {"1 of launch-managers": ""}


def test_signatures_say_which_place_they_fill_and_how_they_came(here: Scene) -> None:
    approve(here, "kim", "dan")
    here.did(Sign(by=here.who("kim"), via="form", item="qa", decision="reject", comment="no"))
    first, second, third = signed(here.item(), BERLIN)
    assert (first["name"], first["place"], second["place"]) == ("Kim Kaya", "2 of qa", "1 of security")
    assert (third["decision"], third["place"], third["how"]) == ("reject", "", "in the Prefect form")
    assert (first["is_asserted"], third["comment"]) == (True, "no")
    assert places(here.item()) == {"all": 3, "filled": 2}


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A or B"), (["A", "B", "C"], "A, B or C")]
)
def test_names_are_listed_as_people_say_them(names: list[str], said: str) -> None:
    assert either(names) == said
