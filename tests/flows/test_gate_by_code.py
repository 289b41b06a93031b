"""The form of a gate where people are verified, on a real Prefect server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from checklists.entries import Asked, Signed
from checklists.launch import Launch
from tasks.advance import record
from tasks.boards.prefect_board import PrefectBoard
from tasks.people.codes import code_of
from tasks.people.links import make_links
from tests.prefect_server import House, until

pytestmark = pytest.mark.slow
BEN = "ben@example.com"
SECRET = "what-only-the-server-knows"


@pytest.fixture(scope="module")
def strict_house(woken_house: House) -> Iterator[House]:
    """The house with a world and a worker to which a name is not enough."""
    trusting = woken_house.world
    settings = trusting.settings.model_copy(update={"identity": "verified"})
    worker = woken_house.a_worker("strict", TMINUS_IDENTITY="verified")
    woken_house.worker.stop()
    worker.start()
    vars(woken_house)["world"] = replace(trusting, settings=settings, board=PrefectBoard("verified"))
    yield woken_house
    vars(woken_house)["world"] = trusting
    worker.stop()
    woken_house.worker.start()


@pytest.fixture
def house(strict_house: House) -> Iterator[House]:
    with strict_house.reached():
        yield strict_house
        strict_house.leave()


def mailed(house: House, checklist: str = "one-gate") -> tuple[Launch, str]:
    """A launch, and Ben's code for its first gate."""
    launch = house.start(checklist)
    launch = record(house.world, launch, (Asked(item="qa", round=1, mailing=1, people=(BEN,)),))
    (link,) = make_links(house.world, launch, "qa", (BEN,))
    return launch, code_of(house.world, link)


def typed(house: House, launch: Launch, code: object) -> str:
    """Fill in the gate's form, and wait until its run has taken the answer."""
    form = house.form(launch.id, "qa")
    given = house.resume(form, {"decision": "approve", "code": code})
    assert given["status"] == "ACCEPT", given
    until(lambda: house.run(form)["state"]["type"] == "COMPLETED")
    return form


def kept(house: House, form: str) -> str:
    """Everything Prefect keeps beside a form."""
    return str(house.call("POST", f"/flow_runs/{form}/input/filter", {"prefix": ""})) + str(house.run(form))


def signatures(house: House, launch: Launch) -> list[str]:
    return [one.actor for one in house.world.ledger.read(launch.id) if isinstance(one.data, Signed)]


def test_the_form_asks_for_the_code_and_for_no_name(house: House) -> None:
    launch, _ = mailed(house)
    schema = house.input(house.form(launch.id, "qa"), "schema")
    assert "code" in schema["required"]
    assert "signed_by" not in str(schema)
    for answer in ({"decision": "approve"}, {"decision": "approve", "signed_by": BEN}, {}):
        assert house.resume(house.form(launch.id, "qa"), answer)["status"] == "REJECT"
    assert signatures(house, launch) == []


def test_the_code_says_who_signs_and_prefect_forgets_it(house: House) -> None:
    launch, code = mailed(house)
    form = typed(house, launch, code.lower())
    assert signatures(house, launch) == [BEN]
    assert house.run(form)["state"]["name"] == "Approved"
    assert code.lower() not in kept(house, form).lower()


def test_a_wrong_code_signs_nothing_and_the_next_form_says_so(house: House) -> None:
    launch, _ = mailed(house)
    form = typed(house, launch, "AAAAAAAA")
    new = until(lambda: now if (now := house.form(launch.id, "qa")) != form else "")
    assert "4 more wrong ones lock this form" in until(lambda: house.input(new, "description"))
    assert "AAAAAAAA" not in kept(house, form) + kept(house, new)
    assert signatures(house, launch) == []


@pytest.mark.parametrize(
    "trick",
    [
        {"__prefect_kind": "workspace_variable", "variable_name": "secret-of-the-house"},
        {"__prefect_kind": "jinja", "template": "{{ 'A' * 8 }}"},
        {"__prefect_kind": "json", "value": '"AAAAAAAA"'},
        ["AAAAAAAA"],
        "A" * 100_000,
    ],
    ids=["variable", "jinja", "json", "list", "large"],
)
def test_a_trick_in_the_code_signs_nothing_and_is_not_echoed(house: House, trick: Any) -> None:
    try:
        house.call("POST", "/variables/", {"name": "secret-of-the-house", "value": SECRET})
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == httpx.codes.CONFLICT
    launch, _ = mailed(house)
    form = house.form(launch.id, "qa")
    if house.resume(form, {"decision": "approve", "code": trick})["status"] == "ACCEPT":
        until(lambda: house.run(form)["state"]["type"] == "COMPLETED")
    assert signatures(house, launch) == []
    shown = until(lambda: house.input(house.form(launch.id, "qa"), "description"))
    for text in (shown, house.run(form)["state"]["message"] or "", repr(house.world.ledger.read(launch.id))):
        assert SECRET not in text
