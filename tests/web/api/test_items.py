"""What people say over the API counts as at every other door, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from pydantic import ValidationError

from checklists.commands import AddEvidence
from checklists.entries import Signed
from tasks.people.tokens import create_token
from tests.web.api.room import ADA, APPROVE, BEN, DAN, EVE, LAUNCH, QA, Api
from tests.web.signing.scene import report, scene
from web.api.bodies import EvidenceBody

GUIDE = f"{LAUNCH}/items/guide"


def test_a_signature_says_who_how_and_from_where(api: Api) -> None:
    answer = api.post(f"{QA}/sign", APPROVE | {"comment": " fine "}, ADA)
    assert [one["by"] for one in answer.json()["items"]["qa"]["signatures"]] == [ADA]
    (said,) = [one.data for one in api.at.ledger.read("acme-2.4.0") if isinstance(one.data, Signed)]
    assert (said.via, said.proof, said.address, said.comment) == ("api", "token", "127.0.0.1", "fine")


def test_a_gate_that_is_met_lets_the_launch_go_on(api: Api) -> None:
    assert api.post(f"{LAUNCH}/items/docs/sign", APPROVE, DAN).json()["items"]["docs"]["status"] == "passed"
    assert api.launch.items["links"].status != "waiting"


@pytest.mark.parametrize(
    ("path", "said", "who", "status"),
    [
        (f"{QA}/sign", APPROVE, DAN, 403),
        (f"{QA}/sign", {"decision": "reject"}, ADA, 409),
        (f"{QA}/sign", APPROVE | {"round": 2}, ADA, 409),
        (f"{LAUNCH}/items/go/sign", APPROVE, EVE, 409),
        (f"{QA}/complete", {}, ADA, 409),
        (f"{GUIDE}/complete", {}, ADA, 403),
        (f"{QA}/rerun", {}, ADA, 409),
        (f"{QA}/waive", {"reason": "no time"}, ADA, 403),
        (f"{QA}/waive", {"reason": " "}, EVE, 409),
        (f"{LAUNCH}/items/nothing/sign", APPROVE, ADA, 404),
        (f"{LAUNCH}/items/qa%0a/sign", APPROVE, ADA, 404),
        ("/api/launches/acme-9.9.9/items/qa/sign", APPROVE, ADA, 404),
    ],
)
def test_a_rule_that_says_no_is_told_in_its_words(
    api: Api, path: str, said: dict[str, object], who: str, status: int
) -> None:
    before = api.launch.items
    answer = api.post(path, said, who)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert len(answer.json()["detail"]) > 10
    assert {key: one.status for key, one in api.launch.items.items()} == {key: s.status for key, s in before.items()}


def test_a_refused_try_stands_in_the_record(api: Api) -> None:
    api.post(f"{QA}/sign", APPROVE, DAN)
    assert api.at.ledger.read("acme-2.4.0")[-1].kind == "refused"


def test_a_to_do_is_done_by_its_owner(api: Api) -> None:
    assert api.post(f"{GUIDE}/complete", {"comment": "written"}, DAN).json()["items"]["guide"]["status"] == "passed"


def test_what_is_waived_says_why(api: Api) -> None:
    item = api.post(f"{QA}/waive", {"reason": "no time", "until": "2026-12-24"}).json()["items"]["qa"]
    assert (item["status"], item["summary"]) == ("waived", "no time")


def test_what_was_rejected_is_run_again(api: Api) -> None:
    api.post(f"{QA}/sign", {"decision": "reject", "comment": "broken"}, ADA)
    item = api.post(f"{QA}/rerun", {"comment": "mended"}).json()["items"]["qa"]
    assert (item["round"], item["question"]) == (2, "mended")


def test_two_doors_at_once_are_one_signature(tmp_path: Path) -> None:
    """Ben clicks his link while his program signs: one of the two counts, the other is told so."""
    with scene(tmp_path) as here:
        here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
        link, token = here.path("ben"), create_token(here.world, BEN, ["sign"])
        page, barrier = here.client.get(link).text, Barrier(2)

        def program() -> httpx.Response:
            barrier.wait()
            return here.client.post(f"{QA}/sign", json=APPROVE, headers={"Authorization": f"Bearer {token}"})

        def person() -> httpx.Response:
            barrier.wait()
            return here.send(link, shown=page, decision="approve")

        with ThreadPoolExecutor(2) as pool:
            said = [one.result() for one in (pool.submit(program), pool.submit(person))]
        assert sorted(one.status_code < 300 for one in said) == [False, True], [one.status_code for one in said]
        assert [one.by for one in here.item().signatures] == [BEN]


def test_evidence_is_named_and_a_web_address(api: Api) -> None:
    url = "https://ci.example.com/runs/77"
    shown = api.post(f"{QA}/sign", APPROVE | {"evidence": {"test-report": url}}, BEN).json()
    assert "test-report" in shown["items"]["qa"]["evidence"]
    for wrong in ({"report": "javascript:alert(1)"}, {"a b": url}, {"report": "file:///etc/passwd"}, {"report": 7}):
        assert api.post(f"{QA}/sign", APPROVE | {"evidence": wrong}, ADA).status_code == 422
    assert api.signed == [BEN]


def test_people_are_asked_again_at_the_word_of_who_runs_the_launch(api: Api) -> None:
    assert api.post(f"{QA}/ask", {"people": [ADA]}).status_code == 200
    assert [one.kind for one in api.at.ledger.read("acme-2.4.0")].count("ask-again") == 1
    assert api.post(f"{QA}/ask", {"people": [DAN]}).status_code == 409
    assert api.post(f"{QA}/ask", {}, DAN).status_code == 403


@pytest.mark.parametrize("sign", [" ", "\n", "\x00", "\x7f", "\x85", "\u00a0", "\u2028", "\ufeff"], ids=ascii)
def test_signs_that_regular_expressions_disagree_about_are_in_no_address(sign: str) -> None:
    """U+0085 is white space to the server's, and none to who reads its description; U+FEFF the other way round."""
    assert EvidenceBody.model_validate({"evidence": {"report": "https://é.example/ü"}})
    with pytest.raises(ValidationError):
        EvidenceBody.model_validate({"evidence": {"report": f"https://a.example/{sign}"}})


def test_evidence_is_put_beside_an_item_without_signing(api: Api) -> None:
    shown = api.post(f"{QA}/evidence", {"evidence": {"report": "http://127.0.0.1:9/report"}}, ADA)
    exhibit = shown.json()["items"]["qa"]["exhibits"]["report"]
    assert (exhibit["by"], exhibit["sha256"], exhibit["problem"] != "") == (ADA, None, True)
    assert api.signed == []


@pytest.mark.parametrize(
    ("what", "said", "who", "status"),
    [
        ("correct", {"note": "the price is 20"}, ADA, 403),
        ("recall", {"reason": "not for sale"}, ADA, 403),
        ("correct", {"note": "the price is 20"}, EVE, 409),
        ("correct", {"text": "It costs 20.", "translations": {"de": "Es kostet 20."}}, EVE, 409),
        ("correct", {"text": "It costs 20.", "translations": {"de": 20}}, EVE, 422),
        ("correct", {"note": "It costs 20.", "notes": {"de": "Es kostet 20."}}, EVE, 409),
        ("correct", {"note": "It costs 20.", "notes": {"de": 20}}, EVE, 422),
        ("recall", {"reason": "Too early.", "reasons": {"de": "Zu früh."}}, EVE, 409),
        ("recall", {"reason": "Too early.", "reasons": {"\x1b[2J": "Zu früh."}}, EVE, 422),
        ("recall", {"reasons": {"de": "Zu früh."}}, EVE, 422),
        ("correct", {"text": "It costs 20.", "translations": {"de" * 9_000: "Es kostet 20."}}, EVE, 422),
        ("correct", {"text": "It costs 20.", "translations": {"\x1b[2J": "Es kostet 20."}}, EVE, 422),
        ("recall", {"reason": "not for sale"}, EVE, 409),
        ("recall", {}, EVE, 422),
    ],
)
def test_only_managers_correct_and_recall_and_only_announcements(
    api: Api, what: str, said: dict[str, object], who: str, status: int
) -> None:
    assert api.post(f"{QA}/{what}", said, who).status_code == status
    assert api.launch.items["qa"].follow_ups == ()
