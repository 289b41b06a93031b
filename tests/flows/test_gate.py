"""The form of a gate: what counts, what does not, and what people read afterwards."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from checklists.entries import Refused, Signed
from checklists.launch import Launch
from tasks.advance import advance
from tests.prefect_server import House, until

pytestmark = pytest.mark.slow
BEN = {"decision": "approve", "signed_by": "ben@example.com"}


def signatures(house: House, launch: Launch) -> list[str]:
    return [one.actor for one in house.world.ledger.read(launch.id) if isinstance(one.data, Signed)]


def refused_on_top(house: House, launch: Launch, item: str, old: str) -> str:
    """The description of the form that came after this one."""
    new = until(lambda: form if (form := house.form(launch.id, item)) != old else "")
    return str(until(lambda: house.input(new, "description")))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"comment": "looks good"},
        {"decision": "approve"},
        {"signed_by": "ben@example.com"},
        {"decision": "approved", "signed_by": "ben@example.com"},
        {"decision": "", "signed_by": "ben@example.com"},
        {"decision": None, "signed_by": "ben@example.com"},
    ],
)
def test_a_form_without_a_decision_or_a_name_is_refused_and_waits_on(
    house: House, waiting: Launch, answer: dict[str, object] | None
) -> None:
    form = house.form(waiting.id, "qa")
    assert house.resume(form, answer)["status"] == "REJECT"
    assert house.run(form)["state"]["name"] == "Suspended"
    assert signatures(house, waiting) == []


@pytest.fixture(scope="module")
def kept(woken_house: House) -> Launch:
    """One launch for all answers that change nothing."""
    with woken_house.reached():
        return woken_house.start("one-gate")


@pytest.fixture
def waiting(house: House, kept: Launch) -> Launch:
    house.started.clear()
    return kept


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        ("stranger@example.com", "nobody in this organisation has the mail address that was typed"),
        ("femi@example.com", "Femi Fashola does not hold the role qa"),
    ],
)
def test_a_refused_try_signs_nothing_and_stands_on_top_of_the_next_form(house: House, by: str, reason: str) -> None:
    launch = house.start("one-gate")
    form = house.answer(launch.id, "qa", by)
    assert house.run(form)["state"]["name"] == "Refused"
    assert reason in refused_on_top(house, launch, "qa", form)
    assert signatures(house, launch) == []
    assert house.launch(launch.id).items["go"].status == "waiting"


def test_signing_twice_over_two_doors_counts_once(house: House) -> None:
    launch = house.start("two-gates")
    assert house.tminus("sign", launch.id, "qa", "--as", "ben@example.com", "--approve").returncode == 0
    form = house.answer(launch.id, "qa", "Ben@Example.com")
    assert "has approved qa already" in refused_on_top(house, launch, "qa", form)
    assert signatures(house, launch) == ["ben@example.com"]
    assert house.launch(launch.id).items["qa"].status == "open"


def test_requested_changes_open_a_second_round_that_says_what_was_asked(house: House) -> None:
    launch = house.start("one-gate")
    form = house.answer(launch.id, "qa", "ben@example.com", "request changes", "the roll-back was not tried")
    assert "the roll-back was not tried" in refused_on_top(house, launch, "qa", form)
    again = house.run(house.form(launch.id, "qa"))
    assert again["name"] == f"acme {launch.release.version} · QA sign-off · round 2"
    assert again["state"]["name"] == "Suspended"
    assert house.launch(launch.id).items["qa"].round == 2
    house.answer(launch.id, "qa", "cleo@example.com")
    assert house.launch(launch.id).items["qa"].status == "passed"


def test_changes_requested_without_a_word_are_refused(house: House) -> None:
    launch = house.start("one-gate")
    form = house.answer(launch.id, "qa", "ben@example.com", "request changes")
    assert "say in the comment what has to change" in refused_on_top(house, launch, "qa", form)
    assert house.launch(launch.id).items["qa"].round == 1


SECRET = "what-only-the-server-knows"


@pytest.mark.parametrize(
    "trick",
    [
        {"signed_by": {"__prefect_kind": "workspace_variable", "variable_name": "treasure"}},
        {"signed_by": {"__prefect_kind": "jinja", "template": "{{ 'ben@example' ~ '.com' * 300 }}"}},
        {
            "comment": {"__prefect_kind": "workspace_variable", "variable_name": "treasure"},
            "signed_by": "x@example.org",
        },
        {"signed_by": {"__prefect_kind": "json", "value": '"eve@example.com"'}},
        {"__prefect_kind": "json", "value": json.dumps({"decision": "approve"})},
        {"signed_by": ["ben@example.com"]},
        {"signed_by": "x" * 100_000},
    ],
    ids=["variable", "jinja", "comment", "json", "whole", "list", "large"],
)
def test_a_trick_signs_nothing_and_is_not_echoed(house: House, treasure: str, trick: dict[str, Any]) -> None:
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    if house.resume(form, {"decision": "approve", **trick})["status"] == "ACCEPT":
        until(lambda: house.run(form)["state"]["type"] == "COMPLETED")
    assert signatures(house, launch) == []
    assert house.launch(launch.id).items["qa"].status == "open"
    shown = until(lambda: house.input(house.form(launch.id, "qa"), "description"))
    said = [one.data.reason for one in house.world.ledger.read(launch.id) if isinstance(one.data, Refused)]
    for text in (shown, house.run(form)["state"]["message"] or "", *said):
        assert treasure not in text
        assert "x" * 500 not in text


@pytest.fixture
def treasure(house: House) -> str:
    if not any(one["name"] == "treasure" for one in house.call("POST", "/variables/filter", {})):
        house.call("POST", "/variables/", {"name": "treasure", "value": SECRET})
    return SECRET


def test_an_answer_forged_beside_the_form_is_read_as_sceptically(house: House) -> None:
    """Whoever reaches the API can write an input of their own and force the run on."""
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    forged = json.dumps({"decision": "approve", "signed_by": "femi@example.com"})
    house.call("POST", f"/flow_runs/{form}/input", {"key": "suspend-ask-1-response", "value": forged})
    house.set_state(form, "SCHEDULED")
    until(lambda: house.run(form)["state"]["type"] == "COMPLETED")
    assert signatures(house, launch) == []


def test_a_run_forced_on_without_an_answer_signs_nothing(house: House) -> None:
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    house.set_state(form, "SCHEDULED")
    assert "the form came back empty" in refused_on_top(house, launch, "qa", form)
    assert signatures(house, launch) == []


def test_twenty_resumes_of_one_form_at_once_are_one_signature(house: House) -> None:
    launch = house.start("one-gate")
    form = house.form(launch.id, "qa")
    with ThreadPoolExecutor(20) as people:
        given = list(people.map(lambda _: house.resume(form, BEN)["status"], range(20)))
    assert given.count("ACCEPT") == 1
    until(lambda: house.launch(launch.id).items["go"].run)
    until(lambda: house.run(form)["state"]["type"] == "COMPLETED")
    assert signatures(house, launch) == ["ben@example.com"]


def test_two_people_who_answer_at_the_same_moment_both_count(house: House) -> None:
    """One in the form, one by the command's own path."""
    from checklists.commands import Sign
    from tasks.act import act

    launch = house.start("two-gates")
    form = house.form(launch.id, "qa")
    assert house.resume(form, BEN)["status"] == "ACCEPT"
    act(house.world, launch.id, Sign(by=house.world.person("cleo@example.com"), item="qa", decision="approve"))
    advance(house.world, launch.id)
    until(lambda: house.launch(launch.id).items["qa"].status == "passed")
    assert sorted(signatures(house, launch)) == ["ben@example.com", "cleo@example.com"]
