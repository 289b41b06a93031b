"""Every answer in its own plain words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checklists import entries as e
from checklists.commands import TMINUS, Abandon, Hold, Report, Sign, Waive
from checklists.entries import Content
from ledger.batches import Of
from ledger.planning import Recipient
from tasks.people.codes import code_of
from tests.web.signing.scene import ORGANISATION, REPORT, Scene, report, scene, text, title

APPROVE: dict[str, Any] = {"decision": "approve", "evidence__test_report": REPORT}
NEXT = "What happens next"


def words(sha256: str, said: str) -> Content:
    return Content(item="tell", round=1, sha256=sha256 * 64, text=said)


def nearly(here: Scene) -> None:
    """Everybody but Ben has signed for QA."""
    here.did(Sign(by=here.who("kim"), item="qa", decision="approve", evidence=report()))
    here.did(Sign(by=here.who("dan"), item="qa", decision="approve"))


def test_an_approval_that_is_not_the_last_says_who_is_still_missing(here: Scene) -> None:
    answer = here.send(here.path("ben"), **APPROVE)
    assert (answer.status_code, title(answer)) == (200, "Approved. Thank you, Ben Brandt")
    assert "“QA sign-off” still needs 1 of qa, 1 of security." in text(answer)
    assert "Cleo Castro or Kim Kaya could sign" in text(answer)
    assert "Open now" not in text(answer)


def test_the_last_approval_is_answered_once_what_waited_for_it_is_open(here: Scene) -> None:
    nearly(here)
    answer = here.send(here.path("ben"), decision="approve")
    assert here.item("go").run is not None
    assert "“QA sign-off” has passed. Open now: Go / no-go 1 of launch-managers" in text(answer)


def test_a_request_for_changes_says_that_the_next_round_is_open(here: Scene) -> None:
    answer = here.send(here.path("ben"), decision="request-changes", comment="the upgrade loses filters")
    assert title(answer) == "Changes requested. Thank you, Ben Brandt"
    assert "Round 2 is open, with your question on top." in text(answer)


def test_a_rejection_by_somebody_who_runs_launches_says_that_the_launch_is_held(here: Scene) -> None:
    nearly(here)
    here.send(here.path("ben"), decision="approve")
    answer = here.send(here.path("ada", "go"), decision="reject", comment="the price is wrong")
    assert title(answer) == "Rejected. Thank you, Ada Abara"
    assert "“Go / no-go” is rejected, and nothing that needs it opens." in text(answer)
    assert "The launch is on hold: go rejected by Ada Abara: the price is wrong." in text(answer)


def test_a_to_do_is_done_with_one_click(here: Scene) -> None:
    page = here.client.get(here.path("eva", "guide"))
    assert "Is it done?" in text(page)
    answer = here.send(here.path("eva", "guide"), decision="done", comment="in the wiki")
    assert (title(answer), here.item("guide").status) == ("Done. Thank you, Eva Endo", "passed")
    assert "“Write the guide” has passed." in text(answer)


def failed(here: Scene) -> None:
    here.did(Report(by=TMINUS, item="links", round=1, ok=False, summary="two links are dead", findings=("/a", "/b")))


def test_what_failed_can_be_run_again_or_waived(here: Scene) -> None:
    failed(here)
    page = text(here.client.get(here.path("ada", "links")))
    assert "What went wrong two links are dead /a /b" in page
    answer = here.send(here.path("ada", "links"), decision="run-again")
    assert (title(answer), here.item("links").round) == ("It runs again. Thank you, Ada Abara", 2)
    assert "starts over in round 2" in text(answer)


def test_a_waiver_needs_a_reason_and_may_end(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        here.organise(ORGANISATION.replace("roles: [qa, docs]", "roles: [qa, docs, launch-managers]"))
        failed(here)
        path = here.path("cleo", "links")
        assert here.send(path, decision="waive").status_code == 422
        answer = here.send(path, decision="waive", comment="known good", until="2026-11-24")
        assert (answer.status_code, title(answer)) == (200, "Waived. Thank you, Cleo Castro")
        until = here.item("links").waived_until
        assert until is not None
        assert until.isoformat() == "2026-11-24T23:00:00+00:00"


def test_signatures_are_taken_on_hold_and_the_answer_says_what_waits(here: Scene) -> None:
    nearly(here)
    here.did(Hold(by=here.who("ada"), reason="the data centre is down"))
    answer = here.send(here.path("ben"), decision="approve")
    assert (answer.status_code, here.item().status, here.item("go").status) == (200, "passed", "waiting")
    assert "on hold: the data centre is down. Signatures are taken all the same" in text(answer)


def test_a_decision_is_kept_while_prefect_is_away(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.at.board.is_reachable = False
    answer = here.send(path, shown=page, **APPROVE)
    assert (answer.status_code, len(here.item().signatures)) == (200, 1)
    assert "Your decision is kept. Prefect cannot be reached just now" in text(answer)


def test_a_link_that_was_used_says_when_for_what_and_who_has_signed(here: Scene) -> None:
    path = here.path("ben")
    here.send(path, **APPROVE, comment="looks fine")
    here.did(Sign(by=here.who("cleo"), item="qa", decision="approve"))
    answer = here.client.get(path)
    assert (answer.status_code, title(answer)) == (200, "You approved this on Mon 23 Nov 2026, 11:00 CET")
    said = text(answer)
    assert "You did that by personal link." in said
    assert "looks fine" in said
    assert "Ben Brandt 2 of qa approved" in said
    assert "Cleo Castro 2 of qa approved" in said
    assert "in round 1 and still needs 1 of security" in said


def test_a_link_is_used_whichever_door_its_person_took(here: Scene) -> None:
    path = here.path("ben")
    here.did(Sign(by=here.who("ben"), via="form", item="qa", decision="request-changes", comment="not yet"))
    answer = here.client.get(path)
    assert title(answer).startswith("You asked for changes on Mon 23 Nov")
    assert "You did that in the Prefect form." in text(answer)


def test_a_link_that_has_expired_says_how_to_get_another(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.at.clock.wait(timedelta(days=14))
    for answer in (here.client.get(path), here.send(path, shown=page, **APPROVE)):
        assert (answer.status_code, title(answer)) == (410, "This link has expired")
        assert "until Mon 7 Dec 2026, 11:00 CET. Nothing was counted." in text(answer)
        assert "tminus ask acme-2.4.0 qa" in text(answer)
    assert here.item().signatures == ()


def test_a_link_of_an_older_round_says_which_one_is_open_and_why(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.did(Sign(by=here.who("cleo"), item="qa", decision="request-changes", comment="the upgrade loses filters"))
    for answer in (here.client.get(path), here.send(path, shown=page, **APPROVE)):
        assert (answer.status_code, title(answer)) == (410, "This link was for round 1")
        assert "QA sign-off is in round 2 now" in text(answer)
        assert "Cleo Castro asked in the last round the upgrade loses filters" in text(answer)
    assert (here.item().round, here.item().signatures) == (2, ())
    assert here.client.get(here.path("ben")).status_code == 200


def test_a_link_to_content_that_was_replaced_signs_nothing(here: Scene) -> None:
    here.known(words("a", "Faster exports"))
    path = here.path("cleo", "words")
    page = here.client.get(path).text
    here.known(words("b", "Slower exports"))
    for answer in (here.client.get(path), here.send(path, shown=page, decision="approve")):
        assert (answer.status_code, title(answer)) == (410, "What you were asked to sign has changed")
    assert here.item("words").signatures == ()


def test_a_gate_that_others_have_finished_needs_nobody_any_more(here: Scene) -> None:
    path = here.path("ben")
    nearly(here)
    here.did(Sign(by=here.who("cleo"), item="qa", decision="approve"))
    answer = here.client.get(path)
    assert (answer.status_code, title(answer)) == (200, "“QA sign-off” has passed without you")
    assert here.send(path, shown="", **APPROVE).status_code == 403


def ended(here: Scene, page: str, path: str) -> Any:
    return here.send(path, shown=page, **APPROVE)


@pytest.mark.parametrize("ending", ["abandoned", "replaced", "cancelled"])
def test_a_launch_that_is_over_says_how_it_ended(here: Scene, ending: e.Ending) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.did(Abandon(by=here.who("ada"), reason="2.5.0 took over", ending=ending))
    for answer in (here.client.get(path), ended(here, page, path)):
        assert (answer.status_code, title(answer)) == (410, f"Acme 2.4.0 is {ending}")
        assert "Nothing can be signed any more. 2.5.0 took over" in text(answer)


def test_a_waived_gate_says_so_to_those_who_were_asked(here: Scene) -> None:
    path = here.path("ben")
    here.organise(ORGANISATION.replace("roles: [qa, docs]", "roles: [qa, docs, launch-managers]"))
    here.did(Waive(by=here.who("cleo"), item="qa", reason="tested by the customer"))
    answer = here.client.get(path)
    assert title(answer) == "“QA sign-off” is waived without you"
    assert "tested by the customer" in text(answer)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("{name: Ben Brandt, roles: [qa]", "{name: Ben Brandt, roles: [docs]"), "role"),
        (lambda text: "\n".join(line for line in text.splitlines() if "ben@" not in line), "not a person"),
    ],
)
def test_an_approver_who_lost_the_role_between_mail_and_click_is_told(
    here: Scene, change: Callable[[str], str], said: str
) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.organise(change(ORGANISATION))
    for answer in (here.client.get(path), here.send(path, shown=page, **APPROVE)):
        assert (answer.status_code, title(answer)) == (403, "You are not asked any more")
        assert said in text(answer)
    assert (here.item().signatures, here.at.ledger.read(here.launch_id)[-1].kind) == ((), "refused")


def test_five_wrong_codes_lock_the_page_until_new_ones_are_mailed(tmp_path: Path) -> None:
    with scene(tmp_path, link_code=True) as here:
        path = here.path("ben")
        page = here.client.get(path).text
        right = code_of(here.world, here.link("ben"))
        for number in range(5):
            answer = here.send(path, shown=page, **APPROVE, code="AAAAAAAA")
            assert answer.status_code == (403 if number < 4 else 429)
        assert title(answer) == "Locked after too many wrong codes"
        assert here.send(path, shown=page, **APPROVE, code=right).status_code == 429
        assert here.client.get(path).status_code == 429
        state = here.item()
        here.known(e.Asked(item="qa", round=1, mailing=state.mailing + 1, people=("ben@example.com",)))
        again = here.path("ben")
        assert here.send(again, **APPROVE, code=right).status_code == 403
        assert here.send(again, **APPROVE, code=code_of(here.world, here.link("ben"))).status_code == 200


def test_the_code_is_asked_for_where_links_are_not_enough(tmp_path: Path) -> None:
    with scene(tmp_path, link_code=True) as here:
        path = here.path("ben")
        cleos, bens = code_of(here.world, here.link("cleo")), code_of(here.world, here.link("ben"))
        assert "Your code" in text(here.client.get(path))
        for code in ("", "AAAAAAAA", cleos):
            answer = here.send(path, **APPROVE, code=code)
            assert (answer.status_code, here.item().signatures) == (403, ())
            assert "more wrong" in text(answer)
            assert f'value="{code}"' not in answer.text or not code
        answer = here.send(path, **APPROVE, code=f" {bens[:4].lower()}-{bens[4:]} ")
        assert (answer.status_code, here.item().signatures[0].proof) == (200, "code")


def in_doubt(here: Scene) -> None:
    """One message of the announcement was being written when its sender died."""
    of, ledger, now = Of(here.launch_id, "tell", "email", "announcement"), here.world.ledger, here.world.now()
    ledger.planning.plan(of, 1, [Recipient("customer@example.net")], now)
    batch = ledger.batches.claim(of, "gone", now, timedelta(seconds=1))
    assert batch is not None
    assert ledger.batches.writing(batch.id, "gone", now)
    ledger.batches.expire(of, now + timedelta(seconds=2), repeatable=False)


@pytest.mark.parametrize(
    ("decision", "headline", "says"),
    [
        ("arrived", "It arrived", "They count as handed over"),
        ("again", "It is sent again", "Those in doubt are written to once more, and nobody else."),
    ],
)
def test_deliveries_in_doubt_have_two_buttons(here: Scene, decision: str, headline: str, says: str) -> None:
    in_doubt(here)
    lost = "The answer was lost while 1 of 4 messages were handed over."
    here.known(e.Questioned(item="question-1", cause="deliveries-unknown", said=lost, about="tell"))
    path = here.path("ada", "question-1")
    shown = here.client.get(path)
    assert lost in text(shown)
    assert [name in shown.text for name in ('value="arrived">It arrived<', 'value="again">Send again<')] == [True, True]
    assert "Mark it as done" not in shown.text
    answer = here.send(path, decision=decision)
    assert title(answer) == f"{headline}. Thank you, Ada Abara"
    assert says in text(answer)
    assert here.item("question-1").fate == decision
