"""What happened to an item: who, for whom, through which door, with what in front of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.templates.test_story import QA, SHA, say

SIGNED = {**QA, "decision": "approve", "name": "Ben", "roles": ["qa"], "proof": "link", "via": "link"}
BEN = "Ben <ben@example.com> (qa)"
ADA = {"email": "ada@example.com", "name": "Ada", "roles": ["qa"]}


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        ({}, f"{BEN} approved qa by link"),
        (
            {"via": "form", "proof": "code"},
            f"{BEN} approved qa in the Prefect form, known by their code",
        ),
        (
            {"via": "form", "proof": "asserted"},
            f"{BEN} approved qa in the Prefect form, unverified",
        ),
        ({"address": "203.0.113.9"}, f"{BEN} approved qa by link, from 203.0.113.9"),
        ({"round": 2}, f"{BEN} approved qa in round 2 by link"),
        ({"roles": []}, "Ben <ben@example.com> approved qa by link"),
        ({"instead_of": ADA}, "Ben <ben@example.com> for Ada <ada@example.com> (qa) approved qa by link"),
        (
            {"instead_of": {**ADA, "through": ["cleo@example.com"]}},
            "Ben <ben@example.com> for Ada <ada@example.com>, through cleo@example.com (qa) approved qa by link",
        ),
        (
            {"self_signed": True, "comment": "fine"},
            f"{BEN} approved qa by link: fine; it is their own work, which this gate allows",
        ),
        (
            {"evidence": {"report": {"url": "https://ci.example.com/1", "sha256": SHA}}},
            f"{BEN} approved qa by link; evidence report https://ci.example.com/1 (sha256 ab12ab12ab12…)",
        ),
        (
            {"evidence": {"report": {"url": "https://ci.example.com/1", "problem": "too large"}}},
            f"{BEN} approved qa by link; evidence report https://ci.example.com/1 (no digest: too large)",
        ),
    ],
)
def test_a_signature_says_who_for_whom_and_how_they_were_known(said: dict[str, Any], reads: str) -> None:
    assert say("signed", "ben@example.com", **{**SIGNED, **said}) == reads


@pytest.mark.parametrize(
    ("because", "reads"),
    [
        ("asked", "qa is open again, round 2, because changes were asked for: the report is missing"),
        ("code", "qa is open again, round 2, because the code it is bound to has changed: the report is missing"),
        ("content", "qa is open again, round 2, because what was signed reads differently now: the report is missing"),
        ("evidence", "qa is open again, round 2, because its evidence was replaced: the report is missing"),
        ("expired", "qa is open again, round 2, because its waiver has expired: the report is missing"),
        ("rerun", "qa is open again, round 2, because it starts over: the report is missing"),
    ],
)
def test_a_new_round_says_why(because: str, reads: str) -> None:
    assert say("reopened", item="qa", round=2, because=because, question="the report is missing") == reads


@pytest.mark.parametrize(
    ("kind", "said", "reads"),
    [
        ("opened", {"round": 2}, "qa is open in round 2"),
        ("shut", {"waits_for": ["docs", "links"]}, "qa has to wait again, for docs, links; the signatures it has stay"),
        ("asked", {"mailing": 2, "people": ["a@b.c"]}, "qa: a@b.c asked by mail (mailing 2; earlier codes are void)"),
        ("reminded", {"step": "before", "people": ["a@b.c"]}, "qa: a@b.c reminded, before it is due"),
        ("reminded", {"step": "1d:team-lead", "people": ["a@b.c"]}, "qa: a@b.c reminded, late by 1d:team-lead"),
        (
            "evidence-added",
            {"evidence": {"report": {"url": "https://ci.example.com/1", "sha256": SHA}}, "proof": "command"},
            "eve@example.com put evidence beside qa by command, at tminus's own machine; "
            "evidence report https://ci.example.com/1 (sha256 ab12ab12ab12…)",
        ),
        (
            "refused",
            {"reason": "no such code", "via": "form", "wrong_code": True, "address": "203.0.113.9"},
            "eve@example.com tried qa with a wrong code in the Prefect form, unverified, from 203.0.113.9 "
            "and was refused: no such code",
        ),
        ("rejected", {"summary": "rejected by Ben: no"}, "qa is rejected in round 1: rejected by Ben: no"),
        (
            "waived",
            {"reason": "known good", "until": "2026-12-01", "proof": "token", "via": "api"},
            "eve@example.com waived qa until 2026-12-01 over the API: known good",
        ),
        (
            "passed",
            {"summary": "done", "via": "form"},
            "qa passed in round 1, by eve@example.com in the Prefect form: done",
        ),
        (
            "content",
            {"sha256": SHA, "text": "all the words"},
            "what qa says now is written down, 3 words (sha256 ab12ab12ab12…)",
        ),
    ],
)
def test_what_happened_to_an_item(kind: str, said: dict[str, Any], reads: str) -> None:
    assert say(kind, **{**QA, **said}) == reads


@pytest.mark.parametrize(
    ("standing", "reads"),
    [
        ("open", "notes: under review in https://example.com/pull/1"),
        ("merged", "notes: reviewed in https://example.com/pull/1"),
        ("closed", "notes: somebody closed https://example.com/pull/1; the words are edited here"),
    ],
)
def test_a_pull_request_of_notes_says_how_it_stands(standing: str, reads: str) -> None:
    told = say("under-review", item="notes", round=1, url="https://example.com/pull/1", standing=standing)
    assert told == reads
