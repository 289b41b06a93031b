from __future__ import annotations

from dataclasses import replace

from tests.web.signing.scene import Scene
from web.signing.showing import Look
from web.signing.verdicts import STATUSES, verdict
from web.signing.visitor import Visitor


def look(here: Scene, who: str = "ben") -> Look:
    return Look(here.world, here.launch, Visitor(here.launch_id, "qa", "link", here.who(who), here.link(who)))


def test_a_fresh_link_and_no_link_are_fine(here: Scene) -> None:
    assert verdict(look(here)) is None
    assert verdict(replace(look(here), visitor=Visitor(here.launch_id, "qa", "page"))) is None


def test_a_link_that_was_used_says_so_also_where_the_record_does_not(here: Scene) -> None:
    here.world.ledger.links.use(here.link("ben").id, here.world.now())
    no = verdict(look(here))
    assert no is not None
    assert (no.name, no.values["deed"], no.values["used"]["text"]) == ("used", None, "Mon 23 Nov 2026, 11:00 CET")


def test_a_link_to_what_waits_again_shows_the_page(here: Scene) -> None:
    here.link("ada", "go")
    visitor = Visitor(here.launch_id, "go", "link", here.who("ada"), here.link("ada", "go"))
    assert here.item("go").status == "waiting"
    assert verdict(Look(here.world, here.launch, visitor)) is None


def test_every_answer_has_its_status_for_those_who_look_and_those_who_send() -> None:
    assert {name: status for name, (status, _) in STATUSES.items() if status == 200} == {"used": 200, "ended": 200}
    assert all(sent >= 400 for _, sent in STATUSES.values())
