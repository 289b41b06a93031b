"""Holding, resuming, rescheduling and abandoning over the API."""

from __future__ import annotations

import pytest

from tests.web.api.room import ADA, APPROVE, EVE, LAUNCH, QA, Api


def test_on_hold_signatures_are_taken_and_nothing_opens(api: Api) -> None:
    held = api.post(f"{LAUNCH}/hold", {"reason": "frozen"}).json()
    assert (held["status"], held["reason"]) == ("on-hold", "frozen")
    assert api.post(f"{QA}/sign", APPROVE, ADA).status_code == 200
    assert api.client.post(f"{LAUNCH}/resume", headers=api.key(EVE)).json()["status"] == "in-progress"


def test_dates_move_with_the_launch_day(api: Api) -> None:
    before = api.get(LAUNCH).json()["items"]["training"]["due"]
    moved = api.post(f"{LAUNCH}/reschedule", {"launch_on": "2027-01-12"}).json()
    assert (moved["launch_on"], moved["items"]["training"]["due"] > before) == ("2027-01-12", True)


def test_an_abandoned_launch_is_over(api: Api) -> None:
    assert api.post(f"{LAUNCH}/abandon", {"reason": "superseded"}).json()["status"] == "abandoned"
    assert api.post(f"{QA}/sign", APPROVE, ADA).status_code == 409


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("hold", {"reason": "frozen"}),
        ("resume", {}),
        ("reschedule", {"launch_on": "2027-01-12"}),
        ("retag", {"commit": "a" * 40}),
        ("abandon", {"reason": "superseded"}),
    ],
)
def test_only_those_who_run_launches_steer(api: Api, what: str, said: dict[str, str]) -> None:
    answer = api.post(f"{LAUNCH}/{what}", said, ADA)
    assert (answer.status_code, answer.json()["type"]) == (403, "/api/problems/refused")
    assert (api.launch.held, api.launch.abandoned) == (None, None)


def test_a_launch_becomes_another_commit(api: Api) -> None:
    moved = api.post(f"{LAUNCH}/retag", {"commit": "a" * 40}).json()
    assert (moved["commit"], "git" in moved["retagged"]["why"]) == ("a" * 40, True)
    assert api.client.post(f"{LAUNCH}/retag", headers=api.key(EVE)).status_code == 409
