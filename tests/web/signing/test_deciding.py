"""What was shown is what is signed, and nothing counts that may not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checklists import entries as e
from checklists.commands import AddEvidence, Retag, Sign
from checklists.entries import Difference, Piece
from tests.web.signing.scene import ORGANISATION, REPORT, Scene, report, scene, text, title

APPROVE: dict[str, Any] = {"decision": "approve", "evidence__test_report": REPORT}
NEWER = "41c09a7e55d0c7a84b0e8a3a6f1be2d27f6c5d1e"
CHANGED = "Nothing was counted: this changed while you were reading."


def retag(here: Scene) -> None:
    difference = Difference(
        base="9f2c51d0c7", head=NEWER, count=1, commits=("41c09a7e55 Mend it",), files=("src/a.py",)
    )
    here.did(Retag(by=here.who("ada"), commit=NEWER, difference=difference))


def last(here: Scene) -> tuple[str, str]:
    entry = here.at.ledger.read(here.launch_id)[-1]
    return entry.kind, str(getattr(entry.data, "reason", ""))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose what you decide."),
        ({"decision": "maybe"}, "Choose what you decide."),
        ({"decision": "done"}, "Choose what you decide."),
        ({"decision": "approve"}, "An approval needs test-report; give its address."),
        ({"decision": "approve", "evidence__test_report": "ftp://x"}, "An address begins with https://"),
        ({"decision": "request-changes", "comment": "  "}, "Say in the comment what has to change"),
        ({"decision": "reject"}, "Say in the comment why"),
    ],
)
def test_a_form_that_is_not_filled_in_comes_back_with_what_was_typed(
    here: Scene, fields: dict[str, Any], said: str
) -> None:
    path = here.path("ben")
    answer = here.send(path, **{"comment": "", "more_name": "video <1>", "more_url": "https://v.example", **fields})
    assert (answer.status_code, here.item().signatures) == (422, ())
    assert "Nothing was counted yet. Please put this right:" in text(answer)
    assert said in text(answer)
    assert 'value="video &lt;1&gt;"' in answer.text
    assert "<title>Not counted yet: QA sign-off" in answer.text


def test_a_refused_decision_says_why_and_leaves_the_link_good(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.organise(ORGANISATION.replace("products:", "  gus@example.com: {name: Gus Gray, roles: [qa]}\nproducts:"))
    for who in ("gus", "cleo"):
        here.did(Sign(by=here.who(who), item="qa", decision="approve", evidence=report()))
    answer = here.send(path, shown=page, decision="approve")
    assert (answer.status_code, CHANGED in text(answer)) == (409, True)
    answer = here.send(path, decision="approve")
    assert (answer.status_code, last(here)[0]) == (409, "refused")
    assert "That did not count. Every place that Ben Brandt could fill is taken" in text(answer)
    assert here.send(path, decision="request-changes", comment="not yet").status_code == 200


def test_what_was_added_after_the_page_was_shown_is_shown_before_anything_counts(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    answer = here.send(path, shown=page, decision="approve", comment="fine")
    assert (answer.status_code, here.item().signatures) == (409, ())
    assert CHANGED in text(answer)
    assert "Evidence was added: test-report." in text(answer)
    assert ("fine</textarea>" in answer.text, 'value="approve" required checked' in answer.text) == (True, False)
    assert last(here) == ("refused", "what was shown has changed since")
    assert here.send(path, shown=answer.text, decision="approve").status_code == 200


def test_evidence_that_was_replaced_is_named(here: Scene) -> None:
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    path = here.path("ben")
    page = here.client.get(path).text
    other = {"test-report": Piece(url=REPORT, sha256="0" * 64)}
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=other))
    assert "Evidence was replaced: test-report." in text(here.send(path, shown=page, decision="approve"))


def test_somebody_elses_signature_is_no_change_of_what_is_signed(here: Scene) -> None:
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    path = here.path("ben")
    page = here.client.get(path).text
    here.did(Sign(by=here.who("kim"), item="qa", decision="approve"))
    assert here.send(path, shown=page, decision="approve").status_code == 200


def test_a_retag_between_looking_and_clicking_counts_nothing(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    retag(here)
    answer = here.send(path, shown=page, **APPROVE)
    assert (answer.status_code, title(answer)) == (410, "This link was for round 1")
    assert "the code is 41c09a7e55d0 now" in text(answer)
    assert (here.item().round, here.item().signatures) == (2, ())


def test_a_retag_and_a_signature_at_once_end_right_in_either_order(here: Scene) -> None:
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    path = here.path("ben")
    page = here.client.get(path).text
    with ThreadPoolExecutor(2) as pool:
        signing = pool.submit(here.send, path, shown=page, decision="approve")
        pool.submit(retag, here).result()
    state = here.item()
    assert (state.round, state.signatures) == (2, ())
    assert signing.result().status_code in (200, 409, 410)
    assert [s.by for s in state.earlier] == (["ben@example.com"] if signing.result().status_code == 200 else [])


def test_a_page_that_a_retag_made_old_comes_again_for_those_who_are_signed_in(here: Scene) -> None:
    path = "/launches/acme-2.4.0/qa"
    page = here.client.get(path).text
    retag(here)
    answer = here.send(path, shown=page, email="ben@example.com", **APPROVE)
    assert (answer.status_code, here.item().signatures) == (409, ())
    assert "This is round 2 now; you were shown round 1." in text(answer)
    assert "The release is commit 41c09a7e55 now." in text(answer)
    assert here.send(path, shown=answer.text, email="ben@example.com", **APPROVE).status_code == 200


def test_one_click_confirms_an_approval_that_a_retag_made_void(here: Scene) -> None:
    here.send(here.path("ben"), **APPROVE)
    retag(here)
    path = here.path("ben")
    page = here.client.get(path)
    said = text(page)
    assert "Confirm my approval" in said
    assert "You approved the last round on Mon 23 Nov 2026, 11:00 CET" in said
    assert "Open again: the code has changed" in said
    assert "Confirm my approval" not in text(here.client.get(here.path("cleo")))
    answer = here.send(path, shown=page.text, decision="approve")
    assert (answer.status_code, here.item().round, [s.by for s in here.item().signatures]) == (
        200,
        2,
        ["ben@example.com"],
    )


AWAY = ORGANISATION.replace(
    "ben@example.com: {name: Ben Brandt, roles: [qa], timezone: Europe/Berlin}",
    "ben@example.com: {name: Ben Brandt, roles: [qa], timezone: Europe/Berlin, absences: "
    "[{from: 2026-11-20, to: 2026-11-30, delegate: fay@example.com}]}",
)


def test_a_delegate_sees_and_signs_for_whom(here: Scene) -> None:
    here.organise(AWAY)
    path = here.path("fay")
    page = text(here.client.get(path))
    assert "You sign for Ben Brandt, who is away. Both names stand in the record." in page
    assert "Fay Farah for Ben Brandt" in page
    answer = here.send(path, **APPROVE)
    (signature,) = here.item().signatures
    assert (answer.status_code, signature.signer) == (200, "Fay Farah for Ben Brandt")
    assert "You signed for Ben Brandt; both names stand in the record." in text(answer)


def test_a_delegate_of_two_chooses_for_whom(here: Scene) -> None:
    two = AWAY.replace(
        "kim@example.com: {name: Kim Kaya, roles: [qa, security], timezone: Europe/Istanbul}",
        "kim@example.com: {name: Kim Kaya, roles: [qa, security], absences: "
        "[{from: 2026-11-20, to: 2026-11-30, delegate: fay@example.com}]}",
    )
    here.organise(two)
    path = here.path("fay")
    assert "For whom" in text(here.client.get(path))
    here.send(path, **APPROVE, instead_of="kim@example.com")
    assert [s.signer for s in here.item().signatures] == ["Fay Farah for Kim Kaya"]
    with pytest.raises(AssertionError, match="approved qa for Kim Kaya already"):
        here.did(Sign(by=here.who("fay"), item="qa", decision="approve", instead_of="ben@example.com"))


def test_nobody_signs_for_somebody_who_did_not_let_them(here: Scene) -> None:
    answer = here.send(here.path("ben"), **APPROVE, instead_of="kim@example.com")
    assert (answer.status_code >= 400, here.item().signatures) == (True, ())


def test_authors_are_told_before_they_click_and_after(here: Scene) -> None:
    here.known(e.Compared(difference=Difference(head="9f2c", authors=("ben@example.com",))))
    path = here.path("ben")
    page = here.client.get(path)
    assert "Ben Brandt wrote the code" in text(page)
    assert 'value="approve" required disabled' in page.text
    answer = here.send(path, **APPROVE)
    assert (answer.status_code, here.item().signatures) == (403, ())
    assert here.send(path, decision="request-changes", comment="mine, and not yet right").status_code == 200


def test_signing_ones_own_work_is_marked_where_a_gate_allows_it(here: Scene) -> None:
    here.organise(ORGANISATION)
    for who in ("kim", "dan", "cleo"):
        here.did(Sign(by=here.who(who), item="qa", decision="approve", evidence=report()))
    assert "Authors may sign their own work here" in text(here.client.get(here.path("ada", "go")))
    assert "Authors may sign" not in text(here.client.get(here.path("cleo", "words")))


def test_an_address_nobody_has_is_put_right(here: Scene) -> None:
    for email in ("", "stranger@example.com", "<b>@example.com"):
        answer = here.send("/launches/acme-2.4.0/qa", email=email, **APPROVE)
        assert (answer.status_code, here.item().signatures) == (422, ())
        assert "Nobody in this organisation has this address." in text(answer)
        assert last(here) == ("refused", "nobody in this organisation has the address that was typed")
        assert "<b>@" not in answer.text


def test_whom_nobody_asks_is_refused_and_recorded(here: Scene) -> None:
    answer = here.send("/launches/acme-2.4.0/qa", email="fay@example.com", **APPROVE)
    assert (answer.status_code, last(here)[0]) == (403, "refused")
    assert "Fay Farah" in text(answer)


def test_nothing_is_decided_on_what_is_not_open(here: Scene) -> None:
    path = "/launches/acme-2.4.0/go"
    assert "Nothing to decide now It is not open yet; it waits for QA sign-off." in text(here.client.get(path))
    assert here.send(path, email="ada@example.com", decision="approve").status_code in (403, 409)
    assert here.item("go").signatures == ()


def test_a_clock_that_was_set_back_revives_no_link(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        path = here.path("ben")
        page = here.client.get(path).text
        here.at.clock.wait(timedelta(days=20))
        here.did(AddEvidence(by=here.who("kim"), item="words", evidence=report()))
        here.at.clock.wait(timedelta(days=-20))
        assert here.send(path, shown=page, **APPROVE).status_code == 410
        assert here.item().signatures == ()
