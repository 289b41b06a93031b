from __future__ import annotations

import pytest

from checklists.commands import TMINUS, Complete, Report, Rerun, Sign, Waive
from tests.web.signing.scene import ORGANISATION, Scene, report
from web.signing.deeds import Deed, deed


def did(here: Scene, who: str, item: str = "qa", round_: int = 1) -> Deed | None:
    return deed(here.at.ledger.read(here.launch_id), item, round_, f"{who}@example.com")


def test_nothing_is_nothing(here: Scene) -> None:
    assert did(here, "ben") is None


@pytest.mark.parametrize("decision", ["request-changes", "reject"])
def test_a_decision_is_known_after_its_round_is_over(here: Scene, decision: str) -> None:
    said = Sign(by=here.who("ben"), via="form", item="qa", decision=decision, comment="no")  # type: ignore[arg-type]
    here.did(said)
    found = did(here, "ben")
    assert found is not None
    assert (found.decision, found.via, found.comment) == (decision, "form", "no")
    assert (did(here, "cleo"), did(here, "ben", round_=2), did(here, "ben", item="words")) == (None, None, None)


def test_the_last_signature_of_a_gate_is_an_approval_and_not_a_to_do(here: Scene) -> None:
    for who in ("ben", "kim", "dan"):
        here.did(Sign(by=here.who(who), item="qa", decision="approve", evidence=report()))
    found = did(here, "dan")
    assert (here.item().status, found and found.decision) == ("passed", "approve")


def test_other_things_people_do_are_known_too(here: Scene) -> None:
    here.organise(ORGANISATION.replace("roles: [security]", "roles: [security, launch-managers]"))
    here.did(Complete(by=here.who("eva"), item="guide", comment="in the wiki"))
    here.did(Report(by=TMINUS, item="links", round=1, ok=False, summary="dead"))
    here.did(Rerun(by=here.who("ada"), item="links", comment="again"))
    here.did(Waive(by=here.who("dan"), item="words", reason="no words"))
    found = [did(here, "eva", "guide"), did(here, "ada", "links"), did(here, "dan", "words")]
    said = [(one.decision, one.comment) for one in found if one]
    assert said == [("done", "in the wiki"), ("run-again", "again"), ("waive", "no words")]
