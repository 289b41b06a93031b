"""Audiences of a checklist beside those of the organisation file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from checklists.audiences import audience_of, closed_ways
from checklists.checklist import Checklist
from checklists.errors import LaunchError
from checklists.items import Announcement
from checklists.organisation import Organisation

OURS = Organisation.model_validate(
    {
        "organisation": "X",
        "audiences": {"customers": {"title": "All of them", "external": True}},
        "channels": {"news": {"kind": "feed"}},
    }
)
WRITTEN: dict[str, Any] = {
    "testers": {
        "title": "Beta testers",
        "external": True,
        "topics": ["launched-product"],
        "rule": {
            "all": [{"attributes": {"plan": ["team", "pro"], "seats": {"at-least": 50}, "trial": {"present": False}}}],
            "any": [{"list": "beta"}, {"domain": "Example.com", "locale": "pt_br"}],
            "not": {"topic": "roadmap-sso"},
        },
    },
    "everybody-testing": {"external": True, "public": True, "rule": {"attributes": {"seats": {"at-least": 0}}}},
}


def checklist(**audiences: Any) -> Checklist:
    return Checklist.model_validate({"checklist": "c", "audiences": audiences, "items": {"a": {"todo": "x"}}})


OWN = checklist(**WRITTEN)


def test_an_announcement_names_one_of_either_file() -> None:
    assert audience_of("customers", OURS, OWN).title == "All of them"
    assert audience_of("testers", OURS, OWN).title == "Beta testers"


def test_one_that_is_in_neither_is_named_with_all_there_are() -> None:
    with pytest.raises(LaunchError, match='no audience is called "x"; known: customers, testers, everybody-testing'):
        audience_of("x", OURS, OWN)
    with pytest.raises(LaunchError, match='no audience is called "testers"; did you mean "customers"'):
        audience_of("testers", OURS)


def test_one_that_is_in_both_is_nobody_and_both_places_are_named() -> None:
    with pytest.raises(LaunchError, match=r'audiences\.customers of the checklist "c": the organisation file has an'):
        audience_of("customers", OURS, checklist(customers={"rule": {"list": "beta"}}))


def test_a_running_launch_keeps_its_audiences_as_they_were_said() -> None:
    kept = json.loads(OWN.model_dump_json())
    assert Checklist.model_validate(kept) == OWN
    assert Checklist.model_validate(OWN.model_dump()) == OWN
    assert kept["audiences"]["everybody-testing"]["rule"] == {"attributes": {"seats": {"at-least": 0.0}}}


def test_nobodys_address_stays_in_the_record_of_a_launch() -> None:
    with pytest.raises(ValidationError, match="people's addresses must not stay with it"):
        checklist(friends={"addresses": ["ada@example.net"]})


@pytest.mark.parametrize(
    ("audience", "channels", "closed"),
    [
        ("testers", ("email",), []),
        ("testers", ("email", "news"), ['1 "news" shows what is for "testers" alone to audiences of the organisation']),
        ("everybody-testing", ("email", "news"), []),
        ("customers", ("news",), []),
        ("customers", ("mews",), ['0 no channel is called "mews"; did you mean "news"?']),
    ],
)
def test_what_is_not_public_needs_somebody_who_may_read_it(
    audience: str, channels: tuple[str, ...], closed: list[str]
) -> None:
    about = Announcement(audience=audience, channels=channels)
    found = [f"{index} {problem}" for index, problem in closed_ways(about, OURS, OWN)]
    assert [one.startswith(said) for one, said in zip(found, closed, strict=True)] == [True] * len(closed)
