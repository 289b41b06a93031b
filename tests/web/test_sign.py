"""The doors of the page: looking changes nothing, and only our own form, sent by its person, does."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from checklists.commands import AddEvidence
from checklists.entries import Asked
from ledger import schema
from tests.web.signing.scene import ORGANISATION, REPORT, Scene, hidden, report, scene, text, title

PROXY: dict[str, Any] = {
    "identity": "verified",
    "proxy_addresses": (ip_network("127.0.0.0/8"),),
    "proxy_header": "X-Forwarded-Email",
}
BEN = {"X-Forwarded-Email": "ben@example.com"}
QA = "/launches/acme-2.4.0/qa"
APPROVE: dict[str, Any] = {"decision": "approve", "evidence__test_report": REPORT}


@pytest.fixture
def verified(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path, **PROXY) as made:
        yield made


def record(here: Scene) -> int:
    return len(here.at.ledger.read(here.launch_id))


def kinds(here: Scene) -> list[str]:
    return [entry.kind for entry in here.at.ledger.read(here.launch_id)]


def test_a_decision_is_counted_once_with_how_it_came_in(here: Scene) -> None:
    path = here.path("ben")
    answer = here.send(path, **APPROVE)
    (signature,) = here.item().signatures
    entry = next(e for e in here.at.ledger.read(here.launch_id) if e.kind == "signed")
    assert (answer.status_code, title(answer)) == (200, "Approved. Thank you, Ben Brandt")
    assert (signature.by, signature.via, signature.proof) == ("ben@example.com", "link", "link")
    said = entry.data.model_dump()
    assert (said["address"], len(said["shown"])) == ("127.0.0.1", 64)
    assert here.item().evidence["test-report"].url == REPORT


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("agent", ["Mozilla/5.0", "SafeLinks-Scanner", ""])
def test_whoever_only_looks_changes_nothing(here: Scene, method: str, agent: str) -> None:
    path = here.path("ben")
    before, link = record(here), here.link("ben")
    for _ in range(3):
        answer = here.client.request(method, path, headers={"User-Agent": agent})
        assert (answer.status_code, bool(answer.content)) == (200, method == "GET")
    assert (record(here), here.link("ben")) == (before, link)
    assert here.send(path, **APPROVE).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("door", ["link", "launches"])
def test_there_is_no_other_way_in(here: Scene, method: str, door: str) -> None:
    path = here.path("ben") if door == "link" else QA
    before, page = record(here), here.client.get(path).text
    fields = {**hidden(page), "decision": "approve", "evidence:test-report": REPORT}
    assert here.client.request(method, path, data=fields).status_code == 405
    assert record(here) == before


def test_an_address_in_a_query_decides_nothing(here: Scene) -> None:
    path = here.path("ben")
    before, fields = record(here), {**hidden(here.client.get(path).text), "decision": "approve"}
    assert here.client.get(path, params=fields).status_code == 200
    assert here.client.post(path, params=fields, headers={"Content-Type": "application/x-www-form-urlencoded"}).is_error
    assert record(here) == before


def test_a_link_works_once(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    assert here.send(path, shown=page, **APPROVE).status_code == 200
    again = here.send(path, shown=page, **APPROVE)
    assert (again.status_code, len(here.item().signatures)) == (409, 1)
    assert title(again).startswith("You approved this on Mon 23 Nov 2026, 11:00 CET")
    assert kinds(here)[-1] == "refused"
    assert title(here.client.get(path)) == title(again)


def test_ten_clicks_at_once_are_one_signature(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: here.send(path, shown=page, **APPROVE).status_code, range(10)))
    assert sorted(answers) == [200, *[409] * 9]
    assert [s.by for s in here.item().signatures] == ["ben@example.com"]


def test_two_doors_at_once_are_one_signature_for_one_person(here: Scene) -> None:
    path = here.path("ben")
    page, other = here.client.get(path).text, here.client.get(QA).text

    def come(door: int) -> int:
        if door % 2:
            return here.send(path, shown=page, **APPROVE).status_code
        return here.send(QA, shown=other, email="ben@example.com", **APPROVE).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(come, range(8)))
    assert answers.count(200) == 1
    assert [s.by for s in here.item().signatures] == ["ben@example.com"]


@pytest.mark.parametrize(
    "token",
    ["", "x", "..%2f..%2fetc%2fpasswd", "a" * 43, "é" * 43, "%00", "a/b", "A" * 5_000, "eyJhbGciOiJub25lIn0.e30."],
)
def test_every_unknown_link_gets_the_same_answer(here: Scene, token: str) -> None:
    for answer in (here.client.get(f"/sign/{token}"), here.send(f"/sign/{token}", shown="", decision="approve")):
        assert (answer.status_code, title(answer)) == (404, "This link leads nowhere")
        assert "acme" not in answer.text.lower()


def test_an_altered_link_is_no_link(here: Scene) -> None:
    path, before = here.path("ben"), record(here)
    for place in range(len("/sign/"), len(path)):
        other = "A" if path[place] != "A" else "B"
        altered = path[:place] + other + path[place + 1 :]
        assert here.client.get(altered).status_code == 404
    for altered in (path[:-1], path + "A", path + "=", path.upper(), path + "/"):
        assert here.client.get(altered).status_code == 404
    assert record(here) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("door", ["link", "asserted"])
def test_a_form_on_another_site_counts_for_nothing(here: Scene, door: str, headers: dict[str, str]) -> None:
    path = here.path("ben") if door == "link" else QA
    before, fields = record(here), APPROVE if door == "link" else {**APPROVE, "email": "ben@example.com"}
    answer = here.send(path, headers=headers, **fields)
    assert (answer.status_code, title(answer)) == (403, "This form did not come from our page")
    assert record(here) == before


def test_a_form_without_its_seal_counts_for_nothing(here: Scene) -> None:
    path, before = here.path("ben"), record(here)
    good = hidden(here.client.get(path).text)
    others = hidden(here.client.get(here.path("cleo")).text)
    asserted, words = hidden(here.client.get(QA).text), hidden(here.client.get(here.path("cleo", "words")).text)
    before = record(here)
    forged = [{}, {**good, "seal": ""}, {**good, "seal": "é"}, {**good, "seen": "1"}, {**good, "shown": "0" * 64}]
    for fields in (*forged, others, asserted, words):
        answer = here.client.post(path, data={**fields, "decision": "approve", "evidence:test-report": REPORT})
        assert (answer.status_code, record(here)) == (403, before)
    assert here.client.post(path, data={**good, "decision": "approve", "evidence:test-report": REPORT}).is_success


def test_a_proxy_that_is_listed_says_who_signs(verified: Scene) -> None:
    page = verified.client.get(QA, headers=BEN)
    answer = verified.send(QA, shown=page.text, headers=BEN, **APPROVE)
    (signature,) = verified.item().signatures
    assert (answer.status_code, signature.by) == (200, "ben@example.com")
    assert (signature.via, signature.proof) == ("page", "proxy")


def test_the_address_of_the_signer_is_what_the_proxy_says_it_is(verified: Scene) -> None:
    there = {**BEN, "X-Forwarded-For": "203.0.113.9, 192.0.2.7"}
    verified.send(QA, shown=verified.client.get(QA, headers=BEN).text, headers=there, **APPROVE)
    signed = next(entry for entry in verified.at.ledger.read(verified.launch_id) if entry.kind == "signed")
    assert signed.data.model_dump()["address"] == "192.0.2.7"


def test_a_form_that_was_made_for_another_person_counts_for_nothing(verified: Scene) -> None:
    cleos, before = verified.client.get(QA, headers={"X-Forwarded-Email": "cleo@example.com"}).text, record(verified)
    assert verified.send(QA, shown=cleos, headers=BEN, **APPROVE).status_code == 403
    crossed = {**BEN, "Sec-Fetch-Site": "cross-site"}
    bens = verified.client.get(QA, headers=BEN).text
    assert verified.send(QA, shown=bens, headers=crossed, **APPROVE).status_code == 403
    assert record(verified) == before


@pytest.mark.parametrize("path", [QA, "/launches/acme-2.4.0/nothing", "/launches/nothing-1.0.0/qa"])
@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-Email": "stranger@example.com"}, {"X-Forwarded-Email": ""}])
def test_whom_nobody_knows_is_told_where_the_link_is_and_nothing_else(
    verified: Scene, path: str, headers: dict[str, str]
) -> None:
    for answer in (
        verified.client.get(path, headers=headers),
        verified.send(path, shown="", headers=headers, email="ben@example.com", **APPROVE),
    ):
        assert (answer.status_code, title(answer)) == (403, "Your link is in the mail")
        assert "acme" not in answer.text.lower()


@pytest.mark.parametrize("path", ["/launches/acme-2.4.0/nothing", "/launches/nothing-1.0.0/qa", "/launches/%00/%ff"])
def test_an_item_nobody_has_is_said_to_be_none(here: Scene, path: str) -> None:
    answer = here.client.get(path)
    assert (answer.status_code, title(answer)) == (404, "There is no such item")


def test_names_are_trusted_on_ones_own_machine_only(here: Scene, verified: Scene) -> None:
    answer = here.send(QA, email="BEN@example.com ", **APPROVE)
    assert (answer.status_code, here.item().signatures[0].proof) == (200, "asserted")
    assert "name typed, not verified" in text(answer)
    assert "Your mail address" not in text(verified.client.get(QA))


def test_a_name_that_leads_to_this_machine_is_not_ours(here: Scene) -> None:
    rebound = {"Host": "evil.example"}
    assert here.client.get(QA, headers=rebound).status_code == 403
    answer = here.send(QA, headers=rebound, email="ben@example.com", **APPROVE)
    assert (answer.status_code, here.item().signatures) == (403, ())


def test_a_body_that_is_too_long_or_no_form_is_refused(here: Scene) -> None:
    path, before = here.path("ben"), record(here)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for content, headers, status in (
        (b"comment=" + b"x" * 70_000, form, 413),
        (b"{}", {"Content-Type": "application/json"}, 415),
        (b"a=%ff", form, 422),
        (b"&".join(b"a%d=1" % n for n in range(200)), form, 422),
        (b"decision=approve&decision=reject", form, 422),
    ):
        assert here.client.post(path, content=content, headers=headers).status_code == status
    assert record(here) == before


def test_every_answer_is_closed_to_scripts_stores_and_other_pages(here: Scene) -> None:
    path = here.path("ben")
    for answer in (here.client.get(path), here.send(path, decision="reject"), here.client.get("/sign/x")):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; base-uri 'none'; form-action ")
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy + answer.text.lower()
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert "set-cookie" not in answer.headers
    assert "form-action 'self'" in here.client.get(path).headers["Content-Security-Policy"]


def test_the_token_stands_nowhere_on_the_page(here: Scene) -> None:
    path = here.path("ben")
    token = path.rpartition("/")[2]
    assert token not in here.client.get(path).text
    assert token not in here.send(path, **APPROVE).text


def test_a_ledger_that_is_away_counts_nothing_and_says_so(here: Scene, tmp_path: Path) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    here.at.ledger.dispose()
    (tmp_path / "ledger.sqlite3").rename(tmp_path / "away")
    (tmp_path / "ledger.sqlite3").mkdir()
    for answer in (here.client.get(path), here.send(path, shown=page, **APPROVE)):
        assert (answer.status_code, title(answer)) == (503, "Nothing can be kept just now")
        assert answer.headers["Retry-After"] == "30"


def test_a_record_that_is_damaged_counts_nothing_and_says_so(here: Scene) -> None:
    path = here.path("ben")
    page = here.client.get(path).text
    with here.at.ledger.database.writing() as connection:
        connection.execute(delete(schema.entries).where(schema.entries.c.seq == 2))
    for answer in (here.client.get(path), here.send(path, shown=page, **APPROVE)):
        assert (answer.status_code, title(answer)) == (500, "This launch cannot be read")


def test_who_is_asked_next_is_written_to_after_the_answer(here: Scene) -> None:
    outbox = here.world.settings.outbox
    here.send(here.path("cleo"), decision="request-changes", comment="the upgrade loses filters")
    asked = set(here.item().asked)
    assert {"ben@example.com", "kim@example.com", "dan@example.com"} <= asked
    ends = time.monotonic() + 10
    while time.monotonic() < ends and not _written(outbox) >= asked:
        time.sleep(0.05)
    assert _written(outbox) >= asked


def _written(outbox: Path) -> set[str]:
    """Whom letters about the second round went to."""
    letters = [letter.read_text() for letter in outbox.glob("*.eml")]
    return {to for text in letters if "round 2" in text.lower() for to in re.findall(r"^To: (\S+)", text, re.MULTILINE)}


def test_of_twenty_people_who_race_for_two_places_two_are_counted_and_the_rest_told(here: Scene) -> None:
    crowd = "".join(f"  qa{number}@example.com: {{name: Q{number}, roles: [qa]}}\n" for number in range(20))
    here.organise(ORGANISATION.replace("products:", f"{crowd}products:"))
    here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
    people = [f"qa{number}@example.com" for number in range(20)]
    here.known(Asked(item="qa", round=1, mailing=1, people=tuple(people)))
    paths = [here.path(person.partition("@")[0]) for person in people]
    pages = [here.client.get(path).text for path in paths]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda one: here.send(one[0], shown=one[1], decision="approve"), zip(paths, pages, strict=True))
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [409] * 18
    assert all("could fill is taken" in text(answer) for answer in answers if answer.status_code == 409)
    assert len(here.item().signatures) == 2
